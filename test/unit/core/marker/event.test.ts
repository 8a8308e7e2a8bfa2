import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type AuditEvent,
  checksumOf,
  EVENT_SIZES,
  sizeProblems,
  toAuditEvent,
  toAuditEventEntry,
} from '../../../../src/core/marker/event.ts';
import { auditEventProblems } from '../../../../src/core/marker/event-schema.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import { sampleMarker } from './sample-marker.ts';

const OPTIONS = { recipientAccountId: '210987654321', userAgent: 'deploy-marker/1.2.3 circleci' };

function eventOf(fields: Partial<Marker> = {}): AuditEvent {
  return toAuditEvent(sampleMarker(fields), OPTIONS);
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

describe('toAuditEvent', () => {
  test('maps every field as documented', () => {
    const { labels: _, ...fields } = sampleMarker();
    expect(eventOf()).toEqual({
      version: '1.0',
      UID: '5a25eab5-7d4c-5b9b-ad4f-93157986caec',
      userIdentity: {
        type: 'CustomUserIdentity',
        principalId: 'circleci',
        details: {
          triggered_by: 'jane',
          repository: 'acme/app',
          ref: 'main',
          run_id: 'r1',
          workflow: 'deploy-prod',
          job: 'sam-deploy',
          url: 'https://ci.example/1',
        },
      },
      userAgent: 'deploy-marker/1.2.3 circleci',
      eventSource: 'deploymarker.internal',
      eventName: 'DeployMarker',
      eventTime: '2025-12-14T08:12:34Z',
      requestParameters: { ...fields, 'label.team': 'billing', 'label.cost.centre': '7' },
      recipientAccountId: '210987654321',
    });
  });

  test('every value of requestParameters and details is a string', () => {
    const { requestParameters, userIdentity } = eventOf();
    for (const value of [...Object.values(requestParameters), ...Object.values(userIdentity.details)]) {
      expect(value).toBeTypeOf('string');
    }
  });

  test('the time is recorded_at while nothing is deployed yet', () => {
    const { deployed_at: _, ...pending } = sampleMarker({ status: 'pending' });
    expect(toAuditEvent(pending, OPTIONS).eventTime).toBe('2025-12-14T08:12:35Z');
  });

  test('eventSource is the one that is asked for', () => {
    expect(toAuditEvent(sampleMarker(), { ...OPTIONS, eventSource: 'acme.example' }).eventSource).toBe(
      'acme.example',
    );
  });

  test('leaves out what the marker does not have', () => {
    const { uid, deploy_id, env, component, git_sha, status, recorded_at, actor } = sampleMarker({
      status: 'pending',
    });
    const event = toAuditEvent(
      { uid, deploy_id, env, component, git_sha, status, recorded_at, actor },
      OPTIONS,
    );
    expect(event.userIdentity.details).toEqual({});
    expect(Object.keys(event.requestParameters)).toEqual([
      'uid',
      'deploy_id',
      'env',
      'component',
      'git_sha',
      'status',
      'recorded_at',
      'actor',
    ]);
  });

  test('gives the same bytes for the same marker, and satisfies the documented schema', () => {
    expect(JSON.stringify(eventOf())).toBe(JSON.stringify(eventOf()));
    expect(auditEventProblems(JSON.parse(JSON.stringify(eventOf())))).toEqual([]);
  });

  test('a label may have any name, also one of an object’s own', () => {
    const labels = JSON.parse('{"__proto__":"a","constructor":"b"}');
    const { requestParameters } = eventOf({ labels });
    expect(requestParameters).toMatchObject({ 'label.__proto__': 'a', 'label.constructor': 'b' });
  });
});

describe('toAuditEventEntry', () => {
  test('has the UID as id and the checksum of exactly the text that is sent', () => {
    const event = eventOf({ reason: 'é🚀"\\\u2028' });
    const { id, eventData, eventDataChecksum } = toAuditEventEntry(event);
    expect(id).toBe(event.UID);
    expect(JSON.parse(eventData)).toEqual(event);
    expect(eventDataChecksum).toBe(
      createHash('sha256').update(new TextEncoder().encode(eventData)).digest().toString('base64'),
    );
  });

  test('the checksum is that of `printf %s … | openssl dgst -binary -sha256 | base64`', () => {
    expect(checksumOf('{"a":"é🚀"}')).toBe('Zx64QmS/mruKw69CtB4T+l3X1TPAb+8Eod5EXt/OSsM=');
  });

  test.each(['x', 'é', '領', '🚀'])(
    'takes requestParameters of 100,000 bytes of %s, and not one more',
    character => {
      const room = EVENT_SIZES.requestParameters - bytesOf(eventOf({ reason: '' }).requestParameters);
      const size = bytesOf(character) - 2;
      const reason = character.repeat(Math.floor(room / size)) + 'x'.repeat(room % size);
      expect(bytesOf(eventOf({ reason }).requestParameters)).toBe(100_000);
      expect(() => toAuditEventEntry(eventOf({ reason }))).not.toThrow();
      expect(() => toAuditEventEntry(eventOf({ reason: `${reason}x` }))).toThrow(
        expect.objectContaining({
          code: 'EVENT_TOO_LARGE',
          exitCode: 7,
          message: expect.stringContaining(
            'marker 5a25eab5-7d4c-5b9b-ad4f-93157986caec of lambda:resize-image is too large for CloudTrail Lake: /requestParameters has 100001 bytes; at most 100000 are allowed',
          ),
        }),
      );
    },
  );

  test.each(['x', 'é', '🚀'])('takes an event of 256,000 bytes of %s, and not one more', character => {
    const padded = (padding: string): AuditEvent => ({ ...eventOf(), userAgent: padding });
    const room = EVENT_SIZES.event - bytesOf(padded(''));
    const size = bytesOf(character) - 2;
    const padding = character.repeat(Math.floor(room / size)) + 'x'.repeat(room % size);
    expect(new TextEncoder().encode(toAuditEventEntry(padded(padding)).eventData)).toHaveLength(256_000);
    expect(() => toAuditEventEntry(padded(`${padding}x`))).toThrow(
      /the event has 256001 bytes; at most 256000/,
    );
  });
});

describe('sizeProblems', () => {
  test.each<[string, number]>([
    ['requestParameters', 100_000],
    ['responseElements', 100_000],
    ['additionalEventData', 28_000],
  ])('%s may have %d bytes', (name, limit) => {
    const event = (length: number): object => ({ [name]: { k: 'x'.repeat(length - '{"k":""}'.length) } });
    expect(sizeProblems(event(limit), bytesOf(event(limit)))).toEqual([]);
    expect(sizeProblems(event(limit + 1), bytesOf(event(limit + 1)))).toEqual([
      { path: `/${name}`, message: `has ${limit + 1} bytes; at most ${limit} are allowed` },
    ]);
  });

  test('names the whole and its part', () => {
    const event = { requestParameters: { k: 'x'.repeat(300_000) } };
    expect(sizeProblems(event, bytesOf(event)).map(problem => problem.path)).toEqual([
      '',
      '/requestParameters',
    ]);
  });
});
