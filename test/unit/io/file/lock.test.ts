import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { withFileLock } from '../../../../src/io/file/lock.ts';
import { bundleScript, runScript } from '../child-script.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();

describe('withFileLock', () => {
  test('gives what the work gives, and leaves no lock', async () => {
    const during = await withFileLock(at('lock'), async () => ({
      files: await readdir(at()),
      mode: (await stat(at('lock'))).mode & 0o777,
    }));
    expect(during).toEqual({ files: ['lock'], mode: 0o600 });
    expect(await readdir(at())).toEqual([]);
  });

  test('leaves no lock when the work fails, and lets the failure through', async () => {
    const failure = new Error('broken');
    await expect(withFileLock(at('lock'), () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await readdir(at())).toEqual([]);
  });

  test('lets one work at a time within a process', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => withFileLock(at('lock'), work)));
    expect(most).toBe(1);
  });

  test('lets one process work at a time', async () => {
    const script = await bundleScript(
      `import { readFile, writeFile } from 'node:fs/promises';
       import { withFileLock } from './file/lock.ts';
       const [lock, file] = process.argv.slice(2);
       for (let i = 0; i < 8; i += 1) {
         await withFileLock(lock, async () => writeFile(file, String(Number(await readFile(file, 'utf8')) + 1)));
       }`,
      at('count.mjs'),
    );
    await writeFile(at('count'), '0');
    await Promise.all([1, 2, 3].map(() => runScript(script, [at('lock'), at('count')])));
    expect(await readFile(at('count'), 'utf8')).toBe('24');
  });

  test('takes over a lock that a killed process left half a minute ago, and no younger one', async () => {
    await writeFile(at('lock'), '');
    const old = new Date(Date.now() - 31_000);
    await utimes(at('lock'), old, old);
    expect(await withFileLock(at('lock'), async () => 'done')).toBe('done');

    await writeFile(at('lock'), '');
    let isDone = false;
    const waiting = withFileLock(at('lock'), async () => {
      isDone = true;
    });
    await sleep(200);
    expect(isDone).toBe(false);
    await utimes(at('lock'), old, old);
    await waiting;
    expect(isDone).toBe(true);
  });

  test('says so where no lock can be made', async () => {
    await expect(withFileLock(at('no/lock'), async () => {})).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining(`cannot make the lock ${at('no/lock')}`),
    });
  });
});
