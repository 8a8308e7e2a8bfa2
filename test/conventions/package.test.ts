import { describe, expect, test } from 'vitest';
import { lockProblems, manifestProblems, type PackageManifest } from './package-rules.ts';
import { readOne } from './repository.ts';

async function readJson(path: string) {
  return JSON.parse((await readOne(path)).text);
}

describe('package.json', () => {
  test('publishes what is meant, needs nothing and runs nothing at install', async () => {
    expect(manifestProblems(await readJson('package.json'))).toEqual([]);
  });

  const GOOD = {
    files: ['dist', '!dist/orb.yml', '!dist/*.tgz', 'THIRD-PARTY-LICENSES.txt'],
    engines: { node: '>=20.19' },
  } satisfies PackageManifest;
  const BAD: readonly (readonly [string, PackageManifest])[] = [
    ['files: src is', { ...GOOD, files: [...GOOD.files, 'src'] }],
    ['files: dist is missing', { ...GOOD, files: GOOD.files.slice(1) }],
    ['scripts: postinstall', { ...GOOD, scripts: { postinstall: 'node x' } }],
    ['scripts: prepare', { ...GOOD, scripts: { prepare: 'node x' } }],
    ['dependencies:', { ...GOOD, dependencies: { yargs: '1' } }],
    ['peerDependencies:', { ...GOOD, peerDependencies: {} }],
    ['engines:', { files: GOOD.files }],
  ];
  test.each(BAD)('%s … is found', (start, manifest) => {
    expect(manifestProblems(GOOD)).toEqual([]);
    expect(manifestProblems(manifest)).toEqual([expect.stringContaining(start)]);
  });
});

test('the orb asks for the Node that the package declares', async () => {
  const { engines } = await readJson('package.json');
  const oldest = engines.node.replace('>=', '');
  for (const path of ['src/orb/install.sh', 'orb/src/commands/install.yml']) {
    expect((await readOne(path)).text.match(/Node \d+\.\d+/g)).toEqual([`Node ${oldest}`]);
  }
});

describe('package-lock.json', () => {
  test('names no host and has every checksum', async () => {
    expect(lockProblems(await readJson('package-lock.json'))).toEqual([]);
  });

  test.each([
    ['it locks nothing', {}],
    [
      'a: has a resolved URL',
      { packages: { a: { integrity: 'sha512-x', resolved: 'https://example.com/a.tgz' } } },
    ],
    ['a: has no checksum', { packages: { '': {}, a: {} } }],
  ])('%s is found', (problem, lock) => {
    expect(lockProblems(lock)).toEqual([problem]);
  });
});
