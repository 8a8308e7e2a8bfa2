import { execFileSync } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { appendToBashEnv, clearBashEnv, toShellLines } from '../../../src/io/bash-env.ts';
import { useScratchFolder } from './scratch-folder.ts';

const at = useScratchFolder();
const CHANGES = {
  set: { AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE', AWS_SECRET_ACCESS_KEY: "a'b$(id)\nc", AWS_SESSION_TOKEN: '' },
  unset: ['AWS_PROFILE'],
};

test('toShellLines unsets first', () => {
  expect(toShellLines({ set: { A: "it's" }, unset: ['B', 'C'] })).toEqual([
    'unset B',
    'unset C',
    "export A='it'\\''s'",
  ]);
});

describe('the block in $BASH_ENV', () => {
  test('gives the next shell exactly the values', async () => {
    await appendToBashEnv(at('env'), CHANGES);
    const output = execFileSync('/bin/bash', ['-euc', 'exec /usr/bin/env -0'], {
      env: { BASH_ENV: at('env'), AWS_PROFILE: 'old' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const found = output.split('\0');
    for (const [name, value] of Object.entries(CHANGES.set)) expect(found).toContain(`${name}=${value}`);
    expect(found.filter(pair => pair.startsWith('AWS_PROFILE='))).toEqual([]);
  });

  test('is for its owner alone, and counts as a line of its own', async () => {
    await appendToBashEnv(at('env'), CHANGES);
    expect((await stat(at('env'))).mode & 0o777).toBe(0o600);
    await writeFile(at('torn'), 'export A=1');
    await appendToBashEnv(at('torn'), CHANGES);
    expect(await readFile(at('torn'), 'utf8')).toMatch(/^export A=1\n# deploy-marker assume-role: begin\n/);
  });
});

describe('clearBashEnv', () => {
  test('takes every block out and leaves all else as it was, byte for byte', async () => {
    const foreign = [
      Buffer.from("export A='x'\n\n"),
      Buffer.from([0xff, 0xfe, 0x0a]),
      Buffer.from('export é="# y"\r\n\n'),
    ];
    await writeFile(at('env'), foreign[0] ?? '');
    await chmod(at('env'), 0o640);
    for (const part of foreign.slice(1)) {
      await appendToBashEnv(at('env'), CHANGES);
      await appendToBashEnv(at('env'), { set: { B: '2' }, unset: [] });
      await writeFile(at('env'), part, { flag: 'a' });
    }
    await clearBashEnv(at('env'));
    expect((await readFile(at('env'))).equals(Buffer.concat(foreign))).toBe(true);
    expect((await stat(at('env'))).mode & 0o777).toBe(0o640);
  });

  test('touches no file that has no block, and makes none', async () => {
    await writeFile(at('env'), 'export A=1');
    const before = await stat(at('env'));
    await clearBashEnv(at('env'));
    expect((await stat(at('env'))).ino).toBe(before.ino);
    await clearBashEnv(at('missing'));
    await expect(stat(at('missing'))).rejects.toThrow('ENOENT');
  });

  test('a block that lost its end takes no line of others with it', async () => {
    const torn = '# deploy-marker assume-role: begin\nexport A=1\n';
    await writeFile(at('env'), `${torn}export THEIRS=1\n`);
    await appendToBashEnv(at('env'), CHANGES);
    await clearBashEnv(at('env'));
    expect(await readFile(at('env'), 'utf8')).toContain('export THEIRS=1\n');
    expect(await readFile(at('env'), 'utf8')).not.toContain('AWS_SECRET_ACCESS_KEY');
  });
});
