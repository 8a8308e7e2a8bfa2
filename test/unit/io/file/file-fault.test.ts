import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { describeFileFault } from '../../../../src/io/file/file-fault.ts';

const faultOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'it worked',
    (error: unknown) => error,
  );

describe('why the system refuses a file', () => {
  test.each([
    ['/proc/none', 'it does not exist (ENOENT)'],
    ['/proc', 'it is a folder (EISDIR)'],
    ['/proc/version/x', 'a part of its path is no folder (ENOTDIR)'],
    [`/tmp/${'x'.repeat(300)}`, 'its name is too long (ENAMETOOLONG)'],
  ])('reading %s', async (path, words) => {
    expect(describeFileFault(await faultOf(readFile(path)), 'read')).toBe(words);
  });

  test.each([
    ['/proc/none/x', 'its folder does not exist (ENOENT)'],
    ['/proc', 'it is a folder (EISDIR)'],
  ])('writing %s', async (path, words) => {
    expect(describeFileFault(await faultOf(writeFile(path, '')), 'write')).toBe(words);
  });

  test('what is rarer keeps its words, without the path, and what is no error of the system all of them', () => {
    const rare = Object.assign(new Error("EMFILE: too many open files, open '/a, b'"), { code: 'EMFILE' });
    expect(describeFileFault(rare, 'read')).toBe('EMFILE: too many open files');
    expect(describeFileFault(new Error('it is not a regular file'), 'read')).toBe('it is not a regular file');
    expect(describeFileFault('odd', 'read')).toBe('odd');
  });
});
