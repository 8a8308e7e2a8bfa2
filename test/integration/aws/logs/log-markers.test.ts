import { describe, expect, test } from 'vitest';
import type { LogGroupOptions } from '../../../../src/aws/logs/filtered-events.ts';
import { createLogMarkers } from '../../../../src/aws/logs/log-markers.ts';
import { toAuditEvent } from '../../../../src/core/marker/event.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import type { StoredMarker } from '../../../../src/core/marker/stored.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';
import { sampleMarker } from '../../../unit/core/marker/sample-marker.ts';

const FROM = Date.parse('2025-12-14T08:00:00Z');
const UNTIL = Date.parse('2025-12-14T09:00:00Z');
const INSIDE = Date.parse('2025-12-14T08:12:34Z');

const aws = useAwsServer();

const messageOf = (marker: Marker): string =>
  JSON.stringify(toAuditEvent(marker, { userAgent: 'deploy-marker/0 test' }));

/** With the time at which the log group took it in. */
const stored = (marker: Marker): StoredMarker => ({ ...marker, storedAt: INSIDE });

/** Fills the log group, with a stream for each list. */
function fill(
  ...streams: readonly (readonly { readonly message: string; readonly timestamp?: number }[])[]
): void {
  aws.server.state.logGroups.set('/deploys', {
    streams: new Map(
      streams.map((events, stream) => [
        `stream-${stream}`,
        events.map(({ message, timestamp = INSIDE }, rank) => ({
          eventId: `${stream}-${rank}`,
          timestamp,
          ingestionTime: timestamp,
          message,
        })),
      ]),
    ),
  });
}

async function read(
  options: Partial<LogGroupOptions> = {},
  signal = new AbortController().signal,
): Promise<{ markers: Marker[]; errors: DeployMarkerError[] }> {
  const source = createLogMarkers({
    logGroup: '/deploys',
    region: 'eu-west-1',
    env: aws.server.env(),
    maxAttempts: 1,
    sleep: async () => {},
    ...options,
  });
  const markers: Marker[] = [];
  const errors: DeployMarkerError[] = [];
  try {
    errors.push(
      ...(await source.read({ from: FROM, until: UNTIL }, marker => markers.push(marker), { signal })),
    );
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    errors.push(error);
  }
  return { markers, errors };
}

describe('markers in CloudWatch Logs', () => {
  test('are those that were sent, of every stream, within the time', async () => {
    const second = sampleMarker({ uid: 'u2', labels: { stack: 'shop' } });
    const late = { message: messageOf(sampleMarker({ uid: 'late' })), timestamp: UNTIL + 1 };
    const early = { message: messageOf(sampleMarker({ uid: 'early' })), timestamp: FROM - 1 };
    fill([{ message: messageOf(sampleMarker()) }, early], [{ message: messageOf(second) }, late]);
    const { markers, errors } = await read();
    expect(errors).toEqual([]);
    expect(markers.toSorted((a, b) => (a.uid < b.uid ? -1 : 1))).toEqual([
      stored(sampleMarker()),
      stored(second),
    ]);
    expect(aws.server.requests[0]?.parsedBody).toMatchObject({
      logGroupName: '/deploys',
      filterPattern: '{ $.eventName = "DeployMarker" }',
      startTime: FROM,
      endTime: UNTIL,
    });
    expect(aws.server.requests[0]?.headers['user-agent']).toContain('deploy-marker/');
  });

  test('are paged to the end, at five requests a second at most', async () => {
    const many = Array.from({ length: 25_000 }, (_, rank) => ({
      message: rank % 50 === 0 ? messageOf(sampleMarker({ uid: `u${rank}` })) : '{"eventName":"Other"}',
    }));
    fill(many);
    const { markers, errors } = await read();
    expect(errors).toEqual([]);
    expect(new Set(markers.map(({ uid }) => uid)).size).toBe(500);
    const times = aws.server.requests.map(({ time }) => time);
    expect(times.length).toBeGreaterThan(1);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual((times.length - 1) * 200 - 50);
  });

  test('that are none are named in one gap, and the rest is read', async () => {
    const broken = messageOf(sampleMarker()).replace('"git_sha":"a1b2c3d"', '"git_sha":"main"');
    fill([
      { message: broken },
      { message: messageOf(sampleMarker()) },
      { message: '{"eventName":"DeployMarker"}' },
    ]);
    const { markers, errors } = await read();
    expect(markers).toEqual([stored(sampleMarker())]);
    expect(errors.map(({ code }) => code)).toEqual(['MARKER_INVALID']);
    expect(errors[0]?.message).toMatch(
      /^logs:\/deploys, event 0-0 holds no marker: .*git_sha.* … and 1 more event$/,
    );
    expect(errors[0]?.problems).toHaveLength(2);
  });

  test('in a group that is not there', async () => {
    const { errors } = await read({ logGroup: '/none' });
    expect(errors).toMatchObject([{ code: 'LOG_GROUP_NOT_FOUND', exitCode: 5 }]);
  });

  test.each([
    ['denied', 'ACCESS_DENIED'],
    ['reset', 'NETWORK'],
    ['error500', 'AWS_UNAVAILABLE'],
    ['throttle', 'AWS_THROTTLED'],
    ['expired', 'CREDENTIALS_EXPIRED'],
  ] as const)('%s is %s', async (kind, code) => {
    fill([{ message: messageOf(sampleMarker()) }]);
    aws.server.faults.add('FilterLogEvents', { kind }, 9);
    const { markers, errors } = await read();
    expect([markers, errors.map(error => error.code)]).toEqual([[], [code]]);
    expect(errors[0]?.message).toContain('FilterLogEvents');
  });

  test('a call that hangs ends with the signal', async () => {
    fill([]);
    aws.server.faults.add('FilterLogEvents', { kind: 'hang' });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DeployMarkerError('CANCELLED', 'stop')), 200);
    expect((await read({}, controller.signal)).errors.map(({ code }) => code)).toEqual(['CANCELLED']);
  });
});
