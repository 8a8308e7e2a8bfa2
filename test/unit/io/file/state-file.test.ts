import { lstat, mkdir, readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openStateFile } from '../../../../src/io/file/state-file.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const pathOf = useScratchFolder();

describe('a state file', () => {
  test('that is not there has no text, and then the one that was written', async () => {
    const folder = pathOf();
    const state = openStateFile(join(folder, 'state.json'), 'state.json');
    expect(await state.read()).toBeUndefined();
    await state.write('{"größe":1}');
    expect(await state.read()).toBe('{"größe":1}');
    await state.write('');
    expect(await state.read()).toBe('');
    expect(state.title).toBe('state.json');
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  test('is replaced, not overwritten: who reads it meanwhile has the old one whole, and nobody else may', async () => {
    const path = pathOf('state.json');
    await writeFile(path, 'old');
    const before = await stat(path);
    await openStateFile(path).write('new');
    const after = await stat(path);
    expect(after.ino).not.toBe(before.ino);
    expect(after.mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  test('that cannot be read or written is named', async () => {
    const folder = pathOf();
    await mkdir(join(folder, 'dir'));
    await symlink('nowhere/x', join(folder, 'link'));
    await expect(openStateFile(join(folder, 'dir'), 'dir').read()).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining('cannot read dir: '),
    });
    await expect(openStateFile(join(folder, 'dir')).write('x')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
    await expect(openStateFile(join(folder, 'none/x'), 'none/x').write('x')).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: 'cannot write none/x: its folder does not exist (ENOENT)',
    });
    await expect(openStateFile('/dev/null').read()).rejects.toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: 'cannot read /dev/null: it is not a regular file',
    });
    expect(await readdir(folder)).toEqual(['dir', 'link']);
  });

  test('gets its folder when it is read, or says that it can have none', async () => {
    const state = openStateFile(pathOf('a/b/state.json'));
    expect(await state.read()).toBeUndefined();
    await state.write('new');
    expect(await state.read()).toBe('new');
    const unwritable = { code: 'FILE_UNWRITABLE', message: expect.stringContaining('cannot write x/y: it') };
    await expect(openStateFile('/proc/x/y', 'x/y').read()).rejects.toMatchObject(unwritable);
    await symlink('nowhere/x', pathOf('link'));
    await expect(openStateFile(pathOf('link'), 'x/y').read()).rejects.toMatchObject(unwritable);
  });

  test('behind symbolic links is replaced there', async () => {
    await mkdir(pathOf('real'));
    await symlink('real/state.json', pathOf('link'));
    const state = openStateFile(pathOf('link'));
    for (const text of ['old', 'new']) {
      await state.write(text);
      expect(await state.read()).toBe(text);
      expect(await readFile(pathOf('real/state.json'), 'utf8')).toBe(text);
    }
    expect((await lstat(pathOf('link'))).isSymbolicLink()).toBe(true);
  });

  test('that somebody else changed meanwhile is left as it is', async () => {
    const path = pathOf('state.json');
    const conflict = { code: 'STATE_CONFLICT', message: 'state.json was changed by somebody else meanwhile' };
    for (const before of [undefined, 'old']) {
      if (before !== undefined) await writeFile(path, before);
      const [one, two] = [openStateFile(path, 'state.json'), openStateFile(path, 'state.json')];
      expect([await one.read(), await two.read()]).toEqual([before, before]);
      await two.write('new');
      await expect(one.write('mine')).rejects.toMatchObject(conflict);
      // Also if it would have written the same: whose it is tells who goes on.
      await expect(one.write('new')).rejects.toMatchObject(conflict);
      expect(await readFile(path, 'utf8')).toBe('new');
      await two.write('newer');
      await unlink(path);
    }
    expect(await readdir(pathOf())).toEqual([]);
  });

  test('is not touched after a cancellation', async () => {
    const path = pathOf('state.json');
    const reason = new Error('cancelled');
    const state = openStateFile(path);
    await expect(state.write('x', AbortSignal.abort(reason))).rejects.toBe(reason);
    await expect(state.read(AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(await state.read()).toBeUndefined();
  });
});
