import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { requireReportFile, writeReportFile } from '../../../../src/io/file/report-file.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();

describe('a report', () => {
  test('is written with the folders above it, and replaced', async () => {
    for (const report of ['<old/>', '<new/>']) {
      await writeReportFile(at('a/b/r.xml'), report, 'r.xml');
      expect(readFileSync(at('a/b/r.xml'), 'utf8')).toBe(report);
    }
    expect(readdirSync(at('a/b'))).toEqual(['r.xml']);
  });

  test.each(['there', 'not yet there'])('behind symbolic links that is %s is written there', async when => {
    await mkdir(at('real'));
    if (when === 'there') writeFileSync(at('real/r.xml'), 'old');
    symlinkSync('real/r.xml', at('one'));
    symlinkSync(at('one'), at('two'));
    await writeReportFile(at('two'), 'new', 'two');
    expect(readFileSync(at('real/r.xml'), 'utf8')).toBe('new');
    expect([lstatSync(at('one')).isSymbolicLink(), lstatSync(at('two')).isSymbolicLink()]).toEqual([
      true,
      true,
    ]);
    expect(readdirSync(at())).toEqual(['one', 'real', 'two']);
  });

  test.each([...['r.xml', 'a/b/r.xml', 'old.xml', 'real/r.xml', 'link', 'null', 'pipe']])(
    'that can be written to %s is no trouble beforehand, and nothing is made',
    async name => {
      await mkdir(at('real'));
      writeFileSync(at('old.xml'), 'old');
      symlinkSync('real/new.xml', at('link'));
      symlinkSync('/dev/null', at('null'));
      execFileSync('mkfifo', [at('pipe')]);
      await requireReportFile(at(name), name);
      expect(readdirSync(at(), { recursive: true })).toEqual(['link', 'null', 'old.xml', 'pipe', 'real']);
      expect(readFileSync(at('old.xml'), 'utf8')).toBe('old');
    },
  );

  test('goes into a device, which stays one', async () => {
    symlinkSync('/dev/null', at('null'));
    await writeReportFile(at('null'), 'x', 'null');
    expect([lstatSync(at('null')).isSymbolicLink(), lstatSync('/dev/null').isCharacterDevice()]).toEqual([
      true,
      true,
    ]);
  });

  test('goes into a pipe that somebody reads, and does not wait for somebody', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(writeReportFile(at('pipe'), 'x', 'pipe')).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
    const reader = spawn('cat', [at('pipe')]);
    const long = 'x'.repeat(300_000);
    await expect
      .poll(() =>
        writeReportFile(at('pipe'), long, 'pipe').then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    expect(await text(reader.stdout)).toBe(long);
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  test('does not replace the file that a descriptor writes to', async () => {
    const file = openSync(at('out'), 'a');
    writeSync(file, 'before\n');
    await writeReportFile(`/proc/self/fd/${file}`, 'x\n', 'descriptor');
    writeSync(file, 'after\n');
    closeSync(file);
    expect(readFileSync(at('out'), 'utf8')).toBe('before\nx\nafter\n');
  });

  test.each([
    ['/proc/x/y.xml', 'its folder does not exist (ENOENT)'],
    ['/proc/1/x/y/z.xml', 'its folder does not exist (ENOENT)'],
    ['file/r.xml', 'a part of its path is no folder (ENOTDIR)'],
    ['dir', 'it is a folder'],
    ['loop', 'its symbolic links lead nowhere (ELOOP)'],
    ['nowhere', 'its folder does not exist (ENOENT)'],
  ])('in %s cannot be written, at once, under the name that it was given', async (name, why) => {
    writeFileSync(at('file'), '');
    await mkdir(at('dir'));
    symlinkSync('loop', at('loop'));
    symlinkSync('none/r.xml', at('nowhere'));
    const path = name.startsWith('/') ? name : at(name);
    const isSeenBefore = !path.startsWith('/proc/');
    const errors = [
      await writeReportFile(path, 'x', name).catch(e => e),
      // What a folder takes is known once it is asked; the system's own may look as if they took anything.
      ...(isSeenBefore ? [await requireReportFile(path, name).catch(e => e)] : []),
    ];
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'FILE_UNWRITABLE' });
      expect(error.message).toContain(`${name} cannot be written: ${why}`);
      expect(error.message).not.toMatch(/\.tmp|deploy-marker-unit/);
    }
    expect(readdirSync(at())).toEqual(['dir', 'file', 'loop', 'nowhere']);
  });
});
