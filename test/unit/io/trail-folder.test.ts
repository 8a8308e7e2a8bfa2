import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findTrailFiles } from '../../../src/io/trail-folder.ts';
import { useScratchFolder } from './scratch-folder.ts';

const folder = useScratchFolder();

function make(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(folder(path)), { recursive: true });
    writeFileSync(folder(path), 'abc');
  }
}

async function find(...paths: readonly string[]) {
  const { files, failures } = await findTrailFiles(paths.map(folder), new AbortController().signal);
  for (const failure of failures) expect(failure).toMatchObject({ code: 'INPUT_UNREADABLE' });
  return {
    files: files.map(({ path }) => relative(folder(), path)),
    bytes: files.map(({ bytes }) => bytes),
    failures: failures.map(({ message }) => message.replaceAll(folder(), '')),
  };
}

describe('findTrailFiles', () => {
  test('finds logs at any depth in the order of their names, and nothing else', async () => {
    const day = 'AWSLogs/111122223333/CloudTrail/eu-west-1/2026/06/01';
    make(`${day}/111122223333_CloudTrail_b.json.gz`, `${day}/111122223333_CloudTrail_a.json.gz`, 'z.json');
    make('notes.txt', 'markers.jsonl', `${day}/x.json.bak`, '.DS_Store');
    make('AWSLogs/111122223333/CloudTrail-Digest/eu-west-1/2026/06/01/x.json.gz');
    make('AWSLogs/111122223333/CloudTrail-Insight/x.json.gz');
    make('111122223333_CloudTrail-Insight_eu-west-1_x.json.gz', '111122223333_CloudTrail-Digest_x.json.gz');
    expect(await find('')).toEqual({
      files: [
        `${day}/111122223333_CloudTrail_a.json.gz`,
        `${day}/111122223333_CloudTrail_b.json.gz`,
        'z.json',
      ],
      bytes: [3, 3, 3],
      failures: [],
    });
  });

  test('counts a file that is named whatever it is called', async () => {
    make('log.txt', '111122223333_CloudTrail-Insight_x.json.gz');
    const paths = ['log.txt', '111122223333_CloudTrail-Insight_x.json.gz'];
    expect(await find(...paths)).toMatchObject({ files: paths, failures: [] });
  });

  test('finds a file once that is there by several names, and follows links without going round', async () => {
    make('logs/a.json', 'elsewhere/b.json', 'elsewhere/c.txt');
    symlinkSync(folder('logs'), folder('logs/again'));
    symlinkSync(folder('elsewhere'), folder('logs/other'));
    symlinkSync(folder('elsewhere/c.txt'), folder('logs/text'));
    expect(await find('logs', 'logs/a.json', 'logs', 'elsewhere')).toMatchObject({
      files: ['logs/a.json', 'logs/other/b.json'],
      failures: [],
    });
  });

  test('names what is not there, and each folder without a log', async () => {
    make('a.json', 'none/x.txt');
    mkdirSync(folder('empty'));
    mkdirSync(folder('round'));
    symlinkSync(folder('round'), folder('round/round'));
    symlinkSync(folder('gone'), folder('none/gone.json'));
    expect(await find('missing.json', 'empty', 'round', 'none', 'a.json')).toMatchObject({
      files: ['a.json'],
      failures: [
        '/missing.json does not exist',
        'the folder /empty holds no CloudTrail log (*.json, *.json.gz)',
        'the folder /round holds no CloudTrail log (*.json, *.json.gz)',
        '/none/gone.json does not exist',
      ],
    });
  });

  test.skipIf(process.getuid?.() === 0)('names a folder without permission, and reads on', async () => {
    make('logs/a/x.json', 'logs/b/y.json');
    chmodSync(folder('logs/a'), 0);
    const found = await find('logs');
    chmodSync(folder('logs/a'), 0o700);
    expect(found).toMatchObject({ files: ['logs/b/y.json'], failures: [expect.stringMatching(/EACCES/)] });
  });

  test('stops when the signal aborts', async () => {
    make('a.json');
    const reason = new Error('stop');
    await expect(findTrailFiles([folder()], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
