import { appendFileSync, closeSync, openSync, writeSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { replaceAppended } from '../../../../src/io/file/replace-appended.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const withoutOurs = (text: string): string => text.replaceAll('ours\n', '');

describe('replacing a file that others append to', () => {
  test('carries over what they append while it is edited, byte for byte', async () => {
    await writeFile(at('f'), 'theirs\nours\n');
    await replaceAppended(at('f'), text => {
      appendFileSync(at('f'), Buffer.from('late \xff\n', 'latin1'));
      return withoutOurs(text);
    });
    // Once by the look without the lock, once under it.
    expect(await readFile(at('f'), 'latin1')).toBe('theirs\nlate \xff\nlate \xff\n');
    expect(await readdir(at())).toEqual(['f']);
  });

  test('carries over what who had it open writes a moment after', async () => {
    await writeFile(at('f'), 'ours\ntheirs\n');
    const open = openSync(at('f'), 'a');
    const { ino } = await stat(at('f'));
    const done = replaceAppended(at('f'), withoutOurs);
    while ((await stat(at('f'))).ino === ino) await new Promise(resolve => setImmediate(resolve));
    writeSync(open, 'late\n');
    closeSync(open);
    await done;
    expect(await readFile(at('f'), 'utf8')).toBe('theirs\nlate\n');
  });

  test('does nothing where nothing changes, or nothing is there', async () => {
    await writeFile(at('f'), 'theirs\n');
    const { ino } = await stat(at('f'));
    await replaceAppended(at('f'), withoutOurs);
    expect((await stat(at('f'))).ino).toBe(ino);
    await replaceAppended(at('none'), withoutOurs);
    expect(await readdir(at())).toEqual(['f']);
  });
});
