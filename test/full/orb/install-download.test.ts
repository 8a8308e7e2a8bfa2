import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test as anyTest, describe, expect } from 'vitest';
import { makeFolder } from '../../cli/run-cli.ts';
import {
  canInstall,
  findProgram,
  has,
  INSTALL,
  type InstallScene,
  installErrorOf,
  makeInstallScene,
  readVersion,
  TARBALL,
} from '../../orb/install-scene.ts';

const test = anyTest.runIf(canInstall);
const VERSION = await readVersion();
const BUSYBOX = await findProgram('busybox');
const PATH_OF_TARBALL = `/deploy-marker/-/deploy-marker-${VERSION}.tgz`;
const EXPECTED = createHash('sha512')
  .update(await readFile(TARBALL))
  .digest('hex');

/** The real program, but with one second where the step says many for this limit. */
async function makeImpatient(scene: InstallScene, limit: string): Promise<void> {
  if (limit === 'timeout') {
    await scene.stub('timeout', 'shift', `exec ${await findProgram('timeout')} 1 "$@"`);
    return;
  }
  await scene.stub(
    'curl',
    'for argument do',
    '  shift',
    `  [ "$previous" != ${limit} ] || argument=1`,
    '  previous=$argument',
    '  set -- "$@" "$argument"',
    'done',
    `exec ${await findProgram('curl')} "$@"`,
  );
}

/** Something like a tarball, with another content. */
async function makeOtherTarball(): Promise<{ bytes: Uint8Array; path: string; sha512: string }> {
  const folder = await makeFolder();
  const path = join(folder, 'other.tgz');
  await mkdir(join(folder, 'package/dist'), { recursive: true });
  await writeFile(join(folder, 'package/dist/cli.cjs'), `console.log('${VERSION}')`);
  await promisify(execFile)('tar', ['-czf', path, '-C', folder, 'package']);
  const bytes = await readFile(path);
  return { bytes, path, sha512: createHash('sha512').update(bytes).digest('hex') };
}

describe('the tarball', () => {
  test.each(['relative', './relative', '~/at home'])('is the file %s', async tarball => {
    const scene = await makeInstallScene();
    const cwd = await makeFolder();
    await copyFile(TARBALL, tarball.startsWith('~') ? join(scene.home, 'at home') : join(cwd, tarball));
    const job = await scene.run({ parameters: { tarball }, cwd });
    expect(job.step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
    expect(scene.registry.requests).toEqual([]);
  });

  test('is an absolute path', async () => {
    const scene = await makeInstallScene();
    await scene.unlink('curl');
    expect(await scene.run({ parameters: { tarball: TARBALL } })).toMatchObject({ status: 'success' });
  });

  test('is at a URL', async () => {
    const scene = await makeInstallScene();
    scene.registry.publish('elsewhere', '1', await readFile(TARBALL));
    const tarball = `${scene.registry.url}/elsewhere/-/elsewhere-1.tgz`;
    expect(await scene.run({ parameters: { tarball } })).toMatchObject({ status: 'success' });
    expect(scene.registry.requests.map(({ path }) => path)).toEqual(['/npm/elsewhere/-/elsewhere-1.tgz']);
  });

  test('is nowhere', async () => {
    const scene = await makeInstallScene();
    expect(installErrorOf(await scene.run({ parameters: { tarball: '/gone.tgz' } }))).toMatchObject({
      exit: 2,
      message: 'cannot read the tarball /gone.tgz',
    });
  });

  test('is somewhere where it cannot be taken from', async () => {
    const scene = await makeInstallScene();
    const result = await scene.run({ parameters: { tarball: 's3://user:hush@bucket/a.tgz' } });
    expect(installErrorOf(result)).toMatchObject({
      exit: 2,
      message: expect.stringContaining('s3://***@bucket'),
    });
  });
});

describe('a wrong checksum ends the step at once', () => {
  test('of what the registry serves', async () => {
    const scene = await makeInstallScene();
    const { bytes, sha512 } = await makeOtherTarball();
    scene.registry.publish('deploy-marker', VERSION, bytes);
    expect(installErrorOf(await scene.run())).toMatchObject({
      exit: 7,
      code: 'CHECKSUM_MISMATCH',
      message: `the SHA-512 of ${scene.registry.url}${PATH_OF_TARBALL} is ${sha512} and should be ${EXPECTED}`,
    });
    expect(scene.registry.requests).toHaveLength(1);
    expect(await scene.pauses()).toEqual([]);
    expect(await scene.installed()).toEqual(['bin']);
  });

  test('of a file', async () => {
    const scene = await makeInstallScene();
    const { path, sha512 } = await makeOtherTarball();
    const result = installErrorOf(await scene.run({ parameters: { tarball: path } }));
    expect(result).toMatchObject({ exit: 7, message: expect.stringContaining(`${path} is ${sha512}`) });
    expect(await scene.installed()).toEqual(['bin']);
  });

  test('of nothing at all', async () => {
    const scene = await makeInstallScene();
    scene.registry.publish('deploy-marker', VERSION, new Uint8Array());
    expect(installErrorOf(await scene.run())).toMatchObject({ exit: 7 });
  });
});

describe.each(['curl', 'wget', 'busybox wget'].filter(name => has(name.split(' ')[0] ?? '')))(
  '%s',
  program => {
    async function makeScene(options = {}): Promise<InstallScene> {
      const scene = await makeInstallScene(options);
      await scene.unlink('curl');
      if (program === 'busybox wget') await scene.stub('wget', `exec ${BUSYBOX} wget "$@"`);
      else await scene.link(program);
      return scene;
    }

    test('follows redirects', async () => {
      const scene = await makeScene({ redirects: true });
      expect((await scene.run()).step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
      expect(scene.registry.requests.map(({ outcome }) => outcome)).toEqual([302, 200]);
    });

    test.each([500, 'cut'] as const)('tries again twice after %s', async fault => {
      const scene = await makeScene();
      scene.registry.fail(fault, 2);
      const { code, stderr } = (await scene.run()).step(INSTALL);
      expect({ code, outcomes: scene.registry.requests.map(({ outcome }) => outcome) }).toEqual({
        code: 0,
        outcomes: [fault, fault, 200],
      });
      expect(stderr).toMatch(
        /^download failed, next try in 1 s: .+\ndownload failed, next try in 3 s: .+\n$/,
      );
      expect(await scene.pauses()).toEqual(['1', '3']);
    });

    test('gives up after three times 404', async () => {
      const scene = await makeScene();
      scene.registry.fail(404, 9);
      const { message, ...rest } = installErrorOf(await scene.run());
      expect(rest).toMatchObject({ exit: 4, code: 'NETWORK', hint: expect.stringContaining('registry') });
      expect(message).toContain(`${scene.registry.url}${PATH_OF_TARBALL} failed: `);
      expect(message).toContain('404');
      expect(scene.registry.requests).toHaveLength(3);
      expect(await scene.installed()).toEqual(['bin']);
    });

    test('gives up when nobody listens', async () => {
      const scene = await makeScene();
      await scene.registry.close();
      const { exit, message } = installErrorOf(await scene.run());
      expect(exit).toBe(4);
      expect(message).toMatch(/refused|Couldn't connect/);
    });

    const limits = program === 'curl' ? ['--max-time', '--speed-time'] : ['timeout'];
    const reasons =
      /: (no end after 180 s|curl: \(28\) (Operation timed out after 1|.+ the last 1 seconds).*)\n$/;

    test.each(limits)('does not wait for ever: %s', async limit => {
      const scene = await makeScene();
      await makeImpatient(scene, limit);
      scene.registry.fail('hang');
      const { code, stderr } = (await scene.run()).step(INSTALL);
      expect(code).toBe(0);
      expect(stderr).toMatch(reasons);
    });

    test('takes user and password from the address, and nobody sees them', async () => {
      const scene = await makeScene({ credentials: 'user:hush-hush' });
      const registry = scene.registry.url.replace('//', '//user:hush-hush@');
      const secrets = (): string[] => ['hush'];
      expect(await scene.run({ parameters: { registry }, secrets })).toMatchObject({ status: 'success' });

      const down = await makeScene();
      down.registry.fail(500, 3);
      const options = {
        parameters: { registry: down.registry.url.replace('//', '//user:hush@hush@') },
        secrets,
      };
      const { message } = installErrorOf(await down.run(options));
      expect(message).toContain(`http://***@127.0.0.1`);
    });
  },
);

test('curl gets no password as an argument, which others could read', async () => {
  const scene = await makeInstallScene();
  const log = join(scene.home, 'arguments');
  await scene.stub('curl', `echo "$*" >>'${log}'`, `exec ${await findProgram('curl')} "$@"`);
  const registry = scene.registry.url.replace('//', '//user:hush@');
  expect(await scene.run({ parameters: { registry } })).toMatchObject({ status: 'success' });
  expect(await readFile(log, 'utf8')).not.toContain('hush');
});

test('the query of a URL, which may be its signature, is never printed', async () => {
  const scene = await makeInstallScene();
  scene.registry.fail(500, 3);
  const tarball = `${scene.registry.url}/a.tgz?signature=hush`;
  const result = await scene.run({ parameters: { tarball }, secrets: () => ['hush'] });
  expect(installErrorOf(result).message).toContain(`${scene.registry.url}/a.tgz failed`);
});

describe('programs that may be missing', () => {
  test('curl and wget', async () => {
    const scene = await makeInstallScene();
    await scene.unlink('curl');
    expect(installErrorOf(await scene.run())).toMatchObject({
      exit: 2,
      code: 'PROGRAM_MISSING',
      message: 'there is neither curl nor wget',
    });
  });

  test.each(['shasum', 'openssl'])('sha512sum, where there is %s', async program => {
    const scene = await makeInstallScene();
    await scene.unlink('sha512sum');
    await scene.stub(program, `exec ${await findProgram(program)} "$@"`);
    expect((await scene.run()).step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
  });

  test('everything that could check', async () => {
    const scene = await makeInstallScene();
    await scene.unlink('sha512sum');
    const { exit, message } = installErrorOf(await scene.run());
    expect({ exit, message }).toEqual({
      exit: 2,
      message: 'there is no sha512sum, shasum or openssl',
    });
    expect(scene.registry.requests).toEqual([]);
  });

  test('tar', async () => {
    const scene = await makeInstallScene();
    await scene.unlink('tar');
    expect(installErrorOf(await scene.run())).toMatchObject({
      exit: 2,
      message: expect.stringContaining('tar'),
    });
  });

  test('what tar needs', async () => {
    const scene = await makeInstallScene();
    await scene.stub('tar', 'echo "gzip: not found" >&2', 'exit 1');
    const job = await scene.run();
    expect(installErrorOf(job)).toMatchObject({ exit: 5, message: expect.stringContaining('cannot unpack') });
    expect(job.output).toContain('gzip: not found');
    expect(await scene.installed()).toEqual(['bin']);
  });

  anyTest.runIf(canInstall && has('wget'))('timeout, which bounds wget', async () => {
    const scene = await makeInstallScene();
    await scene.unlink('curl', 'timeout');
    await scene.link('wget');
    expect((await scene.run()).step(INSTALL)).toMatchObject({ code: 0, stderr: '' });
  });
});
