import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/.bin/tsc');

// An empty folder in which somebody installs what is released, with npm and without network.
let folder: string;
let version: string;

/** Nobody's settings, an empty cache, no network. */
const env = (): Record<string, string | undefined> => ({
  PATH: process.env['PATH'],
  HOME: folder,
  npm_config_cache: join(folder, 'cache'),
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
});

async function runThere(
  command: string,
  args: readonly string[],
): Promise<{ stdout: string; stderr: string }> {
  return run(command, [...args], { cwd: folder, env: env() });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-marker-installed-'));
  ({ version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  await runThere('npm', ['install', '--no-audit', '--no-fund', `./deploy-marker-${version}.tgz`]);
}, 60_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the command', () => {
  const npx = (...args: string[]) => runThere('npx', ['deploy-marker', ...args]);

  test('tells its version, names a session, and records a deploy', async () => {
    expect(await npx('--version')).toEqual({ stdout: `${version}\n`, stderr: '' });
    expect(await npx('session-name', '--env', 'prod', '--git-sha', 'a1b2c3d')).toEqual({
      stdout: 'ci-prod-a1b2c3d\n',
      stderr: '',
    });
    const flags = ['--env', 'prod', '--component', 'lambda:orders', '--git-sha', 'a1b2c3d'];
    const { stdout } = await npx('emit', ...flags, '--file', 'markers.jsonl');
    expect(stdout).toMatch(/^stored in markers\.jsonl: lambda:orders uid=[0-9a-f-]{36}\n$/);
    const marker = JSON.parse(await readFile(join(folder, 'markers.jsonl'), 'utf8'));
    expect(marker).toMatchObject({ env: 'prod', component: 'lambda:orders', git_sha: 'a1b2c3d' });
    expect((await npx('validate', 'markers.jsonl')).stdout).toContain('ok');
  });

  test('is alone: nothing else is installed', async () => {
    const { stdout } = await runThere('npm', ['ls', '--all', '--parseable']);
    expect(stdout.trim().split('\n')).toEqual([folder, join(folder, 'node_modules/deploy-marker')]);
  });

  test('runs where it is installed for all projects', async () => {
    const prefix = join(folder, 'global');
    await runThere('npm', ['install', '--global', '--prefix', prefix, `./deploy-marker-${version}.tgz`]);
    const { stdout } = await runThere(join(prefix, 'bin/deploy-marker'), ['version']);
    expect(stdout).toBe(`${version}\n`);
  });
});

describe('the library', () => {
  const USE = "const { name } = composeSessionName({ env: 'prod', sha: 'a1b2c3d' });\nconsole.log(name);\n";
  const IMPORT = `import { composeSessionName } from 'deploy-marker';\n${USE}`;
  const REQUIRE = `const { composeSessionName } = require('deploy-marker');\n${USE}`;

  /** Compiles a file as a user's project would, declarations of ours included. */
  async function compile(file: string, module: string, moduleResolution: string): Promise<string> {
    const settings = ['--strict', '--noEmit', '--skipLibCheck', 'false', '--target', 'es2022'];
    const resolution = ['--module', module, '--moduleResolution', moduleResolution];
    const args = [...settings, '--lib', 'es2023,dom', '--types', '', ...resolution, file];
    return runThere(TSC, args).then(
      () => 'compiles',
      error => String(Object(error).stdout),
    );
  }

  test('is an ES module', async () => {
    await writeFile(join(folder, 'use.mjs'), IMPORT);
    expect((await runThere(process.execPath, ['use.mjs'])).stdout).toBe('ci-prod-a1b2c3d\n');
  });

  test.each([
    ['node16', 'node16'],
    ['nodenext', 'nodenext'],
    ['preserve', 'bundler'],
    ['esnext', 'bundler'],
  ])('types hold under %s, %s', async (module, moduleResolution) => {
    await writeFile(join(folder, 'use.mts'), `${IMPORT}const wrong: number = name;\n`);
    expect(await compile('use.mts', module, moduleResolution)).toContain('TS2322');
    await writeFile(join(folder, 'use.mts'), IMPORT);
    expect(await compile('use.mts', module, moduleResolution)).toBe('compiles');
  });

  // Node 20.19, 22.12 and later do that by themselves: https://nodejs.org/api/modules.html#loading-ecmascript-modules-using-require
  test('can be required, too', async () => {
    await writeFile(join(folder, 'use.cjs'), REQUIRE);
    expect((await runThere(process.execPath, ['use.cjs'])).stdout).toBe('ci-prod-a1b2c3d\n');
    const typed = REQUIRE.replace('const { composeSessionName } =', 'import library =');
    await writeFile(
      join(folder, 'use.cts'),
      typed.replace('composeSessionName(', 'library.composeSessionName('),
    );
    expect(await compile('use.cts', 'nodenext', 'nodenext')).toBe('compiles');
    // It says so where the project is set for a Node that cannot.
    expect(await compile('use.cts', 'node16', 'node16')).toContain('TS1471');
  });

  test('says what it needs where a Node does not load ES modules so', async () => {
    await writeFile(join(folder, 'use.cjs'), REQUIRE);
    const old = runThere(process.execPath, ['--no-experimental-require-module', 'use.cjs']);
    await expect(old).rejects.toMatchObject({ stderr: expect.stringContaining('ERR_REQUIRE_ESM') });
  });

  test('nothing but its own entries can be reached', async () => {
    await writeFile(join(folder, 'deep.mjs'), "import 'deploy-marker/dist/cli.cjs';\n");
    const deep = runThere(process.execPath, ['deep.mjs']);
    await expect(deep).rejects.toMatchObject({
      stderr: expect.stringContaining('ERR_PACKAGE_PATH_NOT_EXPORTED'),
    });
  });
});
