import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startAwsServer } from '../fakes/aws-server.ts';
import { mintToken } from '../fakes/oidc-token.ts';
import { makeFolder, runCli } from './run-cli.ts';

// What a run has loaded when it ends: files of the bundle, and built-in modules that take long.
const TELL = `process.on('exit', () => require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify({
  files: Object.keys(require.cache), modules: process.moduleLoadList })));`;

interface Loaded {
  readonly files: readonly string[];
  readonly kilobytes: number;
  readonly modules: readonly string[];
}

const SLOW = [
  'crypto',
  'http',
  'https',
  'tls',
  'perf_hooks',
  'zlib',
  'child_process',
  'readline',
  'worker_threads',
];

async function loadedBy(args: readonly string[], env: Record<string, string> = {}): Promise<Loaded> {
  const folder = await makeFolder();
  const [tell, told] = [join(folder, 'tell.cjs'), join(folder, 'told.json')];
  await writeFile(tell, TELL);
  const result = await runCli(args, { env: { ...env, NODE_OPTIONS: `--require ${tell}`, LOADED: told } });
  expect(result).toMatchObject({ code: 0 });
  const { files, modules } = JSON.parse(await readFile(told, 'utf8'));
  const own: string[] = files.filter((file: string) => file.includes('/dist/'));
  const sizes = await Promise.all(own.map(async file => (await readFile(file)).length));
  return {
    files: own.map(file => basename(file)),
    kilobytes: sizes.reduce((sum, size) => sum + size, 0) / 1000,
    modules: SLOW.filter(name => modules.includes(`NativeModule ${name}`)),
  };
}

const DEPLOY = ['--env', 'prod', '--git-sha', 'a1b2c3d'];

describe.concurrent('a start loads no more than it needs', () => {
  test('session-name', async () => {
    const loaded = await loadedBy(['session-name', ...DEPLOY]);
    expect(loaded).toMatchObject({ files: ['cli.cjs'], modules: [] });
    expect(loaded.kilobytes).toBeLessThan(56);
  });

  test('emit to the lake', async () => {
    const server = await startAwsServer();
    const channel = ['--channel-arn', server.state.defaultChannelArn];
    const args = ['emit', ...DEPLOY, '--component', 'lambda:a', ...channel];
    const loaded = await loadedBy(args, server.env());
    expect(loaded).toMatchObject({ files: ['cli.cjs', 'emit.cjs'], modules: ['crypto', 'http'] });
    expect(loaded.kilobytes).toBeLessThan(140);
    await server.close();
  });

  test('assume-role', async () => {
    const server = await startAwsServer();
    const role = ['--role-arn', server.state.defaultRoleArn, '--session-name', 'ci-prod-a1b2c3d'];
    const env = { ...server.env(), DEPLOY_MARKER_ID_TOKEN: mintToken() };
    const loaded = await loadedBy(['assume-role', ...role, '--output', 'json'], env);
    expect(loaded.files).toEqual(['cli.cjs', 'assume-role.cjs']);
    expect(loaded.kilobytes).toBeLessThan(130);
    expect(loaded.modules).not.toContain('perf_hooks');
    expect(loaded.modules).not.toContain('https');
    await server.close();
  });

  test('doctor', async () => {
    const loaded = await loadedBy(['doctor', ...DEPLOY], { AWS_REGION: 'eu-west-1' });
    expect(loaded.files).toEqual(['cli.cjs', 'doctor.cjs']);
    expect(loaded.kilobytes).toBeLessThan(150);
    expect(loaded.modules).not.toContain('child_process');
  });
});
