import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toAuditEvent } from '../../../src/core/marker/event.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { iamUser } from '../../trail-world/actors.ts';
import { updateFunctionConfiguration } from '../../trail-world/lambda-calls.ts';
import { unexplained } from '../../trail-world/truth.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import {
  ABROAD,
  deployFunction,
  fillHistories,
  fixByHand,
  HOME,
  happen,
  reportOf,
  type Story,
  standingsOf,
  storyFolder,
  tellStory,
  truthOf,
} from './trail-scene.ts';

const STORY = tellStory();
const TRUTH = truthOf(STORY);
const USER_AGENT = 'deploy-marker/0 test';

/** Lets Lake have the story: markers in one store, records in the other. */
function fillLake({ state: { lake } }: AwsServer, { markers, records }: Story): void {
  const markerRows = markers.map(marker => {
    const { UID: uid, requestParameters } = toAuditEvent(marker, { userAgent: USER_AGENT });
    return { uid, marker: JSON.stringify(requestParameters) };
  });
  const recordRows = records.map(record => ({ event_json: JSON.stringify(record) }));
  lake.answerQuery = statement => ({
    rows: statement.includes(lake.markerStoreId) ? markerRows : recordRows,
  });
}

/** Puts the markers into a log group as the `logs` sink does. */
function fillLogGroup({ state }: AwsServer, name: string, { markers }: Story): void {
  const events = markers.map((marker, rank) => ({
    eventId: String(rank),
    timestamp: Date.parse(marker.recorded_at),
    ingestionTime: Date.now(),
    message: JSON.stringify(toAuditEvent(marker, { userAgent: USER_AGENT })),
  }));
  state.logGroups.set(name, { streams: new Map([['s', events]]) });
}

/** Runs trace in a folder of the story with all of it in AWS as well. */
async function traceAt(
  server: AwsServer,
  args: readonly string[],
  { story = STORY, env = {} }: { story?: Story; env?: Record<string, string | undefined> } = {},
): Promise<RunResult> {
  fillHistories(server, story);
  fillLake(server, story);
  fillLogGroup(server, '/deploys', story);
  const cwd = await storyFolder(story);
  return runCli(['trace', '--json', ...args], { cwd, env: { ...server.env(), ...env } });
}

const operations = (server: AwsServer): Set<string | undefined> =>
  new Set(server.requests.map(({ operation }) => operation));

describe.concurrent('sources in AWS', () => {
  test('changes are read from event history if nothing else is named', () =>
    withAwsServer(async server => {
      const run = await traceAt(server, ['--markers', 'markers.jsonl']);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(TRUTH);
      expect(report.sources[1]?.source).toBe('event-history of this account in eu-west-1');
      const asked = server.requests.map(({ parsedBody }) => JSON.stringify(parsedBody));
      for (const service of ['lambda', 'cloudformation', 'sts']) {
        expect(asked.filter(body => body.includes(`"${service}.amazonaws.com"`))).toHaveLength(1);
      }
      expect(server.requests.map(({ errorCode }) => errorCode).filter(Boolean)).toEqual([]);
    }));

  test('markers in CloudWatch Logs', () =>
    withAwsServer(async server => {
      const run = await traceAt(server, ['--markers', 'logs:/deploys', '--changes', 'logs']);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      expect(operations(server)).toEqual(new Set(['FilterLogEvents']));
    }));

  test('markers and changes in CloudTrail Lake', () =>
    withAwsServer(async server => {
      const { markerStoreId, changeStoreId } = server.state.lake;
      const flags = ['--markers', `lake:${markerStoreId}`, '--changes', `lake:${changeStoreId}`];
      const run = await traceAt(server, [...flags, '--event-source', 'markers.acme.example']);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(standingsOf(reportOf(run))).toEqual(TRUTH);
      const statements = [...server.state.lake.queries.values()].map(({ statement }) => statement);
      expect(statements).toHaveLength(2);
      expect(statements.find(text => text.includes(markerStoreId))).toContain("'markers.acme.example'");
    }));

  test('all of them at once: each marker and change counts once', () =>
    withAwsServer(async server => {
      const { markerStoreId, changeStoreId } = server.state.lake;
      const markers = ['markers.jsonl', 'logs:/deploys', `lake:${markerStoreId}`];
      const changes = ['event-history', 'logs', `lake:${changeStoreId}`];
      const flags = [
        ...markers.flatMap(source => ['--markers', source]),
        ...changes.flatMap(source => ['--changes', source]),
      ];
      const run = await traceAt(server, flags);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(standingsOf(report)).toEqual(TRUTH);
      expect(report.totals).toMatchObject({ deploys: 1, changes: 3 });
      expect(report.sources.map(({ side, records }) => [side, records])).toEqual([
        ...markers.map(() => ['markers', 1]),
        ...changes.map(() => ['changes', 3]),
      ]);
    }));

  // CloudTrail lists a function as the caller spelt it.
  const byArn = happen(scene => {
    const name = 'arn:aws:lambda:eu-west-1:111122223333:function:billing';
    const call = updateFunctionConfiguration(HOME, name);
    scene.change({ by: iamUser(HOME.account), at: scene.at(5), call, place: HOME }, unexplained);
  });
  const BILLING = ['--markers', 'markers.jsonl', '--component', 'lambda:billing'];

  test('one function is found by whatever calls named it, and the answer is complete', () =>
    withAwsServer(async server => {
      const story = { ...STORY, records: [...STORY.records, ...byArn.records] };
      const run = await traceAt(server, BILLING, { story });
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(report).toMatchObject({ complete: true, totals: { changes: 2 } });
      const asked = server.requests.map(({ parsedBody }) => JSON.stringify(parsedBody)).join();
      expect(asked).not.toContain('ResourceName');
    }));

  test('a quick look goes by its name alone, and says in every form that it is not complete', () =>
    withAwsServer(async server => {
      const story = { ...STORY, records: [...STORY.records, ...byArn.records] };
      const run = await traceAt(server, [...BILLING, '--quick'], { story });
      expect(run.code).toBe(8);
      expect(JSON.parse(run.stderr).error).toMatchObject({
        code: 'ANSWER_INCOMPLETE',
        hint: 'leave out --quick for the whole answer',
      });
      const report = reportOf(run);
      expect(Object.keys(standingsOf(report))).toEqual([STORY.fix]);
      expect(report.complete).toBe(false);
      expect(report.gaps).toMatchObject([
        { incomplete: true, message: expect.stringContaining('asked for the name "billing" alone') },
      ]);
      const asked = server.requests.map(({ parsedBody }) => JSON.stringify(parsedBody)).join();
      expect(asked).toContain('{"AttributeKey":"ResourceName","AttributeValue":"billing"}');
      expect(asked).not.toContain('"lambda.amazonaws.com"');
    }));

  test.each([
    [
      ['lambda:none', '--quick'],
      'was asked for the name "none" alone (--quick): calls that named it by an ARN were not looked for.',
    ],
    [['lambda:none', '--since', '100d'], 'goes back 90 days, which were read, and --since asks for more.'],
    [['--since', '100d'], 'goes back 90 days, which were read, and --since asks for more.'],
    [
      ['lambda:orders', '--since', '100d', '--until', '99d'],
      'goes back 90 days, and has nothing of this time.',
    ],
  ])('where a part was read and held nothing, that is the reason: %j', (args, reason) =>
    withAwsServer(async server => {
      const cwd = await storyFolder({ records: [], markers: STORY.markers });
      const all = ['trace', ...args, '--markers', 'markers.jsonl', '--html', 'page.html'];
      const run = await runCli(all, { cwd, env: server.env() });
      expect(run.code).toBe(8);
      const said = run.stdout.replaceAll(/\s+/g, ' ');
      expect(said).toContain(reason);
      expect(said).not.toContain('no changes could be read');
      expect(await readFile(join(cwd, 'page.html'), 'utf8')).not.toContain('no changes could be read');
    }),
  );

  test.each([
    [[]],
    [['--component', 'stack:billing']],
    [['--component', 'lambda:billing', '--changes', 'logs']],
  ])('a quick look with %j is refused before anything is read', args =>
    withAwsServer(async server => {
      const run = await traceAt(server, ['--markers', 'markers.jsonl', '--quick', ...args]);
      expect(run).toMatchObject({ code: 2, stdout: '' });
      expect(JSON.parse(run.stderr).error.hint).toContain('leave out --quick');
      expect(server.requests).toEqual([]);
    }),
  );
});

describe.concurrent('accounts and Regions', () => {
  const reader = `arn:aws:iam::${ABROAD.account}:role/reader`;
  const ids: { home?: string; abroad?: string } = {};
  const story = happen(scene => {
    const america = { ...ABROAD };
    deployFunction(scene, 'orders');
    deployFunction(scene, 'orders', scene.pipeline({ place: america, session: 'ci-prod-abroad-a1b2c3d' }));
    ids.home = fixByHand(scene, 'billing');
    ids.abroad = fixByHand(scene, 'billing', 30, america);
  });

  test('two accounts, each in two Regions, side by side', () =>
    withAwsServer(async server => {
      const trust = { issuer: 'AWS', audiences: [], subjects: ['arn:aws:sts::111122223333:*'] };
      server.state.roles.set(reader, { arn: reader, trust });
      for (const place of ['111122223333/us-east-1', `${ABROAD.account}/eu-west-1`])
        server.state.histories.set(place, []);
      const accounts = ['--account', 'self', '--account', `${ABROAD.account}=${reader}`];
      const regions = ['--region', 'eu-west-1', '--region', 'us-east-1', '--region', 'eu-west-1'];
      const begun = performance.now();
      const run = await traceAt(server, ['--markers', 'markers.jsonl', ...accounts, ...regions], { story });
      expect(performance.now() - begun).toBeLessThan(12_000);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const report = reportOf(run);
      expect(report.totals).toMatchObject({
        deploys: 2,
        changes: 6,
        standings: { explained: 4, unexplained: 2 },
      });
      expect(report.sources.slice(1).map(({ source, records }) => [source, records])).toEqual([
        ['event-history of this account in eu-west-1', 3],
        ['event-history of this account in us-east-1', 0],
        [`event-history of ${ABROAD.account} in eu-west-1`, 0],
        [`event-history of ${ABROAD.account} in us-east-1`, 3],
      ]);
      expect(standingsOf(report)).toMatchObject({
        [ids.home ?? '']: 'unexplained',
        [ids.abroad ?? '']: 'unexplained',
      });
      expect(server.requests.map(({ errorCode }) => errorCode).filter(Boolean)).toEqual([]);
    }));

  test('a role that refuses leaves the other account in the answer, with 3', () =>
    withAwsServer(async server => {
      const accounts = ['--account', 'self', '--account', `${ABROAD.account}=${reader}`];
      const run = await traceAt(server, ['--markers', 'markers.jsonl', ...accounts], { story });
      expect(run.code).toBe(3);
      expect(run.stderr).toContain('"code":"ACCESS_DENIED"');
      expect(run.stderr).toContain('(--sink-role-arn, --account)');
      const report = reportOf(run);
      expect(report).toMatchObject({ complete: false, totals: { changes: 3 } });
      expect(report.sources.map(({ complete }) => complete)).toEqual([true, true, false]);
    }));

  test.each([
    [['--account', '12345'], 'USAGE', '--account must be ID=ROLE_ARN'],
    [['--account', `111122223333=${reader}`], 'USAGE', `has a role of the account ${ABROAD.account}`],
    [['--account', '111122223333=role/x'], 'ARN_INVALID', 'role/x'],
    [['--max-pages', '0'], 'USAGE', '--max-pages must be a whole number'],
    [['--region', ''], 'USAGE', 'the Region is not known'],
  ])('%j is refused before anything is read', (args, code, message) =>
    withAwsServer(async server => {
      const env = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined };
      const region = args[0] === '--region' ? [] : ['--region', 'eu-west-1'];
      const run = await traceAt(server, ['--markers', 'markers.jsonl', ...region, ...args], { env });
      expect(run.stdout).toBe('');
      expect(JSON.parse(run.stderr).error).toMatchObject({ code, message: expect.stringContaining(message) });
      expect(server.requests).toEqual([]);
    }),
  );
});
