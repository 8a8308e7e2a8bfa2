import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import type { Fault } from '../../fakes/faults.ts';
import { mintToken } from '../../fakes/oidc-token.ts';
import {
  type Answer,
  auditEntry,
  putAuditEvents,
  sendRaw,
  sendSigned,
  stsRequest,
} from '../../fakes/signed-client.ts';

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer();
});
afterEach(() => server.close());

function put(): Promise<Answer> {
  return sendSigned(server, putAuditEvents(server, { auditEvents: [auditEntry('a'), auditEntry('b')] }));
}

function assume(): Promise<Answer> {
  const request = {
    Action: 'AssumeRoleWithWebIdentity',
    RoleSessionName: 'ci',
    WebIdentityToken: mintToken(),
  };
  return sendRaw(server, stsRequest({ ...request, RoleArn: server.state.defaultRoleArn }));
}

const shapes: [Fault, number, string, number, string][] = [
  [{ kind: 'throttle' }, 400, 'ThrottlingException', 400, 'Throttling'],
  [{ kind: 'error500' }, 500, 'InternalFailure', 500, 'InternalFailure'],
  [{ kind: 'error503' }, 503, 'ServiceUnavailable', 503, 'ServiceUnavailable'],
  [{ kind: 'denied' }, 403, 'AccessDeniedException', 403, 'AccessDenied'],
  [{ kind: 'expired' }, 403, 'ExpiredTokenException', 400, 'ExpiredTokenException'],
  [
    { kind: 'error', status: 400, code: 'IDPCommunicationError' },
    400,
    'IDPCommunicationError',
    400,
    'IDPCommunicationError',
  ],
];
test.each(shapes)(
  '%o in the form of each protocol',
  async (fault, jsonStatus, jsonCode, xmlStatus, xmlCode) => {
    server.faults.add('PutAuditEvents', fault);
    server.faults.add('AssumeRoleWithWebIdentity', fault);
    const json = await put();
    expect([json.status, json.headers['x-amzn-errortype']]).toEqual([jsonStatus, jsonCode]);
    expect(server.state.stored).toEqual([]);
    expect(server.requests[0]).toMatchObject({ fault: fault.kind, errorCode: jsonCode });
    const xml = await assume();
    expect(xml.status).toBe(xmlStatus);
    expect(xml.text).toContain(`<Code>${xmlCode}</Code>`);
    expect((await put()).status).toBe(200);
    expect((await assume()).status).toBe(200);
    expect(server.violations).toEqual([]);
  },
);

test('faults happen in order, as often as they were queued, to their own operation only', async () => {
  server.faults.add('PutAuditEvents', { kind: 'throttle' }, 2);
  server.faults.add('PutAuditEvents', { kind: 'error500' });
  expect(server.faults.pending()).toBe(3);
  expect((await assume()).status).toBe(200);
  const statuses = [await put(), await put(), await put(), await put()].map(answer => answer.status);
  expect(statuses).toEqual([400, 400, 500, 200]);
  server.faults.add('PutAuditEvents', { kind: 'error500' }, Number.POSITIVE_INFINITY);
  expect([(await put()).status, (await put()).status]).toEqual([500, 500]);
  server.faults.clear();
  expect((await put()).status).toBe(200);
});

test('a request that is wrong in itself is refused and leaves the fault for the next one', async () => {
  server.faults.add('PutAuditEvents', { kind: 'throttle' });
  const answer = await sendSigned(server, putAuditEvents(server, { auditEvents: [] }));
  expect(answer.headers['x-amzn-errortype']).toBe('ValidationError');
  expect(server.faults.pending()).toBe(1);
});

test('error503 carries Retry-After where one was asked for', async () => {
  server.faults.add('PutAuditEvents', { kind: 'error503', retryAfterSeconds: 7 });
  expect((await put()).headers['retry-after']).toBe('7');
});

test('reset cuts the connection before anything is stored, resetAfterStore after it', async () => {
  server.faults.add('PutAuditEvents', { kind: 'reset' });
  await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(server.state.stored).toEqual([]);
  server.faults.add('PutAuditEvents', { kind: 'resetAfterStore' });
  await expect(put()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(server.state.stored.map(event => event.id)).toEqual(['a', 'b']);
  expect(server.requests.map(request => request.fault)).toEqual(['reset', 'resetAfterStore']);
});

test('hang never answers, and close ends it', async () => {
  const own = await startAwsServer();
  own.faults.add('PutAuditEvents', { kind: 'hang' });
  const pending = sendSigned(own, putAuditEvents(own, { auditEvents: [auditEntry('a')] }));
  const outcome = await Promise.race([
    pending.catch(() => 'failed'),
    new Promise(resolve => setTimeout(resolve, 150, 'waiting')),
  ]);
  expect(outcome).toBe('waiting');
  await own.close();
  await expect(pending).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(own.state.stored).toEqual([]);
});

test('partial refuses the events named by id or index, or all, and stores the rest', async () => {
  const failed = async (fault: Omit<Fault & { kind: 'partial' }, 'kind' | 'code'>) => {
    server.faults.add('PutAuditEvents', { kind: 'partial', code: 'Throttling', ...fault });
    return JSON.parse((await put()).text).failed;
  };
  expect(await failed({ ids: ['a'] })).toEqual([
    { id: 'a', errorCode: 'Throttling', errorMessage: 'Injected Throttling' },
  ]);
  expect(await failed({ indices: [1], message: 'slow down' })).toEqual([
    { id: 'b', errorCode: 'Throttling', errorMessage: 'slow down' },
  ]);
  expect(await failed({})).toHaveLength(2);
  expect(server.state.stored.map(event => event.id)).toEqual(['b', 'a']);
});

test('garbage is 200 with a body that is not JSON', async () => {
  server.faults.add('PutAuditEvents', { kind: 'garbage' });
  const answer = await put();
  expect(answer.status).toBe(200);
  expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
  expect(server.state.stored).toEqual([]);
});

test('slow sends the true answer in pieces', async () => {
  server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 4, pauseMs: 40 });
  const started = performance.now();
  const answer = await put();
  expect(performance.now() - started).toBeGreaterThan(110);
  expect(JSON.parse(answer.text).successful).toHaveLength(2);
});
