import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';
import { errorOf, makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';
import { CI_ENVS, MARKER_FLAGS, toJsonLines, wholeMarker, withAwsServer } from './scene.ts';

const GROUP = '/deploys';
const TO_GROUP = ['--log-group', GROUP];
const LOGS = { logGroups: [GROUP] };
const TODAY = (): string => new Date().toISOString().slice(0, 10);

/** Runs `emit` with a marker that lacks nothing, and no sink but that of the flags. */
function emit(server: AwsServer, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return runCli(['emit', ...MARKER_FLAGS, ...args], { ...options, env: { ...server.env(), ...options.env } });
}

function stored(server: AwsServer): { stream: string; event: Record<string, unknown> }[] {
  return listLogMessages(server.state.logGroups).map(({ stream, message }) => ({
    stream,
    event: JSON.parse(message),
  }));
}

/** An ISO time so many seconds from now. */
function timeIn(seconds: number): string {
  return `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** A whole marker of the last minutes. */
function freshMarker(number: number, fields: Readonly<Record<string, unknown>> = {}): object {
  const times = { started_at: timeIn(-120), deployed_at: timeIn(-60), recorded_at: timeIn(-59) };
  return wholeMarker(number, { ...times, ...fields });
}

describe.concurrent('emit to CloudWatch Logs', () => {
  test('by --log-group alone stores the audit event in the stream of component and day', () =>
    withAwsServer(async server => {
      const result = await emit(server, [...TO_GROUP, '--label', 'team=billing'], { env: CI_ENVS.circleci });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      const [{ stream, event } = { stream: '', event: {} }] = stored(server);
      expect(stream).toBe(`lambda-resize-image/${TODAY()}`);
      expect(event).toMatchObject({
        version: '1.0',
        eventName: 'DeployMarker',
        eventSource: 'deploymarker.internal',
        userAgent: expect.stringMatching(/^deploy-marker\/[\d.]+ circleci$/),
        requestParameters: { component: 'lambda:resize-image', 'label.team': 'billing', status: 'success' },
      });
      expect(result.stdout).toBe(`stored in logs: lambda:resize-image uid=${event['UID']}\n`);
    }, LOGS));

  test('by DEPLOY_MARKER_LOG_GROUP, and into --log-stream', () =>
    withAwsServer(async server => {
      const env = { DEPLOY_MARKER_LOG_GROUP: GROUP };
      const result = await emit(server, ['--log-stream', 'größe'], { env });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(stored(server)).toMatchObject([{ stream: 'größe' }]);
    }, LOGS));

  test('by the configuration file', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      await writeFile(
        join(cwd, 'deploy-marker.json'),
        JSON.stringify({ 'log-group': GROUP, 'log-stream': 'x' }),
      );
      expect(await emit(server, [], { cwd })).toMatchObject({ code: 0, stderr: '' });
      expect(stored(server)).toMatchObject([{ stream: 'x' }]);
    }, LOGS));

  test.each([
    ['flags', ['--log-group', GROUP, '--channel-arn', 'CHANNEL'], {}],
    ['the environment', [], { DEPLOY_MARKER_LOG_GROUP: GROUP, DEPLOY_MARKER_FILE: 'm.jsonl' }],
  ])('beside another sink of %s needs --sink', (_, flags, env) =>
    withAwsServer(async server => {
      const args = flags.map(flag => (flag === 'CHANNEL' ? server.state.defaultChannelArn : flag));
      const result = await emit(server, args, { env });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'NO_SINK',
        hint: expect.stringContaining('--sink logs'),
      });
      expect(server.requests).toEqual([]);
    }, LOGS),
  );

  test('of a flag switches off what the environment configures', () =>
    withAwsServer(async server => {
      const env = { DEPLOY_MARKER_CHANNEL_ARN: server.state.defaultChannelArn };
      expect((await emit(server, TO_GROUP, { env })).code).toBe(0);
      expect(stored(server)).toHaveLength(1);
      expect(server.state.stored).toEqual([]);
    }, LOGS));

  test('without a known Region is wrong usage, and --region makes it known', () =>
    withAwsServer(async server => {
      const env = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
      const result = await emit(server, TO_GROUP, { env });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'USAGE',
        hint: expect.stringMatching(/^pass --region, or set AWS_REGION/),
      });
      expect(server.requests).toEqual([]);
      expect((await emit(server, [...TO_GROUP, '--region', 'eu-west-1'], { env })).code).toBe(0);
    }, LOGS));

  test('with --sink logs and no group is wrong usage', () =>
    withAwsServer(async server => {
      const result = await emit(server, ['--sink', 'logs']);
      expect(result.code).toBe(2);
      expect(errorOf(result)).toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--log-group') });
    }));

  test.each(['logs:/deploys', 'arn:aws:logs:eu-west-1:123456789012:log-group:/deploys:*'])(
    'the name of the group is offered for %s',
    group =>
      withAwsServer(async server => {
        const result = await emit(server, ['--log-group', group]);
        expect(result.code).toBe(2);
        expect(errorOf(result)).toMatchObject({ code: 'USAGE', hint: 'pass --log-group /deploys' });
      }),
  );

  test('to a group that is not there ends with 5 and the command that makes it', () =>
    withAwsServer(async server => {
      const result = await emit(server, ['--log-group', '/none']);
      expect(result).toMatchObject({ code: 5, stdout: '' });
      expect(errorOf(result)).toEqual({
        code: 'LOG_GROUP_NOT_FOUND',
        message: 'there is no log group /none in eu-west-1',
        hint: 'make it with `aws logs create-log-group --region eu-west-1 --log-group-name /none`',
      });
      expect(server.state.logGroups.size).toBe(1);
    }, LOGS));

  test('of two processes at once makes the stream, and both store', () =>
    withAwsServer(async server => {
      const results = await Promise.all([0, 1, 2].map(() => emit(server, TO_GROUP)));
      expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([0, 1, 2].map(() => [0, '']));
      expect(stored(server)).toHaveLength(3);
      expect(server.state.logGroups.get(GROUP)?.streams.size).toBe(1);
    }, LOGS));
});

describe.concurrent('emit to CloudWatch Logs of what it does not take', () => {
  test.each([
    ['15 days ago', -15 * 86_400, '14 days old'],
    ['in 3 hours', 3 * 3_600, '2 hours in the future'],
  ])('a deploy of %s ends with 7 before anything is sent', (_, seconds, reason) =>
    withAwsServer(async server => {
      const result = await emit(server, [...TO_GROUP, '--deployed-at', timeIn(seconds)]);
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'MARKER_INVALID',
        message: expect.stringContaining(reason),
      });
      expect(server.requests).toEqual([]);
    }, LOGS),
  );

  test('one old record of many keeps all from being sent, and is named', () =>
    withAwsServer(async server => {
      const input = toJsonLines([
        freshMarker(1),
        freshMarker(2, { deployed_at: timeIn(-16 * 86_400), started_at: undefined }),
      ]);
      const result = await runCli(['emit', '--from', '-', ...TO_GROUP], { env: server.env(), input });
      expect(result).toMatchObject({ code: 7, stdout: '' });
      expect(result.stderr).toContain('14 days old');
      expect(result.stderr).toContain('stdin:2');
      expect(server.requests).toEqual([]);
    }, LOGS));

  test('events that are refused under HTTP 200 end with 9 and are named', () =>
    withAwsServer(async server => {
      server.faults.add('PutLogEvents', { kind: 'rejectedLogEvents', tooNewLogEventStartIndex: 1 }, 2);
      const flags = [...TO_GROUP, '--log-stream', 's', '--component', 'lambda:b', '--json'];
      const result = await emit(server, flags);
      expect(result.code).toBe(9);
      const [{ sink, delivered, failed }] = JSON.parse(result.stdout).results;
      expect({ sink, delivered, failed }).toMatchObject({
        sink: 'logs',
        delivered: [{ component: 'lambda:resize-image', eventId: null }],
        failed: [{ component: 'lambda:b', errorCode: 'TooNew' }],
      });
      expect(JSON.parse(result.stderr).error).toMatchObject({
        code: 'EVENTS_REJECTED',
        exitCode: 9,
        message: expect.stringContaining('CloudWatch Logs refused 1 of 2 markers'),
      });
      expect(stored(server)).toHaveLength(1);
    }, LOGS));
});

describe.concurrent('emit to several sinks', () => {
  test('gives each its own result', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const sinks = ['--sink', 'lake', '--sink', 'logs', '--sink', 'file', '--file', 'm.jsonl'];
      const channel = ['--channel-arn', server.state.defaultChannelArn];
      server.faults.add('PutAuditEvents', { kind: 'denied' });
      const result = await emit(server, [...sinks, ...channel, ...TO_GROUP, '--json'], { cwd });
      expect(result.code).toBe(3);
      const { results } = JSON.parse(result.stdout);
      expect(results).toMatchObject([
        { sink: 'file', delivered: [{}], failed: [] },
        { sink: 'lake', delivered: [], failed: [{ errorCode: 'ACCESS_DENIED' }] },
        { sink: 'logs', delivered: [{}], failed: [] },
      ]);
      const [inLogs] = stored(server);
      const [inFile] = (await readFile(join(cwd, 'm.jsonl'), 'utf8')).trim().split('\n');
      expect(inLogs?.event['requestParameters']).toEqual(JSON.parse(inFile ?? ''));
    }, LOGS));

  test('tells of each that fails, and ends with the code that ranks first', () =>
    withAwsServer(async server => {
      const sinks = ['--sink', 'lake', '--sink', 'logs', '--log-group', '/none'];
      server.faults.add('PutAuditEvents', { kind: 'error500' }, Number.POSITIVE_INFINITY);
      const result = await emit(server, [...sinks, '--channel-arn', server.state.defaultChannelArn]);
      expect(result.code).toBe(5);
      expect(errorOf(result).code).toBe('LOG_GROUP_NOT_FOUND');
      expect(result.stderr).toContain('warning: PutAuditEvents failed: InternalFailure');
    }, LOGS));
});

describe.concurrent('an account that is closed to CloudTrail Lake', () => {
  test('by each event is told why, and which sink works', () =>
    withAwsServer(async server => {
      const arn = server.state.defaultChannelArn;
      server.state.channels.set(arn, { arn, subscribed: false });
      const result = await emit(server, ['--channel-arn', arn]);
      expect(result).toMatchObject({ code: 9, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'EVENTS_REJECTED',
        message: expect.stringContaining('AccountNotSubscribed'),
        hint: expect.stringMatching(/no new customers since 2026-05-31.*--sink logs/),
      });
    }));

  test.each(['UnsupportedOperationException', 'OptInRequired', 'SubscriptionRequiredException'])(
    'by %s is told why, and which sink works',
    code =>
      withAwsServer(async server => {
        server.faults.add('PutAuditEvents', { kind: 'error', status: 400, code }, Number.POSITIVE_INFINITY);
        const result = await emit(server, ['--channel-arn', server.state.defaultChannelArn]);
        expect(result).toMatchObject({ code: 5, stdout: '' });
        expect(errorOf(result)).toMatchObject({
          code: 'CHANNEL_CLOSED',
          message: expect.stringContaining('no new customers since 2026-05-31'),
          hint: expect.stringContaining('--sink logs'),
        });
        expect(server.requests).toHaveLength(1);
      }),
  );
});

describe.concurrent('emit of many markers to CloudWatch Logs', () => {
  test('puts 5,000 into one stream in few requests, all of them once', () =>
    withAwsServer(async server => {
      const input = toJsonLines(Array.from({ length: 5_000 }, (_, index) => freshMarker(index)));
      const flags = ['--from', '-', ...TO_GROUP, '--log-stream', 'X', '--json'];
      const result = await runCli(['emit', ...flags], { env: server.env(), input });
      expect(result.code).toBe(0);
      expect(JSON.parse(result.stdout).results[0].delivered).toHaveLength(5_000);
      expect(new Set(stored(server).map(({ event }) => event['UID'])).size).toBe(5_000);
      expect(stored(server)).toHaveLength(5_000);
      const puts = server.requests.filter(({ status }) => status === 200);
      expect(puts.length).toBeLessThan(20);
    }, LOGS));

  test('--dry-run prints the exact requests, and sends nothing', () =>
    withAwsServer(async server => {
      const cwd = await makeFolder();
      const records = [freshMarker(1), freshMarker(2, { reason: `größe/𝛼 '"$(x)\\ \u2028` })];
      await writeFile(join(cwd, 'm.jsonl'), toJsonLines(records));
      const flags = ['emit', '--from', 'm.jsonl', ...TO_GROUP];
      const offline = { AWS_REGION: 'eu-west-1', AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: server.url };
      const preview = await runCli([...flags, '--dry-run', '--json'], { cwd, env: offline });
      expect(preview).toMatchObject({ code: 0, stderr: 'dry run: all checks passed, nothing was sent\n' });
      expect(server.requests).toEqual([]);
      const plain = await runCli([...flags, '--dry-run'], { cwd, env: offline });
      expect((await runCli(flags, { cwd, env: server.env() })).code).toBe(0);
      const sent = server.requests.filter(
        ({ operation, status }) => operation === 'PutLogEvents' && status === 200,
      );
      const target = `POST ${server.url}/ PutLogEvents`;
      expect(JSON.parse(preview.stdout)).toEqual({
        version: 1,
        dryRun: true,
        requests: sent.map(({ bodyText }) => ({ sink: 'logs', target, body: bodyText })),
      });
      // The same JSON, in which what cannot be seen is escaped.
      expect(plain.stdout).toBe(
        sent.map(({ bodyText }) => `${target}\n${bodyText.replaceAll('\u2028', '\\u2028')}\n`).join(''),
      );
    }, LOGS));
});
