import { copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as anyTest, describe, expect } from 'vitest';
import { makeFolder } from '../../cli/run-cli.ts';
import {
  canInstall,
  INSTALL,
  type InstallScene,
  installErrorOf,
  makeInstallScene,
  readVersion,
  TARBALL,
} from '../../orb/install-scene.ts';

const test = anyTest.runIf(canInstall);
const VERSION = await readVersion();
const LOOK = { run: { name: 'look', command: 'deploy-marker --version' } };

const NAMES = {
  spaces: 'a b  c ',
  quotes: `it's "it"`,
  command: '$(touch pwned)',
  backticks: '`touch pwned`',
  'end of a command': `'; touch pwned; '`,
  'end of a string': `"; touch pwned; "`,
  variable: '$HOME $IFS $$ $1',
  hyphen: '-rf',
  flag: '--help',
  'non-ASCII': 'dépôt 日本 🚀',
  stars: '* ? [a-z] \\ \\\\ %s %d',
  redirection: '<in >pwned | touch pwned & touch pwned',
};

describe('hostile values', () => {
  /** What a run may not have done. */
  async function expectNothingExecuted(scene: InstallScene, cwd: string): Promise<void> {
    expect(await readdir(cwd)).not.toContain('pwned');
    expect(await readdir(scene.home)).not.toContain('pwned');
  }

  // As variables' values, which are not looked into again, so that they stay what they are.
  test.each(Object.entries(NAMES))('in install_dir and tarball: %s', async (_name, value) => {
    const scene = await makeInstallScene();
    const [cwd, env] = [await makeFolder(), { VALUE: value }];
    await mkdir(join(cwd, value));
    await copyFile(TARBALL, join(cwd, value, value));
    const parameters = { install_dir: '$VALUE', tarball: '$VALUE/$VALUE' };
    const job = await scene.run({ parameters, cwd, env, after: [LOOK] });
    await expectNothingExecuted(scene, cwd);
    expect(job.step(INSTALL)).toMatchObject({
      code: 0,
      stdout: `installed deploy-marker ${VERSION} in ${cwd}/${value} (Node ${process.versions.node})\n`,
      stderr: '',
    });
    expect(job.step('look')).toMatchObject({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
    expect((await job.environment())['PATH']).toBe(`${cwd}/${value}/bin:${scene.bin}`);
    const before = await readFile(job.bashEnv, 'utf8');
    expect(await job.rerun(INSTALL)).toMatchObject({ code: 0 });
    expect(await readFile(job.bashEnv, 'utf8')).toBe(before);
  });

  const bad = ['x'.repeat(300), 'http://', 'ftp://127.0.0.1/', 'http://127.0.0.1:1/"\\\n-o pwned'];
  test.each([...Object.values(NAMES), ...bad])('in registry: %j', async value => {
    const scene = await makeInstallScene();
    const cwd = await makeFolder();
    for (const address of [value, `${scene.registry.url}/${value}`]) {
      const options = { parameters: { registry: '$REGISTRY' }, cwd, env: { REGISTRY: address } };
      const job = await scene.run(options);
      await expectNothingExecuted(scene, cwd);
      expect([2, 4]).toContain(installErrorOf(job).exit);
    }
  });

  test.each(['a b', 'a"b', 'a\\b'])('in an address: %j, which no URL holds', async value => {
    const scene = await makeInstallScene();
    const result = await scene.run({ parameters: { registry: `${scene.registry.url}/${value}` } });
    expect(installErrorOf(result)).toMatchObject({
      exit: 2,
      message: expect.stringContaining('is not a URL'),
    });
    expect(scene.registry.requests).toEqual([]);
  });

  test.each(['install_dir', 'tarball', 'registry'])('%s that is not one line', async name => {
    const scene = await makeInstallScene();
    for (const value of ['a\ntouch pwned', 'a\u001b[2Jb', 'a\rb']) {
      const cwd = await makeFolder();
      const job = await scene.run({ parameters: { [name]: value }, cwd });
      await expectNothingExecuted(scene, cwd);
      expect(installErrorOf(job)).toMatchObject({
        exit: 2,
        message: `the parameter ${name} holds a line break or another control character`,
      });
    }
  });

  test('install_dir of 300 characters', async () => {
    const scene = await makeInstallScene();
    const parameters = { install_dir: `~/${'x'.repeat(300)}` };
    expect(installErrorOf(await scene.run({ parameters }))).toMatchObject({ exit: 5 });
    const deep = { install_dir: `~/${'x'.repeat(150)}/${'y'.repeat(150)}` };
    expect(await scene.run({ parameters: deep, after: [LOOK] })).toMatchObject({ status: 'success' });
  });
});

describe('install_dir', () => {
  test.each(['relative', '~/at-home', '<nil>', ''])('%j', async install_dir => {
    const scene = await makeInstallScene();
    const cwd = await makeFolder();
    const folder =
      install_dir === 'relative'
        ? join(cwd, install_dir)
        : join(scene.home, install_dir.startsWith('~') ? 'at-home' : '.deploy-marker');
    const job = await scene.run({ parameters: { install_dir }, cwd });
    expect((await job.environment())['PATH']).toBe(`${folder}/bin:${scene.bin}`);
  });

  test('cannot hold a colon', async () => {
    const scene = await makeInstallScene();
    const result = installErrorOf(await scene.run({ parameters: { install_dir: '/a:b' } }));
    expect(result).toMatchObject({ exit: 2, message: expect.stringContaining('/a:b') });
  });

  test('that cannot be written is an error', async () => {
    const scene = await makeInstallScene();
    await writeFile(join(scene.home, 'file'), '');
    const job = await scene.run({ parameters: { install_dir: '~/file/folder' } });
    expect(installErrorOf(job)).toMatchObject({
      exit: 5,
      code: 'FILE_UNWRITABLE',
      message: `cannot write to the folder ${scene.home}/file/folder`,
    });
    // With the system's reason.
    expect(job.output).toContain('Not a directory');
  });
});

describe('registry', () => {
  test.each(['', '<nil>'])('%j means the one that packing put in', async registry => {
    const scene = await makeInstallScene();
    const job = await scene.run({
      parameters: { registry },
      packed: { ORB_DEFAULT_REGISTRY: scene.registry.url },
    });
    expect(job).toMatchObject({ status: 'success' });
  });

  test('may end in a slash', async () => {
    const scene = await makeInstallScene();
    expect(await scene.run({ parameters: { registry: `${scene.registry.url}/` } })).toMatchObject({
      status: 'success',
    });
  });
});

describe('variables in values', () => {
  async function makeScene(): Promise<{ scene: InstallScene; log: string }> {
    const scene = await makeInstallScene();
    await scene.link('basename');
    return { scene, log: join(scene.home, 'calls') };
  }

  test('are filled in by circleci', async () => {
    const { scene, log } = await makeScene();
    const env = { FOLDER: 'folder', MIRROR: scene.registry.url, NIL: '<nil>', FAKE_CIRCLECI_LOG: log };
    const parameters = { install_dir: '~/$FOLDER', registry: '$MIRROR', tarball: '$NIL' };
    expect(await scene.run({ parameters, env })).toMatchObject({ status: 'success' });
    expect(await readdir(join(scene.home, 'folder'))).toContain(VERSION);
    expect(await readFile(log, 'utf8')).toBe('circleci\tenv\tsubst\n'.repeat(3));
  });

  test.each(['registry', 'tarball', 'install_dir'])(
    '%s whose variable is not set is an error, not the default',
    async name => {
      const { scene } = await makeScene();
      expect(installErrorOf(await scene.run({ parameters: { [name]: '$NONE' } }))).toMatchObject({
        code: 'USAGE',
        message: `the parameter ${name} is $NONE, which is empty`,
      });
      expect(scene.registry.requests).toEqual([]);
    },
  );

  test('are filled in by circleci-agent where that is the name', async () => {
    const { scene, log } = await makeScene();
    await symlink(join(scene.bin, 'circleci'), join(scene.bin, 'circleci-agent'));
    await scene.unlink('circleci');
    await symlink(new URL('../../fakes/bin/circleci', import.meta.url), join(scene.bin, 'agent'));
    await scene.stub('circleci-agent', `exec '${scene.bin}/agent' "$@"`);
    const env = { MIRROR: scene.registry.url, FAKE_CIRCLECI_LOG: log };
    expect(await scene.run({ parameters: { registry: '$MIRROR' }, env })).toMatchObject({
      status: 'success',
    });
    expect(await readFile(log, 'utf8')).toBe('agent\tenv\tsubst\n');
  });

  test('cost nothing where there are none', async () => {
    const { scene, log } = await makeScene();
    await scene.run({ env: { FAKE_CIRCLECI_LOG: log } });
    expect(await readdir(scene.home)).not.toContain('calls');
  });

  test('cannot be filled in without either', async () => {
    const { scene } = await makeScene();
    await scene.unlink('circleci');
    expect(installErrorOf(await scene.run({ parameters: { registry: '$MIRROR' } }))).toMatchObject({
      exit: 2,
      code: 'PROGRAM_MISSING',
      message: expect.stringContaining('the parameter registry holds a $'),
    });
  });

  test('that circleci refuses are an error', async () => {
    const { scene } = await makeScene();
    await scene.stub('circleci', 'exit 1');
    expect(installErrorOf(await scene.run({ parameters: { tarball: '${' } }))).toMatchObject({
      exit: 2,
      message: '`circleci env subst` refused the value of the parameter tarball',
    });
  });
});
