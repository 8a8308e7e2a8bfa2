import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  appendPrivately,
  checkAppendable,
  readPrivately,
  replacePrivately,
  toBytes,
} from '../../../../src/io/file/private.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe('appendPrivately', () => {
  test('makes a new file that only its owner can read', async () => {
    expect(await appendPrivately(at('new'), 'one\n')).toEqual({
      readableByOthers: false,
      writableByOthers: false,
    });
    expect(await modeOf(at('new'))).toBe(0o600);
    expect(await readFile(at('new'), 'utf8')).toBe('one\n');
  });

  test.each([
    [0o600, false, false],
    [0o640, true, false],
    [0o604, true, false],
    [0o644, true, false],
    [0o620, false, true],
    [0o602, false, true],
    [0o666, true, true],
  ])(
    'keeps the mode %o of a file that is there, and says if others can read or write it',
    async (mode, readableByOthers, writableByOthers) => {
      for (const content of ['', 'before\n']) {
        await writeFile(at(`f${content.length}`), content);
        await chmod(at(`f${content.length}`), mode);
        expect(await appendPrivately(at(`f${content.length}`), 'é\n')).toEqual({
          readableByOthers,
          writableByOthers,
        });
        expect(await modeOf(at(`f${content.length}`))).toBe(mode);
        expect(await readFile(at(`f${content.length}`), 'utf8')).toBe(`${content}é\n`);
      }
    },
  );

  test.runIf(userInfo().uid === 0)("another user's file is readable and writable by others", async () => {
    await writeFile(at('f'), '', { mode: 0o600 });
    await chown(at('f'), 12345, 12345);
    expect(await appendPrivately(at('f'), 'x\n')).toEqual({ readableByOthers: true, writableByOthers: true });
  });

  test('ends an unfinished line first', async () => {
    await writeFile(at('f'), 'export A=1');
    await appendPrivately(at('f'), 'export B=2\n');
    expect(await readFile(at('f'), 'utf8')).toBe('export A=1\nexport B=2\n');
  });

  test.each(['\\', '\\\n', 'export A=1\\', 'export A=1\\\n'])('and one that %j lets go on', async before => {
    await writeFile(at('f'), before);
    await appendPrivately(at('f'), 'export B=2\n');
    // A bash whose input is a socket takes itself for one of rsh, and reads no BASH_ENV.
    const shell = execFileSync('bash', ['-c', 'echo $A $B'], {
      env: { BASH_ENV: at('f') },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(shell).toBe(before.includes('A') ? '1 2\n' : '2\n');
  });
});

describe('what is no regular file', () => {
  const operations: [string, (path: string) => Promise<unknown>][] = [
    ['appendPrivately', path => appendPrivately(path, 'secret\n')],
    ['checkAppendable', path => checkAppendable(path)],
    ['readPrivately', path => readPrivately(path)],
  ];

  test.each(operations)('%s follows no symbolic link, not even to nothing', async (_, operate) => {
    await writeFile(at('target'), 'kept\n');
    await symlink(at('target'), at('link'));
    await symlink(at('nothing'), at('dangling'));
    for (const link of ['link', 'dangling']) {
      await expect(operate(at(link))).rejects.toMatchObject({
        code: 'FILE_UNWRITABLE',
        exitCode: 5,
        message: `cannot write ${at(link)}: it is a symbolic link, which is not followed`,
      });
    }
    expect(await readFile(at('target'), 'utf8')).toBe('kept\n');
    expect(await readdir(at())).not.toContain('nothing');
  });

  test.each(operations)('%s refuses a folder', async (_, operate) => {
    await mkdir(at('folder'));
    await expect(operate(at('folder'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  });

  test.each(operations)('%s refuses a FIFO and does not wait for its other end', async (_, operate) => {
    execFileSync('mkfifo', [at('fifo')]);
    await expect(operate(at('fifo'))).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: `cannot write ${at('fifo')}: it is not a regular file`,
    });
  });

  test.each(operations)('%s refuses a device', async (_, operate) => {
    await expect(operate('/dev/null')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  });

  test('a folder that is missing is named', async () => {
    await expect(appendPrivately(at('no/file'), 'x')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(at('no/file')),
      hint: 'name a regular file in a folder that you may write to',
    });
    await expect(checkAppendable(at('no/file'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    await expect(replacePrivately(at('no/file'), 'x', { title: 'f' })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: 'cannot write f: its folder does not exist (ENOENT)',
    });
  });
});

test('checkAppendable changes nothing', async () => {
  await checkAppendable(at('new'));
  expect(await readdir(at())).toEqual([]);
  await writeFile(at('there'), 'x');
  await checkAppendable(at('there'));
  expect(await readFile(at('there'), 'utf8')).toBe('x');
});

describe('readPrivately and replacePrivately', () => {
  test('nothing is undefined', async () => {
    expect(await readPrivately(at('missing'))).toBeUndefined();
  });

  test('bring back every byte, UTF-8 or not, and the mode', async () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    await writeFile(at('f'), bytes);
    await chmod(at('f'), 0o640);
    const file = await readPrivately(at('f'));
    expect(file?.mode).toBe(0o640);
    await replacePrivately(at('f'), file?.text ?? '', { mode: file?.mode });
    expect((await readFile(at('f'))).equals(bytes)).toBe(true);
    expect(await modeOf(at('f'))).toBe(0o640);
  });

  test('toBytes is what a UTF-8 file reads as', async () => {
    await replacePrivately(at('f'), toBytes('領収書 é 🚀'));
    expect(await readFile(at('f'), 'utf8')).toBe('領収書 é 🚀');
    expect((await readPrivately(at('f')))?.text).toBe(toBytes('領収書 é 🚀'));
  });

  test('a new file is for its owner alone', async () => {
    await replacePrivately(at('f'), 'x');
    expect(await modeOf(at('f'))).toBe(0o600);
  });

  test('replace by another file under the same name, and leave nothing beside it', async () => {
    await writeFile(at('f'), 'old');
    const before = await stat(at('f'));
    await replacePrivately(at('f'), 'new');
    expect((await stat(at('f'))).ino).not.toBe(before.ino);
    expect(await readdir(at())).toEqual(['f']);
  });

  test('leave nothing beside it when the rename fails', async () => {
    await mkdir(at('f'));
    await writeFile(at('f/inside'), '');
    await expect(replacePrivately(at('f'), 'x')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    expect(await readdir(at())).toEqual(['f']);
  });

  test('a reader never sees half of it', async () => {
    const [a, b] = ['a'.repeat(300_000), 'b'.repeat(300_000)];
    await replacePrivately(at('f'), a);
    let isDone = false;
    const reading = (async () => {
      while (!isDone) {
        const text = await readFile(at('f'), 'utf8');
        expect(text === a || text === b).toBe(true);
      }
    })();
    for (let i = 0; i < 6; i += 1) await replacePrivately(at('f'), i % 2 === 0 ? b : a);
    isDone = true;
    await reading;
  });
});
