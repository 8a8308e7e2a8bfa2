import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, type RunResult, runCli } from './run-cli.ts';
import { reportOf } from './trail/trail-scene.ts';

// What a call changed, from the record to the answer: by every name that people have for it.

const ACCOUNT = '111122223333';
const DAY = ['--since', '2026-06-01T00:00:00Z', '--until', '2026-06-02T00:00:00Z'];
const ROLE = `arn:aws:iam::${ACCOUNT}:role/deploy`;

interface Call {
  readonly service: string;
  readonly action: string;
  readonly asked: object | null;
  readonly session?: string;
  readonly readOnly?: boolean;
}

function toRecord(
  { service, action, asked, session = 'other', readOnly = false }: Call,
  rank: number,
): object {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${session}`;
  return {
    eventID: `00000000-0000-4000-8000-00000000000${rank}`,
    eventTime: '2026-06-01T10:03:00Z',
    eventSource: `${service}.amazonaws.com`,
    eventName: action,
    awsRegion: 'eu-west-1',
    recipientAccountId: ACCOUNT,
    readOnly,
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
    userIdentity: { type: 'AssumedRole', arn, accountId: ACCOUNT, accessKeyId: 'ASIA1' },
    requestParameters: asked,
    responseElements: null,
  };
}

/** A folder with one deploy, of these components, from 10:00 to 10:05, and what CloudTrail recorded. */
async function folderOf(components: readonly string[], calls: readonly Call[]): Promise<string> {
  const cwd = await makeFolder();
  const markers = components.map((component, rank) => ({
    uid: `u${rank}`,
    deploy_id: 'd1',
    env: 'prod',
    component,
    git_sha: 'a1b2c3d',
    status: 'success',
    started_at: '2026-06-01T10:00:00Z',
    deployed_at: '2026-06-01T10:05:00Z',
    recorded_at: '2026-06-01T10:05:01Z',
    actor: 'circleci',
    role_session_name: 'ci-prod-a1b2c3d',
    role_arn: ROLE,
  }));
  await writeFile(join(cwd, 'markers.jsonl'), markers.map(marker => `${JSON.stringify(marker)}\n`).join(''));
  await writeFile(join(cwd, 'trail.json'), JSON.stringify({ Records: calls.map(toRecord) }));
  return cwd;
}

function ask(cwd: string, command: string, services: string, args: readonly string[]): Promise<RunResult> {
  const from = ['--markers', 'markers.jsonl', '--changes', 'trail.json', '--services', services];
  return runCli([command, ...from, ...DAY, '--json', ...args], { cwd });
}

const DELETED: Call = {
  service: 'monitoring',
  action: 'DeleteAlarms',
  asked: { alarmNames: ['a', 'High CPU'] },
};
const UPDATED: Call = {
  service: 'ecs',
  action: 'UpdateService',
  asked: { taskDefinition: 'web:8', service: 'web', cluster: 'prod' },
};

describe.concurrent('a call that changes several things', () => {
  test.each([
    ['monitoring:a', 1],
    ['monitoring:High%20CPU', 1],
    ['monitoring:b', 0],
  ])('is asked for as %s: %d', async (component, count) => {
    const run = await ask(await folderOf([], [DELETED]), 'trace', 'monitoring', ['--component', component]);
    const { changes } = reportOf(run);
    expect(changes).toHaveLength(count);
    for (const change of changes)
      expect(change).toMatchObject({ component: 'monitoring:a', also: ['monitoring:High%20CPU'] });
  });

  test('is in a scope that has one of them, and allowed if all are', async () => {
    const cwd = await folderOf([], [DELETED]);
    await writeFile(join(cwd, 'scope.txt'), 'monitoring:High*\n');
    const entry = { why: 'OPS-1', until: '2099-12-31' };
    await writeFile(join(cwd, 'one.json'), JSON.stringify([{ ...entry, component: 'monitoring:a' }]));
    await writeFile(join(cwd, 'all.json'), JSON.stringify([{ ...entry, component: 'monitoring:*' }]));
    const scope = ['--scope', 'scope.txt', '--allow'];
    const [one, all] = await Promise.all(
      ['one.json', 'all.json'].map(list => ask(cwd, 'audit', 'monitoring', [...scope, list])),
    );
    expect(one?.code).toBe(10);
    expect(all === undefined ? [] : reportOf(all).findings?.map(({ fails }) => fails)).toEqual([
      false,
      false,
    ]);
  });

  test.each([
    [['monitoring:a'], 'unexplained'],
    [['monitoring:a', 'monitoring:High%20CPU'], 'explained'],
  ])('is explained by the window of a deploy of %j: %s', async (components, standing) => {
    const run = await ask(await folderOf(components, [DELETED]), 'trace', 'monitoring', []);
    expect(reportOf(run).changes.map(change => change.standing)).toEqual([standing]);
  });
});

describe.concurrent('a change of ecs:prod/web', () => {
  test.each([
    'ecs:prod/web',
    'ecs:web',
    'ecs:prod',
    `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/prod/web`,
    `arn:aws:ecs:eu-west-1:${ACCOUNT}:cluster/prod`,
  ])('is in the window of a deploy of %s', async component => {
    const run = await ask(await folderOf([component], [UPDATED]), 'trace', 'ecs', ['--component', component]);
    const { changes } = reportOf(run);
    expect(changes).toMatchObject([{ component: 'ecs:prod/web', standing: 'explained', rule: 'window' }]);
  });

  test.each(['ecs:stage/web', 'ecs:api', `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/stage/web`])(
    'is not in that of a deploy of %s',
    async component => {
      const run = await ask(await folderOf([component], [UPDATED]), 'trace', 'ecs', []);
      expect(reportOf(run).changes).toMatchObject([{ standing: 'unexplained' }]);
    },
  );
});

test('a call that names nothing is told in answers about its service', async () => {
  const cwd = await folderOf([], [{ service: 'ecs', action: 'PutAccountSetting', asked: { name: 'x' } }]);
  const run = await ask(cwd, 'trace', 'ecs', ['--component', 'ecs:prod/web']);
  expect(reportOf(run).changes).toMatchObject([{ component: 'ecs:?' }]);
});

const READ: Call = { service: 'ec2', action: 'DescribeInstances', asked: null, readOnly: true };
const KEY_USED: Call = { service: 'kms', action: 'Decrypt', asked: { keyId: 'k' } };
const STARTED: Call = {
  service: 'states',
  action: 'StartExecution',
  asked: { stateMachineArn: `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:checkout` },
};

describe.concurrent('--services', () => {
  test('all are the changes of whatever service, without reads and what changes nothing', async () => {
    const cwd = await folderOf([], [DELETED, READ, UPDATED, KEY_USED, STARTED]);
    const { changes, gaps, complete } = reportOf(await ask(cwd, 'trace', 'all', []));
    expect(changes.map(({ component }) => component).toSorted()).toEqual([
      'ecs:prod/web',
      'monitoring:a',
      'states:checkout',
    ]);
    expect(gaps).toContainEqual(
      expect.objectContaining({
        kind: 'left-out',
        count: 1,
        message: expect.stringContaining('kms:Decrypt 1'),
      }),
    );
    expect(complete).toBe(true);
  });

  test('with --ignore without what it names, which is counted, and makes nothing incomplete', async () => {
    const cwd = await folderOf(['states:checkout'], [UPDATED, { ...STARTED, session: 'ci-prod-a1b2c3d' }]);
    const ignore = ['--ignore', 'stepfunctions:Start*', '--ignore', 'monitoring:*'];
    const { changes, deploys, gaps, complete } = reportOf(await ask(cwd, 'audit', 'all', ignore));
    expect(changes.map(({ component }) => component)).toEqual(['ecs:prod/web']);
    expect(gaps).toContainEqual({
      kind: 'left-out',
      subject: '--ignore',
      message: 'calls that are to be ignored: states:StartExecution 1',
      count: 1,
      incomplete: false,
    });
    // What it changed it changed all the same.
    expect(deploys).toMatchObject([{ state: 'changed' }]);
    expect(complete).toBe(true);
  });

  test('an everyday name is taken for the service, with a note', async () => {
    const run = await ask(await folderOf([], [DELETED]), 'trace', 'cloudwatch', []);
    expect(run.stderr).toContain('note: CloudTrail calls cloudwatch monitoring');
    expect(reportOf(run).changes).toMatchObject([{ component: 'monitoring:a' }]);
  });

  test('the service of the component that is asked for is read without being told', async () => {
    const cwd = await folderOf([], [UPDATED, DELETED]);
    const from = ['--markers', 'markers.jsonl', '--changes', 'trail.json', ...DAY, '--json'];
    for (const component of ['ecs:prod/web', `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/prod/web`]) {
      const run = await runCli(['trace', ...from, '--component', component], { cwd });
      expect(reportOf(run).changes).toMatchObject([{ component: 'ecs:prod/web' }]);
    }
    const alarm = `arn:aws:cloudwatch:eu-west-1:${ACCOUNT}:alarm:a`;
    const run = await runCli(['trace', ...from, '--component', alarm], { cwd });
    expect(reportOf(run).changes).toMatchObject([{ component: 'monitoring:a' }]);
  });

  test.each([
    ['lamda:a', 'no service is known as lamda', 'did you mean lambda? ask for lambda:a'],
    ['cloudwatch:a', 'CloudTrail calls cloudwatch monitoring', 'ask for monitoring:a'],
    ['eventbridge:on-push', 'CloudTrail calls eventbridge events', 'ask for events:on-push'],
    ['cfn:billing', 'what changed is called stack:NAME, and not cfn:billing', 'ask for stack:billing'],
    ['function:a', 'no service is known as function', 'did you mean lambda or cloudfront? ask for lambda:a'],
    ['bucket:a', 'no service is known as bucket', 'did you mean s3? ask for s3:a'],
    ['zone:a', 'no service is known as zone', 'did you mean route53? ask for route53:a'],
    ['Lambda:a', 'got \\"Lambda:a\\"', 'ask for lambda:a'],
    ['resize-image:live', 'no service is known as resize-image', 'ask for lambda:resize-image, if'],
    [
      `arn:aws:quantumx:eu-west-1:${ACCOUNT}:chip/a`,
      'no service is known as quantumx',
      '--services quantumx.amazonaws.com',
    ],
  ])('of a kind that nothing has which changes there is no zero: %s', async (component, message, step) => {
    for (const markers of [['--markers', 'markers.jsonl'], []]) {
      const cwd = await folderOf([], [UPDATED, DELETED]);
      const from = [...markers, '--changes', 'trail.json', '--json', component];
      for (const args of [
        ['trace', ...DAY, ...from],
        ['investigate', ...DAY, ...from],
      ]) {
        const run = await runCli(args, { cwd });
        expect(run).toMatchObject({ code: 2, stdout: '' });
        expect(run.stderr).toContain(message);
        expect(run.stderr).toContain(step);
      }
    }
  });

  test('but markers may have it, and a service may be named in full', async () => {
    const cwd = await folderOf(['web:shop'], [UPDATED]);
    const from = ['--markers', 'markers.jsonl', '--changes', 'trail.json', '--json', '--allow-quiet'];
    const own = await runCli(['trace', ...DAY, ...from, 'web:shop'], { cwd });
    expect(own.code, own.stderr).toBe(0);
    expect(own.stderr).toContain('no service is known as web, so that no change of web:shop is found');
    const full = ['--services', 'quantumx.amazonaws.com', `arn:aws:quantumx:eu-west-1:${ACCOUNT}:chip/a`];
    const run = await runCli(['trace', ...DAY, ...from, ...full], { cwd });
    expect(reportOf(run).not_seen?.services).toContain('quantumx');
  });

  test.each<readonly [command: string, services: string, components: readonly string[], told: string]>([
    ['audit', 'lambda', ['ecs:prod/web', 'ec2:sg-1', 'lambda:a'], ''],
    ['audit', 'lambda', ['ecs:prod/web', 'ec2:sg-1'], 'a deploy is of ec2, ecs, and changes of these'],
    ['trace', 'lambda', ['ecs:prod/web'], 'a deploy is of ecs, and changes of these were not asked for'],
    ['audit', 'lambda,ecs', ['ecs:prod/web'], ''],
    ['audit', 'all', ['ecs:prod/web'], ''],
    ['audit', 'lambda', ['web:shop'], ''],
  ])('%s of %s tells of deploys of other services: %j', async (command, services, components, told) => {
    const read: Call = { service: 'lambda', action: 'ListFunctions20150331', asked: null, readOnly: true };
    const run = await ask(await folderOf(components, [UPDATED, read]), command, services, []);
    const gaps = reportOf(run).gaps.filter(({ subject }) => subject === '--services');
    expect(gaps).toHaveLength(told === '' ? 0 : 1);
    if (told !== '') expect(gaps[0]).toMatchObject({ kind: 'not-seen', incomplete: false });
    if (told !== '') expect(gaps[0]?.message).toContain(told);
  });

  test('what is no pattern of a call is refused', async () => {
    const run = await ask(await folderOf([], []), 'audit', 'all', ['--ignore', 'ssm']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
  });
});

describe.concurrent('emit', () => {
  test.each([
    ['lamda:a', 'did you mean lambda?'],
    ['lambda:a', ''],
    ['eventbridge:a', 'did you mean events?'],
    ['bucket:a', 'did you mean s3?'],
    ['app:a', ''],
    ['ecs:prod/web', ''],
    ['web:a', ''],
  ])('%s: %j', async (component, told) => {
    const cwd = await makeFolder();
    const args = ['--env', 'prod', '--component', component, '--git-sha', 'a1b2c3d', '--file', 'out.jsonl'];
    const run = await runCli(['emit', ...args], { cwd });
    expect(run.code).toBe(0);
    if (told === '') expect(run.stderr).not.toContain('no service is known');
    else expect(run.stderr).toContain(told);
  });
});

describe.concurrent('emit refuses', () => {
  test.each([
    ['lambda:a,lambda:b', 'several components are given one by one'],
    [`lambda:${'$'}{FUNCTION}`, 'a variable in it was not replaced by its value'],
    ['lambda:billing-*', 'a pattern names no single thing'],
    ['monitoring:High CPU', 'a blank in a name is written %20'],
    ['lambda:<< parameters.name >>', 'a variable in it was not replaced by its value'],
    ['lambda:{{ name }}', 'a variable in it was not replaced by its value'],
    ['lambda:$FUNCTION', 'a variable in it was not replaced by its value'],
    ['https://example.com/a', 'a URL is no component'],
  ])('%s', async (component, cause) => {
    const cwd = await makeFolder();
    const args = ['--env', 'prod', '--component', component, '--git-sha', 'a1b2c3d', '--file', 'out.jsonl'];
    const run = await runCli(['emit', ...args], { cwd });
    expect(run).toMatchObject({ code: 7, stdout: '' });
    expect(run.stderr).toContain(cause);
  });
});
