import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { mintAccessKey } from '../../fakes/aws-state.ts';
import type { Pair } from '../../fakes/http-message.ts';
import {
  auditEntry,
  putAuditEvents,
  type SigningOptions,
  sendRaw,
  sendSigned,
  signRequest,
  stsRequest,
} from '../../fakes/signed-client.ts';
import { sha256Hex, toAmzDate } from '../../fakes/sigv4.ts';

let server: AwsServer;
beforeAll(async () => {
  server = await startAwsServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.state.violations.length = 0;
});

const body = { auditEvents: [auditEntry('a')] };

test('a correctly signed request is accepted and recorded with its key and scope', async () => {
  const answer = await sendSigned(server, putAuditEvents(server, body));
  expect(answer.status).toBe(200);
  const recorded = server.requests.at(-1);
  expect(recorded?.accessKeyId).toBe(server.state.defaultKey.id);
  expect(recorded?.scope).toMatchObject({ service: 'cloudtrail-data', region: 'eu-west-1' });
  expect(recorded).toMatchObject({
    operation: 'PutAuditEvents',
    service: 'cloudtrail-data',
    parsedBody: body,
  });
  expect(server.violations).toEqual([]);
});

test('a long-lived key needs no session token, and a token with it is refused', async () => {
  const own = await startAwsServer({ temporaryCredentials: false });
  const { id, secret } = own.state.defaultKey;
  const answer = await sendSigned(own, putAuditEvents(own, body));
  expect(answer.status).toBe(200);
  expect(own.env()).not.toHaveProperty('AWS_SESSION_TOKEN');
  const withToken = { id, secret, sessionToken: 'stale', arn: '' };
  const refused = await sendSigned(own, putAuditEvents(own, body), { key: withToken });
  expect(refused.headers['x-amzn-errortype']).toBe('UnrecognizedClientException');
  await own.close();
});

describe('a request is refused as AWS refuses it', () => {
  const amzDate = () => toAmzDate(server.state.now());
  const otherDay = () => toAmzDate(server.state.now() - 86_400_000).slice(0, 8);
  const cases: [string, () => Partial<SigningOptions>, string, RegExp][] = [
    [
      'wrong secret',
      () => ({ key: { ...server.state.defaultKey, secret: 'wrong' } }),
      'InvalidSignatureException',
      /signature we calculated does not match/,
    ],
    [
      'wrong service',
      () => ({ service: 'cloudtrail' }),
      'InvalidSignatureException',
      /correct service: 'cloudtrail-data'/,
    ],
    ['wrong region', () => ({ region: 'us-east-1' }), 'InvalidSignatureException', /valid region/],
    ['wrong terminator', () => ({ terminator: 'aws5_request' }), 'InvalidSignatureException', /terminator/],
    [
      'scope of another day',
      () => ({ scopeDate: otherDay() }),
      'InvalidSignatureException',
      /Date in Credential scope/,
    ],
    [
      'host not signed',
      () => ({ signedHeaders: ['content-type', 'x-amz-date', 'x-amz-security-token'] }),
      'InvalidSignatureException',
      /'host' must be a 'SignedHeader'/,
    ],
    [
      'x-amz-date not signed',
      () => ({ signedHeaders: ['host', 'x-amz-security-token'] }),
      'InvalidSignatureException',
      /'x-amz-date' must be/,
    ],
    [
      'session token not signed',
      () => ({ signedHeaders: ['host', 'x-amz-date'] }),
      'InvalidSignatureException',
      /'x-amz-security-token' must be/,
    ],
    [
      'signed headers out of order',
      () => ({ signedHeaders: ['x-amz-date', 'host', 'x-amz-security-token'] }),
      'InvalidSignatureException',
      /not sorted/,
    ],
    [
      'a signed header that is not sent',
      () => ({ signedHeaders: ['host', 'x-amz-date', 'x-amz-security-token', 'x-other'] }),
      'InvalidSignatureException',
      /not sent: x-other/,
    ],
  ];
  test.each(cases)('%s', async (_name, options, code, message) => {
    const answer = await sendSigned(server, putAuditEvents(server, body), options());
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(JSON.parse(answer.text)).toEqual({ message: expect.stringMatching(message) });
    expect(server.requests.at(-1)).toMatchObject({ errorCode: code, accessKeyId: undefined });
    expect(server.violations).toHaveLength(1);
  });

  const excused: [string, () => Partial<SigningOptions>, string][] = [
    [
      'unknown key',
      () => ({ key: mintAccessKey('arn:aws:iam::111122223333:user/x') }),
      'UnrecognizedClientException',
    ],
    ['session token missing', () => ({ sendToken: false }), 'UnrecognizedClientException'],
    [
      'session token of another session',
      () => ({ key: { ...server.state.defaultKey, sessionToken: 'other' } }),
      'UnrecognizedClientException',
    ],
    ['clock 6 minutes slow', () => ({ time: server.state.now() - 360_000 }), 'InvalidSignatureException'],
    ['clock 6 minutes fast', () => ({ time: server.state.now() + 360_000 }), 'InvalidSignatureException'],
  ];
  test.each(excused)('%s, which is no violation', async (_name, options, code) => {
    const answer = await sendSigned(server, putAuditEvents(server, body), options());
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(server.violations).toEqual([]);
  });

  const clocks: [string, number, number, RegExp][] = [
    ['cloudtrail-data', -4, 200, /successful/],
    ['cloudtrail-data', 4, 200, /successful/],
    ['sts', -14, 200, /GetCallerIdentityResult/],
    ['sts', -16, 403, /Signature expired: \w+Z is now earlier than \w+Z \(\w+Z - 15 min\.\)</],
    ['sts', 16, 403, /Signature not yet current: \w+Z is still later than \w+Z \(\w+Z \+ 15 min\.\)</],
  ];
  test.each(clocks)('%s, with a clock that is %i minutes off: %i', async (service, minutes, status, text) => {
    const identity = stsRequest({ Action: 'GetCallerIdentity' });
    const raw = service === 'sts' ? identity : putAuditEvents(server, body);
    const answer = await sendSigned(server, raw, { service, time: server.state.now() + minutes * 60_000 });
    expect(answer).toMatchObject({ status, text: expect.stringMatching(text) });
    expect(server.violations).toEqual([]);
  });

  test('an expired key, but only when its signature holds', async () => {
    const key = mintAccessKey(server.state.defaultKey.arn, server.state.now() - 1);
    server.state.keys.set(key.id, key);
    const expired = await sendSigned(server, putAuditEvents(server, body), { key });
    expect(expired.headers['x-amzn-errortype']).toBe('ExpiredTokenException');
    expect(server.violations).toEqual([]);
    const wrong = await sendSigned(server, putAuditEvents(server, body), { key: { ...key, secret: 'x' } });
    expect(wrong.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  test('a body changed after signing', async () => {
    const options = { key: server.state.defaultKey, service: 'cloudtrail-data', region: 'eu-west-1' };
    const signed = signRequest(server, putAuditEvents(server, body), options);
    const answer = await sendRaw(server, { ...signed, body: `${signed.body} ` });
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
  });

  test.each(['UNSIGNED-PAYLOAD', sha256Hex('another body')])('x-amz-content-sha256: %s', async hash => {
    const raw = putAuditEvents(server, body);
    const headers: Pair[] = [...(raw.headers ?? []), ['x-amz-content-sha256', hash]];
    const answer = await sendSigned(server, { ...raw, headers });
    expect(answer.headers['x-amzn-errortype']).toBe('InvalidSignatureException');
    expect(answer.text).toContain('x-amz-content-sha256');
    const right: Pair = ['x-amz-content-sha256', sha256Hex(String(raw.body))];
    const accepted = await sendSigned(server, { ...raw, headers: [...(raw.headers ?? []), right] });
    expect(accepted.status).toBe(200);
  });

  const scope = () => `${amzDate().slice(0, 8)}/eu-west-1/cloudtrail-data/aws4_request`;
  const hex = '0'.repeat(64);
  const headers: [string, () => Pair[], string][] = [
    ['no signature at all', () => [], 'MissingAuthenticationTokenException'],
    ['another scheme', () => [['authorization', 'Bearer abc']], 'IncompleteSignatureException'],
    [
      'another algorithm',
      () => [
        ['x-amz-date', amzDate()],
        ['authorization', `AWS4-HMAC-SHA1 Credential=AKIA/${scope()}, SignedHeaders=host, Signature=${hex}`],
      ],
      'IncompleteSignatureException',
    ],
    [
      'no list of signed headers',
      () => [
        ['x-amz-date', amzDate()],
        ['authorization', `AWS4-HMAC-SHA256 Credential=AKIA/${scope()}, Signature=${hex}`],
      ],
      'IncompleteSignatureException',
    ],
    [
      'no date',
      () => [
        [
          'authorization',
          `AWS4-HMAC-SHA256 Credential=AKIA/${scope()}, SignedHeaders=host, Signature=${hex}`,
        ],
      ],
      'IncompleteSignatureException',
    ],
    [
      'a short credential',
      () => [
        ['x-amz-date', amzDate()],
        ['authorization', `AWS4-HMAC-SHA256 Credential=AKIA/20260101, SignedHeaders=host, Signature=${hex}`],
      ],
      'IncompleteSignatureException',
    ],
    [
      'no signature value',
      () => [
        ['x-amz-date', amzDate()],
        ['authorization', `AWS4-HMAC-SHA256 Credential=AKIA/${scope()}, SignedHeaders=host`],
      ],
      'IncompleteSignatureException',
    ],
    [
      'a date in another form',
      () => [
        ['x-amz-date', '2026-11-22T00:00:00Z'],
        [
          'authorization',
          `AWS4-HMAC-SHA256 Credential=${server.state.defaultKey.id}/${scope()}, SignedHeaders=host, Signature=${hex}`,
        ],
      ],
      'IncompleteSignatureException',
    ],
  ];
  test.each(headers)('%s', async (_name, extra, code) => {
    const raw = putAuditEvents(server, body);
    const answer = await sendRaw(server, { ...raw, headers: [...(raw.headers ?? []), ...extra()] });
    expect(answer.status).toBe(403);
    expect(answer.headers['x-amzn-errortype']).toBe(code);
    expect(server.violations).toHaveLength(1);
  });
});
