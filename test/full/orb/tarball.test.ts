import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { packTarball, readTarball } from '../../../scripts/orb/tarball.mjs';
import { readPackedOrb } from '../../orb/packed-orb.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const scratch = await mkdtemp(join(tmpdir(), 'tarball-'));
afterAll(() => rm(scratch, { recursive: true }));

describe('the tarball', () => {
  const COPIED = ['package.json', 'README.md', 'CHANGELOG.md', 'THIRD-PARTY-LICENSES.txt', 'dist'];

  test('has the same bytes each time, is made again only when it must be, and never when nothing changed', async () => {
    const root = join(scratch, 'package');
    await mkdir(root);
    for (const name of COPIED) await cp(join(ROOT, name), join(root, name), { recursive: true });
    const first = await packTarball(root, join(root, 'node_modules/a'));
    expect(await packTarball(root, join(root, 'node_modules/b'))).toEqual(first);
    expect(first).toMatchObject({ file: `deploy-marker-${first.version}.tgz`, name: 'deploy-marker' });
    const bytes = await readFile(join(root, 'dist', first.file));
    expect(createHash('sha512').update(bytes).digest('hex')).toBe(first.sha512);

    const path = process.env['PATH'];
    try {
      process.env['PATH'] = scratch;
      expect(await packTarball(root, join(root, 'node_modules/b'))).toEqual(first);
      await writeFile(join(root, 'README.md'), 'other');
      await expect(packTarball(root, join(root, 'node_modules/b'))).rejects.toThrow('npm');
    } finally {
      process.env['PATH'] = path;
    }
    expect((await packTarball(root, join(root, 'node_modules/b'))).sha512).not.toBe(first.sha512);
  });

  test('that is none is refused', async () => {
    const path = join(scratch, 'x.tgz');
    await writeFile(path, 'no gzip');
    await expect(readTarball(path)).rejects.toThrow('not a gzip file');
  });
});

describe('scripts/pack-orb.mjs', () => {
  const script = join(ROOT, 'scripts/pack-orb.mjs');
  const registry = ['--registry', 'https://npm.example.com/'];

  test('packs the tested tarball: version, hash and registry are in the orb', async () => {
    const tarball = await packTarball(ROOT, join(ROOT, 'node_modules/.cache/deploy-marker'));
    const out = join(scratch, 'orb.yml');
    const args = [script, '--tarball', join(ROOT, 'dist', tarball.file), ...registry, '--out', out];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    const text = await readFile(out, 'utf8');
    expect(stdout).toBe(
      `orb.yml ${(Buffer.byteLength(text) / 1000).toFixed(1)} kB, version ${tarball.version}, ${tarball.file} sha512 ${tarball.sha512}\n`,
    );
    expect(text).toContain(tarball.sha512);
    expect(text).toContain('https://npm.example.com"');
    expect(text).not.toMatch(/%[A-Z][A-Z0-9_]*%/);
    expect(Object.keys(await readPackedOrb())).toEqual(Object.keys(Object(parse(text))));
  });

  test('refuses the tarball of another version', async () => {
    const root = join(scratch, 'other');
    await mkdir(join(root, 'dist'), { recursive: true });
    await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'deploy-marker', version: '0.0.1' }));
    const { file } = await packTarball(root, join(root, 'node_modules'));
    const args = [
      script,
      '--tarball',
      join(root, 'dist', file),
      ...registry,
      '--out',
      join(scratch, 'no.yml'),
    ];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(
      /^error: deploy-marker-0\.0\.1\.tgz: its package\.json has the version 0\.0\.1, ours has /,
    );
    await expect(readFile(join(scratch, 'no.yml'))).rejects.toThrow('ENOENT');
  });
});
