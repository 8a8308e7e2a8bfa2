import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../fakes/faults.ts';
import { listenOnLoopback } from '../../fakes/loopback-port.ts';
import { errorOf, runCli } from '../run-cli.ts';
import { emitTo, MARKER_FLAGS, storedMarkers, withAwsServer } from './scene.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';
const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
/** Nothing of the machine's own AWS configuration. */
const NO_AWS = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' };

describe.concurrent('a call that fails for a while', () => {
  const passing: [string, Fault][] = [
    ['throttled', { kind: 'throttle' }],
    ['answered with 500', { kind: 'error500' }],
    ['answered with 503 and Retry-After', { kind: 'error503', retryAfterSeconds: 0 }],
    ['cut', { kind: 'reset' }],
  ];
  test.each(passing)('%s is made again and succeeds', (_, fault) =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', fault, 2);
      expect(await emitTo(server)).toMatchObject({ code: 0, stderr: '' });
      expect(server.requests).toHaveLength(3);
      expect(storedMarkers(server)).toHaveLength(1);
    }),
  );

  test('cut after it was done is made again, and both copies have one UID', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'resetAfterStore' });
      const result = await emitTo(server);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const uids = storedMarkers(server).map(({ uid }) => uid);
      expect(uids).toHaveLength(2);
      expect(new Set(uids).size).toBe(1);
      expect(result.stdout).toContain(`uid=${uids[0]} event=${server.state.stored[1]?.eventID}`);
    }));

  test('slow is waited for', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 5, pauseMs: 60 });
      expect(await emitTo(server)).toMatchObject({ code: 0, stderr: '' });
      expect(server.requests).toHaveLength(1);
    }));
});

describe.concurrent('a call that keeps failing', () => {
  const lasting: [string, Fault, number, string][] = [
    ['throttle', { kind: 'throttle' }, 4, 'AWS_THROTTLED'],
    ['500', { kind: 'error500' }, 4, 'AWS_UNAVAILABLE'],
    ['503', { kind: 'error503' }, 4, 'AWS_UNAVAILABLE'],
    ['cut', { kind: 'reset' }, 4, 'NETWORK'],
    ['garbage', { kind: 'garbage' }, 4, 'UNEXPECTED_RESPONSE'],
    ['denied', { kind: 'denied' }, 3, 'ACCESS_DENIED'],
    ['expired', { kind: 'expired' }, 3, 'CREDENTIALS_EXPIRED'],
    ['ChannelNotFound', { kind: 'error', status: 400, code: 'ChannelNotFound' }, 5, 'CHANNEL_NOT_FOUND'],
    [
      'ChannelInsufficientPermission',
      { kind: 'error', status: 400, code: 'ChannelInsufficientPermission' },
      5,
      'CHANNEL_CLOSED',
    ],
    [
      'UnsupportedOperationException',
      { kind: 'error', status: 400, code: 'UnsupportedOperationException' },
      5,
      'CHANNEL_CLOSED',
    ],
    [
      'ChannelUnsupportedSchema',
      { kind: 'error', status: 400, code: 'ChannelUnsupportedSchema' },
      5,
      'CHANNEL_CLOSED',
    ],
    ['InvalidChannelARN', { kind: 'error', status: 400, code: 'InvalidChannelARN' }, 7, 'ARN_INVALID'],
    ['another refusal', { kind: 'error', status: 400, code: 'SomethingNew' }, 4, 'AWS_REJECTED'],
  ];
  test.each(lasting)('with %s stores nothing', (_, fault, exit, code) =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', fault, Number.POSITIVE_INFINITY);
      const result = await emitTo(server);
      expect(result).toMatchObject({ code: exit, stdout: '' });
      expect(errorOf(result)).toMatchObject({ code });
      expect(storedMarkers(server)).toEqual([]);
    }),
  );

  test('with denied is not made again', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
      await emitTo(server);
      expect(server.requests).toHaveLength(1);
    }));

  test('with no answer ends at the deadline with 8', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
      const began = performance.now();
      const result = await emitTo(server, ['--timeout', '700ms', '--json']);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(result.code).toBe(8);
      expect(JSON.parse(result.stderr).error).toMatchObject({
        code: 'TIMEOUT',
        retryable: true,
        message: expect.stringContaining('0.7 s'),
      });
      const [{ delivered, failed }] = JSON.parse(result.stdout).results;
      expect({ delivered, failed }).toMatchObject({ delivered: [], failed: [{ errorCode: 'TIMEOUT' }] });
    }));

  test('and is retried only as long as the deadline lasts', () =>
    withAwsServer(async server => {
      const fault = { kind: 'partial', code: 'Throttling' } as const;
      server.faults.add('PutAuditEvents', fault, Number.POSITIVE_INFINITY);
      const result = await emitTo(server, ['--timeout', '400ms']);
      expect(result.code).toBe(8);
      expect(errorOf(result).code).toBe('TIMEOUT');
    }));

  test('a channel that is not there or another account’s ends with 5', () =>
    withAwsServer(async server => {
      const other = server.state.defaultChannelArn.replace(/.$/, '0');
      const missing = await emitTo(server, ['--channel-arn', other]);
      expect(missing.code).toBe(5);
      expect(errorOf(missing).code).toBe('CHANNEL_NOT_FOUND');
      const foreign = other.replace('111122223333', '999988887777');
      server.state.channels.set(foreign, { arn: foreign });
      const closed = await emitTo(server, ['--channel-arn', foreign]);
      expect(closed.code).toBe(5);
      expect(errorOf(closed)).toMatchObject({ code: 'CHANNEL_CLOSED' });
    }));
});

describe.concurrent('without a way to the service', () => {
  const flags = ['emit', ...MARKER_FLAGS, '--channel-arn', CHANNEL];

  test('a refused connection ends with 4', async () => {
    const server = createServer();
    const port = await listenOnLoopback(server);
    server.close();
    await once(server, 'close');
    const env = { ...NO_AWS, ...KEYS, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
    const result = await runCli(flags, { env });
    expect(result.code).toBe(4);
    expect(errorOf(result)).toMatchObject({
      code: 'NETWORK',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a name that does not exist ends with 4', async () => {
    // RFC 6761: .invalid never resolves.
    const env = { ...NO_AWS, ...KEYS, AWS_ENDPOINT_URL: 'https://cloudtrail-data.invalid' };
    const result = await runCli(flags, { env });
    expect(result.code).toBe(4);
    expect(errorOf(result)).toMatchObject({
      code: 'NETWORK',
      message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
  });

  test('no credentials end with 3', () =>
    withAwsServer(async server => {
      const env = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
      const result = await emitTo(server, [], { env });
      expect(result).toMatchObject({ code: 3, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'CREDENTIALS_MISSING',
        hint: expect.stringContaining('aws configure'),
      });
      expect(server.requests).toEqual([]);
    }));

  test('an http endpoint off the loopback is warned about', async () => {
    const env = { ...NO_AWS, ...KEYS, AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: 'http://lake.invalid:8080' };
    const result = await runCli(flags, { env });
    expect(result.code).toBe(4);
    expect(result.stderr).toMatch(/^warning: .*http:\/\/lake\.invalid:8080.*not encrypted/);
  });
});
