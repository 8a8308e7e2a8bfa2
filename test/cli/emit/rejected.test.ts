import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { errorOf } from '../run-cli.ts';
import { emitTo, storedMarkers, withAwsServer } from './scene.ts';

const THREE = ['--component', 'lambda:b', '--component', 'lambda:c'];

/** Components of each request. */
function sentComponents(server: AwsServer): string[][] {
  return server.requests.map(({ bodyText }) =>
    JSON.parse(bodyText).auditEvents.map(
      ({ eventData }: { eventData: string }) => JSON.parse(eventData).requestParameters.component,
    ),
  );
}

// https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_ResultErrorEntry.html
const PERMANENT = [
  'FieldTooLong',
  'FieldNotFound',
  'InvalidChecksum',
  'InvalidData',
  'InvalidRecipient',
  'InvalidEventSource',
  'AccountNotSubscribed',
];

describe.concurrent('events that the service refuses under HTTP 200', () => {
  test.each(PERMANENT)('%s ends with 9, is sent once, and the others are stored', code =>
    withAwsServer(async server => {
      const message = `Injected because of ${code}`;
      server.faults.add('PutAuditEvents', { kind: 'partial', code, message, indices: [1] });
      const result = await emitTo(server, [...THREE, '--json']);
      expect(result.code).toBe(9);
      expect(server.requests).toHaveLength(1);
      expect(storedMarkers(server).map(({ component }) => component)).toEqual([
        'lambda:resize-image',
        'lambda:c',
      ]);
      const [{ delivered, failed, spooled }] = JSON.parse(result.stdout).results;
      expect(delivered).toHaveLength(2);
      expect(failed).toEqual([
        { uid: expect.any(String), component: 'lambda:b', errorCode: code, errorMessage: message },
      ]);
      expect(spooled).toEqual([]);
      expect(JSON.parse(result.stderr).error).toMatchObject({
        code: 'EVENTS_REJECTED',
        exitCode: 9,
        message: expect.stringContaining('1 of 3'),
        hint: expect.any(String),
      });
    }),
  );

  test('are told one by one without --json', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'partial', code: 'InvalidData' });
      const result = await emitTo(server, ['--component', 'lambda:b']);
      expect(result).toMatchObject({ code: 9, stdout: '' });
      expect(errorOf(result)).toMatchObject({ code: 'EVENTS_REJECTED' });
      expect(result.stderr).toMatch(
        /^warning: not stored in lake: lambda:resize-image uid=\S+ InvalidData: .*\nwarning: not stored in lake: lambda:b uid=\S+ InvalidData: .*\nerror: .*2 of 2/,
      );
    }));

  test.each(['Throttling', 'InternalFailure'])('for %s are sent again alone until they are stored', code =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'partial', code, indices: [0, 2] });
      server.faults.add('PutAuditEvents', { kind: 'partial', code, indices: [1] });
      const result = await emitTo(server, [...THREE, '--json']);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(sentComponents(server)).toEqual([
        ['lambda:resize-image', 'lambda:b', 'lambda:c'],
        ['lambda:resize-image', 'lambda:c'],
        ['lambda:c'],
      ]);
      expect(storedMarkers(server)).toHaveLength(3);
      const [{ delivered, failed }] = JSON.parse(result.stdout).results;
      expect(delivered).toHaveLength(3);
      expect(failed).toEqual([]);
    }),
  );

  test('for Throttling without end are given up, and end with 9', () =>
    withAwsServer(async server => {
      const fault = { kind: 'partial', code: 'Throttling', indices: [0] } as const;
      server.faults.add('PutAuditEvents', fault, Number.POSITIVE_INFINITY);
      const result = await emitTo(server, ['--component', 'lambda:b', '--timeout', '60s']);
      expect(result.code).toBe(9);
      expect(errorOf(result).message).toContain('Throttling');
      expect(sentComponents(server).length).toBeGreaterThan(2);
      expect(storedMarkers(server).map(({ component }) => component)).toEqual(['lambda:b']);
    }));

  test('as a closed channel does, say why Lake is closed to the account', () =>
    withAwsServer(async server => {
      const arn = server.state.defaultChannelArn;
      server.state.channels.set(arn, { arn, subscribed: false });
      const result = await emitTo(server);
      expect(result.code).toBe(9);
      expect(errorOf(result).hint).toContain('2026-05-31');
    }));
});
