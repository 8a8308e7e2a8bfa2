import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import type { Fault } from '../../fakes/faults.ts';
import { sendLogs } from '../../fakes/logs/logs-client.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';
import type { Answer } from '../../fakes/signed-client.ts';

const names = { logGroupName: '/deploys', logStreamName: 'acme' };

let server: AwsServer;
beforeEach(async () => {
  server = await startAwsServer({ logGroups: ['/deploys'] });
});
afterEach(async () => {
  await server.close();
  expect(server.violations).toEqual([]);
});

interface Target {
  readonly operation: 'PutLogEvents' | 'CreateLogStream';
  readonly send: () => Promise<Answer>;
  /** Whether the call's work was done. */
  readonly isDone: () => boolean;
}

const streams = () => server.state.logGroups.get('/deploys')?.streams;
const putLogEvents: Target = {
  operation: 'PutLogEvents',
  send() {
    streams()?.set('acme', streams()?.get('acme') ?? []);
    const now = Date.now();
    const logEvents = ['a', 'b', 'c'].map(message => ({ timestamp: now, message }));
    return sendLogs(server, 'PutLogEvents', { ...names, logEvents });
  },
  isDone: () => listLogMessages(server.state.logGroups).length > 0,
};
const createLogStream: Target = {
  operation: 'CreateLogStream',
  send: () => sendLogs(server, 'CreateLogStream', names),
  isDone: () => streams()?.has('acme') === true,
};

describe.each([putLogEvents, createLogStream])('$operation', ({ operation, send, isDone }) => {
  const refused: [Fault, number, string][] = [
    [{ kind: 'throttle' }, 400, 'ThrottlingException'],
    [{ kind: 'error500' }, 500, 'InternalFailure'],
    [{ kind: 'error503', retryAfterSeconds: 7 }, 503, 'ServiceUnavailableException'],
    [{ kind: 'denied' }, 400, 'AccessDeniedException'],
    [{ kind: 'expired' }, 400, 'ExpiredTokenException'],
    [{ kind: 'error', status: 400, code: 'OperationAbortedException' }, 400, 'OperationAbortedException'],
  ];
  test.each(refused)('%o, then the call works', async (fault, status, code) => {
    server.faults.add(operation, fault);
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({ __type: code, message: expect.any(String) });
    expect(answer.headers['retry-after']).toBe(fault.kind === 'error503' ? '7' : undefined);
    expect(server.requests[0]).toMatchObject({ service: 'logs', operation, fault: fault.kind });
    expect(isDone()).toBe(false);
    expect((await send()).status).toBe(200);
    expect(isDone()).toBe(true);
  });

  test('reset cuts the connection before it is done, resetAfterStore after it', async () => {
    server.faults.add(operation, { kind: 'reset' });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(isDone()).toBe(false);
    server.faults.add(operation, { kind: 'resetAfterStore' });
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(isDone()).toBe(true);
  });

  test('hang never answers, garbage is HTML under 200, slow is the true answer', async () => {
    server.faults.add(operation, { kind: 'hang' });
    const hanging = send().catch(() => 'cut');
    const first = await Promise.race([hanging, new Promise(resolve => setTimeout(resolve, 80, 'waiting'))]);
    expect(first).toBe('waiting');
    server.faults.add(operation, { kind: 'garbage' });
    const garbage = await send();
    expect(garbage.status).toBe(200);
    expect(() => JSON.parse(garbage.text)).toThrow(SyntaxError);
    expect(isDone()).toBe(false);
    server.faults.add(operation, { kind: 'slow', pieces: 3, pauseMs: 20 });
    expect((await send()).status).toBe(200);
    expect(isDone()).toBe(true);
  });
});

test('resetAfterStore leaves a stream that the next CreateLogStream meets', async () => {
  server.faults.add('CreateLogStream', { kind: 'resetAfterStore' });
  await expect(createLogStream.send()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(JSON.parse((await createLogStream.send()).text)).toMatchObject({
    __type: 'ResourceAlreadyExistsException',
  });
});

const rejections: [Omit<Fault & { kind: 'rejectedLogEvents' }, 'kind'>, object, string[]][] = [
  [{}, { tooOldLogEventEndIndex: 3 }, []],
  [{ tooOldLogEventEndIndex: 1 }, { tooOldLogEventEndIndex: 1 }, ['b', 'c']],
  [{ expiredLogEventEndIndex: 2 }, { expiredLogEventEndIndex: 2 }, ['c']],
  [{ tooNewLogEventStartIndex: 0 }, { tooNewLogEventStartIndex: 0 }, []],
  [
    { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 },
    { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 },
    ['b'],
  ],
];
test.each(rejections)('rejectedLogEvents %o', async (indices, info, kept) => {
  server.faults.add('PutLogEvents', { kind: 'rejectedLogEvents', ...indices });
  const answer = await putLogEvents.send();
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({
    nextSequenceToken: expect.any(String),
    rejectedLogEventsInfo: info,
  });
  expect(listLogMessages(server.state.logGroups).map(({ message }) => message)).toEqual(kept);
});

test('a fault that its operation cannot have is no fault to queue', () => {
  expect(() => server.faults.add('PutLogEvents', { kind: 'partial', code: 'Throttling' })).toThrow(
    'A partial fault is for PutAuditEvents, not PutLogEvents.',
  );
  expect(() => server.faults.add('PutAuditEvents', { kind: 'rejectedLogEvents' })).toThrow(
    'A rejectedLogEvents fault is for PutLogEvents, not PutAuditEvents.',
  );
  expect(server.faults.pending()).toBe(0);
});
