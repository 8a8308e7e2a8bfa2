import { execFile, execFileSync } from 'node:child_process';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { appendToBashEnv, clearBashEnv, toShellLines } from '../../../../src/io/job/bash-env.ts';
import { bundleScript } from '../child-script.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];
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
    await clearBashEnv(at('env'), NAMES);
    expect((await readFile(at('env'))).equals(Buffer.concat(foreign))).toBe(true);
    expect((await stat(at('env'))).mode & 0o777).toBe(0o640);
  });

  test('touches no file that has no block, and makes none', async () => {
    await writeFile(at('env'), 'export A=1');
    const before = await stat(at('env'));
    await clearBashEnv(at('env'), NAMES);
    expect((await stat(at('env'))).ino).toBe(before.ino);
    await clearBashEnv(at('missing'), NAMES);
    await expect(stat(at('missing'))).rejects.toThrow('ENOENT');
  });

  test('a block that lost its end takes no line of others with it', async () => {
    const torn = '# deploy-marker assume-role: begin\nexport A=1\n';
    await writeFile(at('env'), `${torn}export THEIRS=1\n`);
    await appendToBashEnv(at('env'), CHANGES);
    await clearBashEnv(at('env'), NAMES);
    expect(await readFile(at('env'), 'utf8')).toContain('export THEIRS=1\n');
    expect(await readFile(at('env'), 'utf8')).not.toContain('AWS_SECRET_ACCESS_KEY');
  });

  const BEGIN = '# deploy-marker assume-role: begin\n';
  const KEY = "export AWS_ACCESS_KEY_ID='A'\n";

  test.each([
    ['between two lines', KEY],
    ['inside of a value', `${KEY}export AWS_SECRET_ACCESS_KEY='SSSS\n`],
    ['inside of a name', `${KEY}export AWS_SECR\n`],
    ['inside of a word', `${KEY}ex\n`],
    ['while it unset', 'unset AWS_PRO\n'],
    ['after its first line', ''],
  ])('a block that was cut short %s is gone, and no line of others', async (_where, torn) => {
    const others = "export LATER='x y'\nexport OTHER=1\n";
    await writeFile(at('env'), `export MINE=1\n${BEGIN}${torn}${others}`);
    await clearBashEnv(at('env'), NAMES);
    expect(await readFile(at('env'), 'utf8')).toBe(`export MINE=1\n${others}`);
  });

  test.each([
    [
      'glued to the line of another writer',
      `${BEGIN}${KEY}export AWS_SECRET_ACCESS_KEY='SSSexport LATER='x y'\n`,
    ],
    ['without its beginning', `${KEY}# deploy-marker assume-role: end\n`],
  ])('what cannot be told from the rest is left and told: %s', async (_what, text) => {
    await writeFile(at('env'), text);
    await expect(clearBashEnv(at('env'), NAMES)).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('still holds credentials from line'),
    });
    expect(await readFile(at('env'), 'utf8')).toBe(text);
  });

  test('loses no line that others append meanwhile', async () => {
    await writeFile(at('env'), '');
    const loop = 'for i in $(seq 400); do echo "export L$i=1" >>"$0"; done';
    const writer = promisify(execFile)('bash', ['-c', loop, at('env')]);
    let isDone = false;
    writer.finally(() => {
      isDone = true;
    });
    while (!isDone) {
      await appendToBashEnv(at('env'), CHANGES);
      await clearBashEnv(at('env'), NAMES);
    }
    await writer;
    const lines = (await readFile(at('env'), 'utf8')).trimEnd().split('\n');
    expect(new Set(lines)).toEqual(new Set(Array.from({ length: 400 }, (_, i) => `export L${i + 1}=1`)));
    expect(lines).toHaveLength(400);
  });
});

describe('a full disk', () => {
  test('keeps nothing of a block, and all that was there', async () => {
    const script = await bundleScript(
      `import { appendToBashEnv } from './job/bash-env.ts';
       const error = await appendToBashEnv(process.argv[2], { set: { AWS_SESSION_TOKEN: 'T'.repeat(9000) }, unset: [] }).catch(reason => reason);
       console.log(JSON.stringify({ code: error.code, message: error.message }));`,
      at('full.mjs'),
    );
    await writeFile(at('env'), 'export MINE=1');
    const limited = ['-c', 'ulimit -f 4; exec "$0" "$@"', process.execPath, script, at('env')];
    const printed = execFileSync('bash', limited, { encoding: 'utf8' });
    expect(JSON.parse(printed)).toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('none of them stay'),
    });
    expect(await readFile(at('env'), 'utf8')).toBe('export MINE=1');
  });
});
