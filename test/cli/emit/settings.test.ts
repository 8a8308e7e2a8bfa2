import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import { CI_ENVS, emitTo, SHA, storedMarkers, withAwsServer } from './scene.ts';

async function folderWithConfig(settings: unknown, name = 'deploy-marker.json'): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, name), typeof settings === 'string' ? settings : JSON.stringify(settings));
  return folder;
}

describe.concurrent('settings of emit', () => {
  test('come from DEPLOY_MARKER_*, lists one to a line', () =>
    withAwsServer(async server => {
      const env = {
        ...server.env(),
        DEPLOY_MARKER_CHANNEL_ARN: server.state.defaultChannelArn,
        DEPLOY_MARKER_ENV: 'prod',
        DEPLOY_MARKER_COMPONENT: 'lambda:a\nlambda:b\r\n\n',
        DEPLOY_MARKER_GIT_SHA: SHA,
        DEPLOY_MARKER_STATUS: 'failed',
        DEPLOY_MARKER_LABEL: 'team=billing\ntier=1',
        DEPLOY_MARKER_STARTED_AT: '2025-12-14T08:05:10Z',
        DEPLOY_MARKER_REASON: '',
      };
      expect(await runCli(['emit'], { env })).toMatchObject({ code: 0, stderr: '' });
      const common = { env: 'prod', status: 'failed', 'label.team': 'billing', 'label.tier': '1' };
      expect(storedMarkers(server)).toMatchObject([
        { ...common, component: 'lambda:a', started_at: '2025-12-14T08:05:10Z' },
        { ...common, component: 'lambda:b' },
      ]);
      expect(storedMarkers(server)[0]).not.toHaveProperty('reason');
    }));

  test.each([
    ['2025-12-14T10:00:00Z', 'is later than the end of the deploy, 2025-12-14T09:00:00Z'],
    ['soon', 'is no time'],
  ])('a start of %j that an earlier step left costs no marker', (started, why) =>
    withAwsServer(async server => {
      const env = { DEPLOY_MARKER_STARTED_AT: started };
      const flags = ['--deployed-at', '2025-12-14T09:00:00Z'];
      const result = await emitTo(server, flags, { env });
      expect(result).toMatchObject({
        code: 0,
        stderr: `warning: DEPLOY_MARKER_STARTED_AT is left out of the marker: "${started}" ${why}\n`,
      });
      expect(storedMarkers(server)[0]).not.toHaveProperty('started_at');
      // What somebody says in this very call is told as an error.
      expect((await emitTo(server, [...flags, '--started-at', started], { env })).code).toBe(7);
    }),
  );

  test.each([
    ['success', '--deployed-at'],
    ['running', '--started-at'],
  ])('a time in the future is told, and the marker is stored: %s', (status, flag) =>
    withAwsServer(async server => {
      const far = await emitTo(server, ['--status', status, flag, '2999-01-01T00:00:00Z']);
      expect(far).toMatchObject({
        code: 0,
        stderr: `warning: ${flag} 2999-01-01T00:00:00Z lies in the future; the time at which the marker is recorded will count\n`,
      });
      const near = new Date(Date.now() + 60_000).toISOString();
      expect((await emitTo(server, ['--status', status, flag, near])).stderr).toBe('');
    }),
  );

  test('a line break in a flag belongs to its value', () =>
    withAwsServer(async server => {
      expect((await emitTo(server, ['--label', 'note=one\ntwo', '--label', 'team=x'])).code).toBe(0);
      expect(storedMarkers(server)[0]).toMatchObject({ 'label.note': 'one\ntwo', 'label.team': 'x' });
    }));

  test.each([
    ['--component', '', '--component is given, but one of its values is empty'],
    ['--sink-role-arn', '', '--sink-role-arn is given, but its value is empty'],
  ])('%s %j is refused, for a variable that is not set must not pass for a choice', (flag, value, message) =>
    withAwsServer(async server => {
      const result = await emitTo(server, [flag, value]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result).message).toBe(message);
      expect(server.requests).toEqual([]);
    }),
  );

  test('come from deploy-marker.json beside us', () =>
    withAwsServer(async server => {
      const cwd = await folderWithConfig({
        'channel-arn': server.state.defaultChannelArn,
        env: 'prod',
        component: ['lambda:a', 'lambda:b'],
        'git-sha': SHA,
        'max-rate': 20,
      });
      expect((await runCli(['emit'], { cwd, env: server.env() })).code).toBe(0);
      expect(storedMarkers(server).map(({ component }) => component)).toEqual(['lambda:a', 'lambda:b']);
    }));

  test('are a flag’s before the environment’s before the file’s before the CI system’s', () =>
    withAwsServer(async server => {
      const cwd = await folderWithConfig({
        ...{ env: 'file', status: 'failed', reason: 'file', 'approved-by': 'file', job: 'file' },
      });
      const env = {
        ...CI_ENVS.circleci,
        DEPLOY_MARKER_ENV: 'environment',
        DEPLOY_MARKER_STATUS: 'canceled',
        DEPLOY_MARKER_REASON: 'environment',
      };
      const result = await emitTo(server, ['--status', 'running', '--env', 'flag'], { cwd, env });
      expect(result.code).toBe(0);
      expect(storedMarkers(server)[0]).toMatchObject({
        env: 'flag',
        status: 'running',
        reason: 'environment',
        approved_by: 'file',
        job: 'file',
        ref: 'main',
      });
    }));

  test('fall back from an empty flag to the environment', () =>
    withAwsServer(async server => {
      const result = await emitTo(server, ['--env', 'x', '--env', ''], {
        env: { DEPLOY_MARKER_ENV: 'prod' },
      });
      expect(result.code).toBe(0);
      expect(storedMarkers(server)[0]?.['env']).toBe('prod');
    }));

  test('of a list add up when the flag is repeated, and of no list the last one counts', () =>
    withAwsServer(async server => {
      const flags = ['--reason', 'one', '--reason', 'two', '--label', 'a=1', '--label', 'b=2'];
      expect((await emitTo(server, flags)).code).toBe(0);
      expect(storedMarkers(server)[0]).toMatchObject({ reason: 'two', 'label.a': '1', 'label.b': '2' });
    }));

  test('take account and Region from the role and AWS’s variables, unless they are given', () =>
    withAwsServer(async server => {
      const env = {
        DEPLOY_MARKER_ROLE_ARN: 'arn:aws:iam::444455556666:role/deploy',
        AWS_REGION: undefined,
        AWS_DEFAULT_REGION: 'ca-central-1',
      };
      expect((await emitTo(server, [], { env })).code).toBe(0);
      const given = ['--account', '777788889999', '--region', 'us-east-2'];
      expect((await emitTo(server, given, { env })).code).toBe(0);
      expect(storedMarkers(server).map(({ account, region }) => [account, region])).toEqual([
        ['444455556666', 'ca-central-1'],
        ['777788889999', 'us-east-2'],
      ]);
    }));

  test('have no twin where a flag describes one call', () =>
    withAwsServer(async server => {
      expect((await emitTo(server, [], { env: { DEPLOY_MARKER_DRY_RUN: 'true' } })).code).toBe(0);
      expect(server.state.stored).toHaveLength(1);
    }));

  test('of --config come from that file, which must be there', () =>
    withAwsServer(async server => {
      const cwd = await folderWithConfig({ env: 'other' }, 'other.json');
      const flags = ['emit', '--component', 'lambda:a', '--git-sha', SHA, '--file', 'm.jsonl'];
      const found = await runCli([...flags, '--config', 'other.json', '--json'], { cwd });
      expect(found.code).toBe(0);
      const missing = await runCli([...flags, '--config', 'none.json'], { cwd });
      expect(missing.code).toBe(2);
      expect(errorOf(missing)).toMatchObject({
        code: 'INPUT_UNREADABLE',
        message: expect.stringContaining('none.json'),
      });
      expect(server.requests).toEqual([]);
    }));

  test.each([
    ['{"env": "prod",}', 'is not JSON'],
    ['["prod"]', 'is not a JSON object'],
    ['{"chanel-arn": "x"}', '"chanel-arn" is not a setting'],
    ['{"dry-run": true}', '"dry-run" is not a setting'],
    ['{"env": {"a": 1}}', '"env" must be'],
  ])('of a file that holds %s are refused', async (text, why) => {
    const result = await runCli(['emit'], { cwd: await folderWithConfig(text) });
    expect(result.code).toBe(7);
    expect(errorOf(result)).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining(why) });
  });
});

describe.concurrent('what does not hold is told by where it comes from', () => {
  const MARKER = [
    'emit',
    '--env',
    'prod',
    '--component',
    'lambda:a',
    '--git-sha',
    'a1b2c3d',
    '--file',
    'm.jsonl',
  ];
  test.each([
    [[], { ROLE_SESSION_NAME: 'a b' }, 'error: ROLE_SESSION_NAME session name "a b" has'],
    [[], { DEPLOY_MARKER_SESSION_NAME: 'a b' }, 'error: DEPLOY_MARKER_SESSION_NAME session name "a b" has'],
    [['--session-name', 'a b'], { ROLE_SESSION_NAME: 'ci' }, 'error: --session-name session name "a b" has'],
    [[], { DEPLOY_MARKER_URL: 'app.example' }, 'error: DEPLOY_MARKER_URL must be'],
    [[], { AWS_REGION: 'x/' }, 'error: AWS_REGION, or the Region of the profile, must be'],
    [['--region', 'x/'], { AWS_REGION: 'eu-west-1' }, 'error: --region must be'],
  ])('%j with %j', async (args, env, told) => {
    const run = await runCli([...MARKER, ...args], { env, cwd: await makeFolder() });
    expect(run.code).toBe(7);
    expect(run.stderr).toContain(told);
  });

  test('a value of the configuration file', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify({ url: 'app.example' }));
    expect((await runCli(MARKER, { cwd })).stderr).toContain('error: url in the configuration file must be');
  });
});

describe.concurrent('settings of a checkout stay in it', () => {
  const MARKER = ['emit', '--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d'];
  test.each([
    ['a folder that is a link', 'up/markers.jsonl', '..', 'up'],
    ['a link to what is there', 'markers.jsonl', '../there', 'markers.jsonl'],
    ['a link to what is not there yet', 'markers.jsonl', '../new', 'markers.jsonl'],
  ])('%s leads out', async (_, file, target, link) => {
    const home = await makeFolder();
    const cwd = join(home, 'checkout');
    await mkdir(cwd);
    await writeFile(join(home, 'there'), '');
    await symlink(target, join(cwd, link));
    await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify({ file }));
    const run = await runCli(MARKER, { cwd });
    expect(run.code).toBe(7);
    expect(run.stderr).toContain('"file" leads out of the checkout');
    expect((await readdir(home)).toSorted()).toEqual(['checkout', 'there']);
  });

  test('links inside of it, and folders that are not there yet, do not', async () => {
    const cwd = await makeFolder();
    await mkdir(join(cwd, 'real'));
    await symlink('real', join(cwd, 'link'));
    await writeFile(join(cwd, 'deploy-marker.json'), JSON.stringify({ file: 'link/markers.jsonl' }));
    expect((await runCli(MARKER, { cwd })).code).toBe(0);
    expect(await readdir(join(cwd, 'real'))).toEqual(['markers.jsonl']);
  });
});
