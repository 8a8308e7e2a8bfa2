import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as anyTest, describe, expect } from 'vitest';
import {
  canInstall,
  findProgram,
  has,
  INSTALL,
  installErrorOf,
  makeInstallScene,
  missingPrograms,
  readVersion,
} from '../../orb/install-scene.ts';

const test = anyTest.runIf(canInstall);
const VERSION = await readVersion();
const NODE = process.versions.node;
const SHELLS = ['sh -eu', 'bash --posix -eu', 'dash -eu', 'busybox ash -eu'];
const usable = SHELLS.filter(shell => has(shell.split(' ')[0] ?? ''));
const LOOK = { run: { name: 'look', command: 'command -v deploy-marker; deploy-marker --version' } };

anyTest(
  'the programs that images have are there, or what needs them is named as skipped (with CI=true they are required)',
  () => {
    if (missingPrograms.length === 0) return;
    if (process.env['CI'] === 'true')
      expect.fail(`with CI=true these are required: ${missingPrograms.join(', ')}`);
    console.log(`SKIPPED: tests of the orb's install that need ${missingPrograms.join(', ')}`);
  },
);

test('installs the tool for the later steps, with one request', async () => {
  const scene = await makeInstallScene();
  const job = await scene.run({ after: [LOOK] });
  const { code, stdout, stderr } = job.step(INSTALL);
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: `installed deploy-marker ${VERSION} in ${scene.folder} (Node ${NODE})\n`,
    stderr: '',
  });
  expect(job.step('look')).toMatchObject({
    code: 0,
    stdout: `${scene.folder}/bin/deploy-marker\n${VERSION}\n`,
    stderr: '',
  });
  expect(scene.registry.requests).toEqual([
    {
      path: `/npm/deploy-marker/-/deploy-marker-${VERSION}.tgz`,
      authorization: undefined,
      outcome: 200,
    },
  ]);
  expect(await scene.installed()).toEqual([VERSION, `${VERSION}.tgz`, 'bin']);
  expect(await readdir(join(scene.folder, VERSION))).toContain('LICENSE');
  // Credentials may follow in it.
  expect((await stat(job.bashEnv)).mode & 0o777).toBe(0o600);
});

test('bash finds exactly the folder on PATH, once, however often it is installed', async () => {
  const scene = await makeInstallScene();
  const job = await scene.run({ after: [{ 'deploy-marker/install': { registry: scene.registry.url } }] });
  expect(job.step(INSTALL)).toMatchObject({
    code: 0,
    stdout: `deploy-marker ${VERSION} is there already: ${scene.folder}/bin/deploy-marker\n`,
    stderr: '',
  });
  expect((await job.environment())['PATH']).toBe(`${scene.folder}/bin:${scene.bin}`);
  expect(scene.registry.requests).toHaveLength(1);
});

test('the other commands find it, wherever it was installed and from what', async () => {
  const scene = await makeInstallScene();
  await scene.link('tr');
  const job = await scene.run({
    after: [{ 'deploy-marker/session_name': { env: 'prod', git_sha: 'a1b2c3d' } }],
  });
  expect(job).toMatchObject({ status: 'success', output: expect.any(String) });
  expect(job.output).toContain(
    `deploy-marker ${VERSION} is there already: ${scene.folder}/bin/deploy-marker\n`,
  );
  expect(scene.registry.requests).toHaveLength(1);
});

test('a later job with the same folder asks for nothing', async () => {
  const scene = await makeInstallScene();
  await scene.run();
  const job = await scene.run({ after: [LOOK] });
  expect(job.step('look')).toMatchObject({
    code: 0,
    stdout: `${scene.folder}/bin/deploy-marker\n${VERSION}\n`,
  });
  expect(scene.registry.requests).toHaveLength(1);
});

test('this version on PATH is enough', async () => {
  const scene = await makeInstallScene();
  await scene.stub('deploy-marker', `echo ${VERSION}`);
  const job = await scene.run();
  expect(job.step(INSTALL)).toMatchObject({
    code: 0,
    stdout: `deploy-marker ${VERSION} is there already: ${scene.bin}/deploy-marker\n`,
    stderr: '',
  });
  expect(scene.registry.requests).toEqual([]);
  expect(await readdir(scene.home)).toEqual([]);
});

test.each([
  ['another version', `echo 9${VERSION}`],
  ['a broken one', 'exit 1'],
])('%s on PATH is not', async (_name, line) => {
  const scene = await makeInstallScene();
  await scene.stub('deploy-marker', line);
  const job = await scene.run({ after: [LOOK] });
  expect(job.step('look')).toMatchObject({
    code: 0,
    stdout: `${scene.folder}/bin/deploy-marker\n${VERSION}\n`,
  });
});

test.each(['bin/deploy-marker', `${VERSION}/dist/cli.cjs`, `${VERSION}.tgz`])(
  'nothing that a kept folder holds runs before it was held against the checksum: %s',
  async file => {
    const scene = await makeInstallScene();
    await scene.run();
    const ran = join(scene.home, 'ran');
    const program = file.endsWith('.cjs')
      ? `require('fs').writeFileSync('${ran}', ''); console.log('${VERSION}');`
      : `#!/bin/sh\n: >'${ran}'\necho ${VERSION}\n`;
    await writeFile(join(scene.folder, file), program);
    // The folder may be in the job's PATH before it is looked at.
    const job = await scene.run({ after: [LOOK], env: { PATH: `${scene.folder}/bin:${scene.bin}` } });
    expect(job.step('look')).toMatchObject({
      code: 0,
      stdout: `${scene.folder}/bin/deploy-marker\n${VERSION}\n`,
    });
    await expect(readFile(ran)).rejects.toThrow('ENOENT');
    expect(scene.registry.requests).toHaveLength(file.endsWith('.tgz') ? 2 : 1);
  },
);

test.each([
  ['a link to it', 'link', ''],
  ['a name with more slashes', '.deploy-marker/', '/'],
])('nor where PATH has %s', async (_what, inPath, end) => {
  const scene = await makeInstallScene();
  await scene.run();
  const ran = join(scene.home, 'ran');
  await writeFile(join(scene.folder, 'bin/deploy-marker'), `#!/bin/sh\n: >'${ran}'\necho ${VERSION}\n`);
  await symlink(scene.folder, join(scene.home, 'link'));
  const env = { PATH: `${scene.home}/${inPath}/bin:${scene.bin}` };
  const job = await scene.run({ parameters: { install_dir: `${scene.folder}${end}` }, env });
  expect(job).toMatchObject({ status: 'success' });
  await expect(readFile(ran)).rejects.toThrow('ENOENT');
});

test('a kept folder is not run where the tarball is not to be had', async () => {
  const scene = await makeInstallScene();
  await scene.run();
  await rm(join(scene.folder, `${VERSION}.tgz`));
  const job = await scene.run({ parameters: { registry: 'http://127.0.0.1:9' } });
  expect(installErrorOf(job)).toMatchObject({ code: 'NETWORK' });
});

test.each(['warn', 'ignore'])('with on_error %s a job goes on without it, and says so', async on_error => {
  const scene = await makeInstallScene();
  const job = await scene.run({ parameters: { registry: 'http://127.0.0.1:9', on_error } });
  expect(job.step(INSTALL)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/code: NETWORK \(exit 4\)\nwarning: the job goes on without deploy-marker/),
  });
});

test('a kept folder serves another Node, too', async () => {
  const scene = await makeInstallScene();
  await scene.run();
  await writeFile(join(scene.folder, 'bin/deploy-marker'), '#!/bin/sh\nexec /gone/node "$@"\n');
  const job = await scene.run({ after: [LOOK] });
  expect(job.step('look')).toMatchObject({ code: 0 });
  expect(await readFile(join(scene.folder, 'bin/deploy-marker'), 'utf8')).toContain(process.execPath);
  expect(scene.registry.requests).toHaveLength(1);
});

test('what interrupted runs left does not matter', async () => {
  const scene = await makeInstallScene();
  // Not as mv leaves it, but as a cache may.
  await mkdir(join(scene.folder, VERSION, 'dist'), { recursive: true });
  await writeFile(join(scene.folder, VERSION, 'dist/cli.cjs'), 'throw new Error("half of it");');
  await mkdir(join(scene.folder, 'tmp.abc123/unpacked'), { recursive: true });
  const job = await scene.run({ after: [LOOK] });
  expect(job.step('look')).toMatchObject({ code: 0 });
  expect(await scene.installed()).toEqual([VERSION, `${VERSION}.tgz`, 'bin', 'tmp.abc123']);
});

test('a run that is killed leaves nothing that breaks the next', async () => {
  const scene = await makeInstallScene();
  scene.registry.fail('reset');
  expect(await scene.run({ cancelAt: INSTALL })).toMatchObject({ status: 'canceled' });
  expect((await scene.run({ after: [LOOK] })).step('look')).toMatchObject({ code: 0 });
});

test('a run that is told to end takes its temporary folder along', async () => {
  const scene = await makeInstallScene();
  scene.registry.fail('reset');
  await scene.stub('sleep', 'kill -TERM "$PPID"');
  const job = await scene.run();
  expect(job.step(INSTALL)).toMatchObject({ code: 6 });
  expect(await scene.installed()).toEqual(['bin']);
});

test('several jobs can install into one folder at the same time', async () => {
  const scene = await makeInstallScene();
  const jobs = await Promise.all([1, 2, 3, 4].map(() => scene.run({ after: [LOOK] })));
  for (const job of jobs) expect(job, job.output).toMatchObject({ status: 'success' });
  expect(await scene.installed()).toEqual([VERSION, `${VERSION}.tgz`, 'bin']);
});

test('where another job was faster, its folder stays as it is', async () => {
  const scene = await makeInstallScene();
  const [cp, mv] = await Promise.all([findProgram('cp'), findProgram('mv')]);
  await scene.stub('mv', `case $2 in */${VERSION}) ${cp} -R "$1" "$2" ;; esac`, `exec ${mv} "$@"`);
  const job = await scene.run({ after: [LOOK] });
  expect(job.step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
  expect(await readdir(join(scene.folder, VERSION))).toHaveLength(5);
});

describe('BASH_ENV', () => {
  test('without a file name is an error', async () => {
    const scene = await makeInstallScene();
    expect(installErrorOf(await scene.run({ packed: { BASH_ENV: '' } }))).toMatchObject({
      exit: 2,
      message: expect.stringContaining('BASH_ENV is not set'),
    });
    expect(scene.registry.requests).toEqual([]);
  });

  test.each(['1', '1\\', '1\\\n'])('keeps what it had, even %j without a proper end', async before => {
    const scene = await makeInstallScene();
    const file = join(scene.home, 'environment');
    await writeFile(file, `export BEFORE=${before}`);
    await scene.run({ packed: { BASH_ENV: file } });
    expect(await readFile(file, 'utf8')).toBe(
      `export BEFORE=${before}\n\nexport PATH='${scene.folder}/bin':"$PATH" # deploy-marker\n`,
    );
    // A bash whose input is a socket takes itself for one of rsh, and reads no BASH_ENV.
    const shell = execFileSync('bash', ['-c', 'echo "$BEFORE $PATH"'], {
      env: { BASH_ENV: file },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(shell).toContain(`1 ${scene.folder}/bin:`);
  });

  test('that is a FIFO is an error, and does not hang the step', async () => {
    const scene = await makeInstallScene();
    const fifo = join(scene.home, 'fifo');
    execFileSync('mkfifo', [fifo]);
    expect(installErrorOf(await scene.run({ packed: { BASH_ENV: fifo } }))).toMatchObject({
      exit: 5,
      message: `cannot append to the file $BASH_ENV, ${fifo}`,
    });
  });

  test('has the variables that parameters name', async () => {
    const scene = await makeInstallScene();
    const set = {
      run: { name: 'set', command: `echo 'echo noise; export MIRROR=${scene.registry.url}' >>"$BASH_ENV"` },
    };
    const parameters = { registry: '$MIRROR' };
    const job = await scene.run({ before: [set], parameters });
    expect(job.step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
    expect(scene.registry.requests).toHaveLength(1);
  });

  test('that cannot be written is an error', async () => {
    const scene = await makeInstallScene();
    expect(installErrorOf(await scene.run({ packed: { BASH_ENV: scene.home } }))).toMatchObject({
      exit: 5,
      message: `cannot append to the file $BASH_ENV, ${scene.home}`,
    });
  });
});

test('without bash it says so', async () => {
  const scene = await makeInstallScene();
  await scene.unlink('bash', 'ldd');
  expect(installErrorOf(await scene.run())).toMatchObject({
    exit: 2,
    code: 'PROGRAM_MISSING',
    message: 'bash is missing, which the other steps of this orb need',
    hint: expect.stringContaining('apk add bash'),
  });
});

test('an orb that was not packed by us says so', async () => {
  const scene = await makeInstallScene();
  const result = installErrorOf(await scene.run({ packed: { ORB_VERSION: '%VERSION%' } }));
  expect(result).toMatchObject({ exit: 2, hint: expect.stringContaining('npm run orb:pack') });
});

test('a folder where no program can run is an error', async () => {
  const scene = await makeInstallScene();
  // What a file system that is mounted noexec looks like.
  await scene.stub('chmod', 'exit 0');
  expect(installErrorOf(await scene.run())).toMatchObject({ exit: 5, code: 'INSTALL_BROKEN' });
});

test('runs when it is told to', async () => {
  const scene = await makeInstallScene();
  expect((await scene.run({ parameters: { when: 'on_fail' } })).ran).toEqual([]);
  expect((await scene.run({ parameters: { when: 'always' } })).ran).toEqual([INSTALL]);
});

describe('shells', () => {
  test.each(usable)('%s', async shell => {
    const scene = await makeInstallScene();
    await scene.link(shell.split(' ')[0] ?? '');
    const job = await scene.run({ shell, after: [LOOK] });
    expect(job.step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
    expect(job.step('look')).toMatchObject({ code: 0 });
    expect(await scene.run({ shell })).toMatchObject({ status: 'success' });
  });
});
