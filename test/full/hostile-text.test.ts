import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolder, type RunResult, runCli } from '../cli/run-cli.ts';
import { startHostileService } from '../fakes/hostile-service.ts';
import { startWebhookServer } from '../fakes/webhook-server.ts';
import { markupProblem } from '../unit/report/well-formed.ts';

// Line breaks of every kind, lines that a runner takes for its own, escape sequences of one and of two bytes, marks that turn or
// hide text, and what markup, JSON, shells and Slack have a meaning for.
const HOSTILE =
  'x\n::add-mask::prod\r\n \u00a0::error::forged\u2028::debug::y\u0085##[error]z ##vso[task.complete]' +
  "\u001b[2J\u001b]0;t\u0007\u009b31m\u202e\u2066\u200b\u{e0041}\u0000<b a='1'>&\"`$(id)<!channel>]]>";
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0a1b2c3d-0000-4000-8000-000000000001';
const STORE = '0a1b2c3d-0000-4000-8000-000000000001';
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const DAY = ['--since', '2026-11-20T00:00:00Z', '--until', '2026-11-21T00:00:00Z'];
const KEYS = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'example-key',
  AWS_REGION: 'eu-west-1',
};
const TOKEN = ['{}', JSON.stringify({ iss: HOSTILE, aud: HOSTILE, sub: HOSTILE, exp: 4e9 }), 'x']
  .map(part => Buffer.from(part).toString('base64url'))
  .join('.');

const MARKER = {
  uid: '11111111-0000-5000-8000-000000000002',
  deploy_id: '11111111-0000-5000-8000-000000000003',
  ...{ env: 'prod', component: 'lambda:orders', account: '111122223333', region: 'eu-west-1' },
  ...{ git_sha: 'a1b2c3d4e5f6', status: 'success', kind: 'deploy', actor: HOSTILE, reason: HOSTILE },
  ...{
    deployed_at: '2026-11-20T10:05:00Z',
    recorded_at: '2026-11-20T10:05:01Z',
    started_at: '2026-11-20T10:00:00Z',
  },
  ...{ labels: { team: HOSTILE }, workflow: HOSTILE, triggered_by: HOSTILE, target_version: HOSTILE },
};
const RECORD = {
  ...{ eventVersion: '1.11', eventTime: '2026-11-20T12:00:00Z', eventSource: 'lambda.amazonaws.com' },
  ...{ eventName: `Update${HOSTILE}`, awsRegion: HOSTILE, recipientAccountId: HOSTILE, eventID: HOSTILE },
  ...{ readOnly: false, managementEvent: true, sourceIPAddress: HOSTILE, userAgent: HOSTILE },
  userIdentity: { type: 'IAMUser', arn: HOSTILE, userName: HOSTILE, accountId: HOSTILE, invokedBy: HOSTILE },
  requestParameters: { functionName: HOSTILE },
};

/** Nothing in a text steers a terminal, forges a line, or is a command of a runner's. */
function expectHarmless(text: string): void {
  for (const line of text.split('\n')) {
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    expect(line.trimStart()).not.toMatch(/^::/);
    expect(line).not.toMatch(/##\w*\[/);
  }
}

/** What a run said, held to be harmless, and to be about the hostile text at all. */
function expectTold({ stdout, stderr }: RunResult, { arrives = true } = {}): void {
  expectHarmless(stdout);
  expectHarmless(stderr);
  if (arrives) expect(stdout + stderr).toContain('forged');
  if (/^\s*\{/.test(stdout)) for (const line of stdout.trim().split('\n')) JSON.parse(line);
}

/** A folder with everything that is read, hostile in its names as well; a file's name holds neither NUL nor slash. */
async function hostileFolder(): Promise<string> {
  const folder = await makeFolder();
  const name = HOSTILE.replaceAll(/[\0/]/g, '').slice(0, 60);
  const files: Readonly<Record<string, string>> = {
    'markers.jsonl': `${JSON.stringify(MARKER)}\n`,
    'bad.jsonl': `${JSON.stringify({ ...MARKER, env: HOSTILE, [HOSTILE]: HOSTILE })}\n${HOSTILE}\n`,
    'logs/log.json': JSON.stringify({ Records: [RECORD, { ...RECORD, eventID: 'other' }] }),
    [`logs/${name}.json`]: HOSTILE,
    [`${name}.jsonl`]: HOSTILE,
    'trust.json': JSON.stringify({ Statement: [{ Effect: 'Allow', Action: HOSTILE, Principal: HOSTILE }] }),
    'deploy-marker.json': JSON.stringify({ [HOSTILE]: HOSTILE }),
    'allow.json': JSON.stringify([{ component: 'x', why: HOSTILE, until: '2020-01-01' }]),
  };
  await mkdir(join(folder, 'logs'));
  for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
  await mkdir(join(folder, 'plain'));
  return folder;
}

const name = HOSTILE.replaceAll(/[\0/]/g, '').slice(0, 60);
const arg = HOSTILE.replaceAll('\0', '');
// Line breaks tell the values of a list apart.
const line = arg.replaceAll(/[\r\n]/g, '');
const files = ['--markers', 'markers.jsonl', '--changes', 'logs/log.json'];
const emit = [
  'emit',
  '--env',
  'prod',
  '--git-sha',
  'a1b2c3d',
  '--component',
  'lambda:a',
  '--component',
  'lambda:b',
];
const texts = ['--reason', arg, '--label', `team=${line}`, '--actor', arg, '--workflow', arg, '--job', arg];

/** Command lines that need nobody, and say what they were given. */
const ALONE: readonly (readonly string[])[] = [
  ['trace', ...DAY, ...files],
  ['audit', ...DAY, ...files, '--allow', 'allow.json'],
  ['trace', ...DAY, '--markers', 'bad.jsonl', '--changes', 'logs'],
  ['audit', ...DAY, '--markers', `${name}.jsonl`, '--changes', 'logs'],
  ['trace', ...DAY, '--component', arg],
  [...emit, ...texts, '--channel-arn', CHANNEL, '--dry-run'],
  [...emit, ...texts, '--log-group', '/deploys', '--dry-run'],
  [...emit, '--env', arg, '--file', 'out'],
  ['emit', '--from', 'bad.jsonl', '--file', 'out'],
  ['validate', 'bad.jsonl', `${name}.jsonl`],
  ['session-name', '--check', arg],
  ['session-name', '--env', 'prod', '--git-sha', 'a1b2c3d', '--workflow', arg, '--job', arg],
  [
    'assume-role',
    '--role-arn',
    arg,
    '--env',
    'prod',
    '--git-sha',
    'a1b2c3d',
    '--output',
    'profile',
    '--profile',
    'x',
  ],
  ['template', arg],
  ['template', 'logs', '--param', `LogGroupName=${line}`],
  [arg],
  ['trace', '--config', 'deploy-marker.json', ...files],
];

/** Those of which some output leaves it out. */
const QUIET: readonly (readonly string[])[] = [
  [...emit, '--file', `${name}.out`],
  ['emit', `--${arg}`],
  ['query', '--marker-store', arg, '--change-store', arg],
  ['query', '--marker-store', STORE, '--change-store', STORE, '--event-source', arg],
  ['doctor', '--trust-policy', 'trust.json', '--role-arn', ROLE, '--url', arg, '--env', arg],
];

describe.concurrent('whatever is in files, flags and variables', () => {
  test.each([...ALONE, ...QUIET].flatMap(args => [[args], [[...args, '--json']], [[...args, '--debug']]]))(
    '%j',
    async args => {
      const env = {
        DEPLOY_MARKER_ID_TOKEN: TOKEN,
        USER: arg,
        AWS_PROFILE: '',
        CIRCLE_JOB: arg,
        CIRCLECI: 'true',
        AWS_REGION: 'eu-west-1',
      };
      const cwd = await hostileFolder();
      const config = args.includes('--config')
        ? []
        : ['--config', join(await plainConfig(), 'deploy-marker.json')];
      const command = args[0] === arg ? args : [...args, ...config];
      expectTold(await runCli(command, { cwd, env }), {
        arrives: !QUIET.some(quiet => quiet.every((word, i) => args[i] === word)),
      });
    },
  );

  test('the files that an audit writes are well-formed', async () => {
    const cwd = await hostileFolder();
    const config = ['--config', join(await plainConfig(), 'deploy-marker.json')];
    const written = ['--html', 'page.html', '--junit', 'junit.xml'];
    expectTold(await runCli(['audit', ...DAY, ...files, ...written, ...config], { cwd }));
    for (const file of written.filter(word => word.includes('.'))) {
      const text = await readFile(join(cwd, file), 'utf8');
      const body = text.replace(/<style>[\s\S]*?<\/style>/, '');
      expect(
        markupProblem(body, tag => ['meta', 'br'].includes(tag)),
        file,
      ).toBeUndefined();
      expectHarmless(body);
      expect(body).toContain('forged');
      expect(body).not.toMatch(/<b a/);
    }
  });

  test('the page of a trace is well-formed, and what a spool keeps is told harmlessly', async () => {
    const cwd = await hostileFolder();
    const config = ['--config', join(await plainConfig(), 'deploy-marker.json')];
    expectTold(await runCli(['trace', ...DAY, ...files, '--html', 'page.html', ...config], { cwd }));
    const page = (await readFile(join(cwd, 'page.html'), 'utf8')).replace(/<style>[\s\S]*?<\/style>/, '');
    expect(markupProblem(page, tag => ['meta', 'br'].includes(tag))).toBeUndefined();
    expectHarmless(page);
    expect(page).toContain('forged');
    expect(page).not.toMatch(/<b a/);
    const batch = {
      version: 1,
      sink: HOSTILE,
      target: HOSTILE,
      markers: [{ ...MARKER, env: HOSTILE }, HOSTILE],
    };
    await mkdir(join(cwd, 'spool'));
    const kept = '20260101T000000000Z-00000000-0000-4000-8000-00000000000';
    await writeFile(join(cwd, `spool/${kept}1.json`), JSON.stringify(batch));
    await writeFile(
      join(cwd, `spool/${kept}2.json`),
      JSON.stringify({ ...batch, sink: 'lake', target: CHANNEL }),
    );
    await writeFile(join(cwd, `spool/${kept}3.json`), HOSTILE);
    for (const json of [[], ['--json']]) {
      const run = await runCli(['emit', '--drain', 'spool', '--channel-arn', CHANNEL, ...json, ...config], {
        cwd,
        env: { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_MAX_ATTEMPTS: '1' },
      });
      expectTold(run, { arrives: false });
    }
  });

  test('a notice is lines of ours, and mentions nobody', async () => {
    const webhook = await startWebhookServer();
    try {
      const cwd = await hostileFolder();
      const config = ['--config', join(await plainConfig(), 'deploy-marker.json')];
      const notice = ['--state', 'state.json', '--notify-slack-env', 'HOOK'];
      expectTold(
        await runCli(['audit', ...DAY, ...files, ...notice, ...config], { cwd, env: { HOOK: webhook.url } }),
      );
      expect(webhook.violations).toEqual([]);
      const text = String(webhook.messages[0]?.body['text']);
      expectHarmless(text);
      expect(text).toContain('forged');
      expect(text).not.toContain('<!channel>');
    } finally {
      await webhook.close();
    }
  });
});

async function plainConfig(): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'deploy-marker.json'), '{}');
  return folder;
}

const lake = `lake:${STORE}`;
/** Command lines that ask a service. */
const ASKING: readonly (readonly string[])[] = [
  [...emit, '--channel-arn', CHANNEL],
  [...emit, '--log-group', '/deploys'],
  [...emit, '--bucket', 's3://bucket/markers'],
  ['audit', ...DAY, '--markers', 's3://bucket/markers'],
  ['trace', ...DAY, '--markers', 'markers.jsonl'],
  ['audit', ...DAY, '--markers', 'logs:/deploys'],
  ['trace', ...DAY, '--markers', lake, '--changes', lake],
  ['query', '--marker-store', STORE, '--change-store', STORE, '--run'],
  ['audit', ...DAY, ...files, '--state', 's3://bucket/state.json'],
  [
    'audit',
    ...DAY,
    ...files,
    '--state',
    'state.json',
    '--notify-sns',
    'arn:aws:sns:eu-west-1:111122223333:a',
  ],
  ['assume-role', '--role-arn', ROLE, '--env', 'prod', '--git-sha', 'a1b2c3d', '--output', 'env'],
  ['doctor', '--online', '--role-arn', ROLE, '--channel-arn', CHANNEL, '--env', 'prod'],
  ['doctor', '--online', '--log-group', '/deploys', '--env', 'prod'],
  ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--stack', 'shop', '--file', 'out'],
  [...emit, '--channel-arn', CHANNEL, '--sink-role-arn', ROLE],
  ['trace', ...DAY, '--markers', 'markers.jsonl', '--account', `111122223333=${ROLE}`],
  [...emit, '--channel-arn', CHANNEL, '--spool', 'undelivered', '--on-error', 'warn'],
  ...['json', 'bash-env', 'github-env', 'credential-process'].map(output => [
    ...['assume-role', '--role-arn', ROLE, '--env', 'prod', '--git-sha', 'a1b2c3d'],
    ...['--output', output],
  ]),
];

describe.concurrent.each([true, false])('whatever a service says, accepting: %s', accepts => {
  const cases = ASKING.flatMap(args => [[args], [args.includes('--output') ? args : [...args, '--json']]]);
  test.each(cases)('%j', async args => {
    const messages = [JSON.stringify(MARKER), HOSTILE];
    const service = await startHostileService({ says: HOSTILE, accepts, records: [RECORD], messages });
    try {
      const env = {
        ...KEYS,
        AWS_ENDPOINT_URL: service.url,
        AWS_MAX_ATTEMPTS: '1',
        DEPLOY_MARKER_ID_TOKEN: TOKEN,
      };
      const cwd = await hostileFolder();
      const forSteps = { BASH_ENV: join(cwd, 'bash-env'), GITHUB_ENV: join(cwd, 'github-env') };
      for (const file of Object.values(forSteps)) await writeFile(file, '');
      const config = ['--config', join(await plainConfig(), 'deploy-marker.json')];
      const named = args[0] === 'assume-role' ? { ...env, ...forSteps } : env;
      expectTold(await runCli([...args, ...config], { cwd, env: named }), { arrives: false });
      // What later steps read is ours, or nothing.
      for (const file of Object.values(forSteps)) expectHarmless(await readFile(file, 'utf8'));
    } finally {
      await service.close();
    }
  });
});
