import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { findTrailFiles } from '../../../../src/io/trail/folder.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const folder = useScratchFolder();

function make(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(folder(path)), { recursive: true });
    writeFileSync(folder(path), 'abc');
  }
}

async function find(...paths: readonly string[]) {
  const found = await findTrailFiles(paths.map(folder), new AbortController().signal);
  const { files, failures } = found;
  for (const failure of failures) expect(failure).toMatchObject({ code: 'INPUT_UNREADABLE' });
  return {
    files: files.map(({ path }) => relative(folder(), path)),
    bytes: files.map(({ bytes }) => bytes),
    failures: failures.map(({ message }) => message.replaceAll(folder(), '')),
    passed: [found.passedOver.count, ...found.passedOver.names],
    noLogs: [found.noLogs.count, ...found.noLogs.names],
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
      passed: [
        4,
        '111122223333_CloudTrail-Digest_x.json.gz',
        '111122223333_CloudTrail-Insight_eu-west-1_x.json.gz',
        'CloudTrail-Digest',
        'CloudTrail-Insight',
      ],
      noLogs: [4, '.DS_Store', 'x.json.bak', 'markers.jsonl', 'notes.txt'],
    });
  });

  const account = (root: string): string => `${root}/111122223333`;
  test.each([account('AWSLogs'), account('some/prefix/AWSLogs'), account('AWSLogs/o-abc123')])(
    'passes over all other services in %s, and counts their files',
    async at => {
      const others = [
        'CloudTrail-Aggregated',
        'CloudTrail-NetworkActivity',
        'Config',
        'GuardDuty',
        'WAFLogs',
        'x',
      ];
      make(
        `${at}/CloudTrail/eu-west-1/a.json.gz`,
        ...others.map(name => `${at}/${name}/eu-west-1/b.json.gz`),
      );
      make(`${at}/vpcflowlogs/c.log.gz`, `${at}/CloudTrail/us-east-1/a.json.gz`);
      const logs = [`${at}/CloudTrail/eu-west-1/a.json.gz`, `${at}/CloudTrail/us-east-1/a.json.gz`];
      expect(await find('')).toMatchObject({
        files: logs,
        failures: [],
        passed: [7, ...others.slice(0, 4), 'WAFLogs'],
      });
      expect(await find(at)).toMatchObject({ files: logs, passed: [7, ...others.slice(0, 4), 'WAFLogs'] });
      expect(await find(`${at}/CloudTrail`)).toMatchObject({ files: logs, passed: [0] });
      expect(await find(`${at}/Config`)).toMatchObject({
        files: [`${at}/Config/eu-west-1/b.json.gz`],
        passed: [0],
      });
    },
  );

  test.each([
    'eu-west-1/2026/a.json',
    '2026/11/20/a.json',
    'cloudtrail/eu-west-1/a.json',
    'backup/CloudTrail/111122223333_CloudTrail_eu-west-1_20261120T1005Z_x.json.gz',
  ])('AWSLogs/111122223333/%s is a log, though it is not where AWS would put it', async path => {
    make(`AWSLogs/111122223333/${path}`, 'AWSLogs/111122223333/Config/a.json');
    expect(await find('')).toMatchObject({ files: [`AWSLogs/111122223333/${path}`], passed: [1, 'Config'] });
  });

  test('a link in the folder of another service does not hide the logs to which it leads', async () => {
    make('AWSLogs/111122223333/CloudTrail/a.json', 'AWSLogs/111122223333/CloudFront/b.txt');
    symlinkSync(folder('AWSLogs/111122223333/CloudTrail'), folder('AWSLogs/111122223333/CloudFront/link'));
    expect(await find('')).toMatchObject({ files: ['AWSLogs/111122223333/CloudTrail/a.json'] });
  });

  test('a folder of which all is passed over holds no log', async () => {
    make('AWSLogs/111122223333/Config/a.json');
    const failures = ['the folder /AWSLogs holds no CloudTrail log (*.json, *.json.gz)'];
    expect(await find('AWSLogs')).toMatchObject({ files: [], failures });
  });

  const record = '{"eventVersion":"1.11","eventSource":"lambda.amazonaws.com"}';
  test.each<[string, string | Buffer]>([
    ['a.JSON.GZ', 'x'],
    ['delivered-by-firehose', record],
    ['a.jsonl', ` \n[${record}]`],
    ['a.gz', gzipSync(record)],
    ['a.json.bak', gzipSync(JSON.stringify({ CloudTrailEvent: record }))],
    ['damaged.gz', Buffer.concat([gzipSync(record).subarray(0, 10), Buffer.of(0xff, 0xff)])],
    ['events.csv', 'Event name,Event time,User name,Event source,Resources\nx,y\n'],
    ['export.log', `2026-06-01T10:00:00.000Z ${record}`],
    ['utf-16.txt', Buffer.from(`\ufeff${record}`, 'utf16le')],
    ['utf-16-without-mark.txt', Buffer.from(record, 'utf16le')],
    ['utf-16-big.txt', Buffer.from(record, 'utf16le').swap16()],
    ['filled-up.log', `\0\0\0${record}`],
    ['sequence.log', `\u001e${record}\n`],
    ['remarks.log', `# exported\n// today\n\n${record}`],
    ['twice.log.gz', gzipSync(gzipSync(record))],
    ['base64.txt', Buffer.from(record).toString('base64')],
    ['lookup.yml', `---\nEvents:\n- CloudTrailEvent: '${record}'\n`],
    ['logs.zip', Buffer.from('PK\u0003\u0004')],
    ['logs.tar', Buffer.from(`logs/a.json${'\0'.repeat(246)}ustar`)],
    ['logs.tgz', gzipSync(`logs/a.json${'\0'.repeat(246)}ustar`)],
    ['logs.lz4', Buffer.of(0x04, 0x22, 0x4d, 0x18)],
    ['logs.parquet', 'PAR1'],
  ])('%s may hold records, whatever it is called', async (name, content) => {
    make('a.json');
    writeFileSync(folder(name), content);
    expect((await find('')).files.sort()).toEqual([name, 'a.json'].sort());
  });

  test.each<[string, string | Buffer]>([
    ['notes.md', 'The eventSource of a record, {or so'],
    ['flow.log.gz', gzipSync('2 111122223333 eni-1 ACCEPT OK\n')],
    ['markers.jsonl', '{"uid":"u","deploy_id":"d"}'],
    ['empty', ''],
  ])('%s holds none, and is counted', async (name, content) => {
    make('a.json');
    writeFileSync(folder(name), content);
    expect(await find('')).toMatchObject({ files: ['a.json'], noLogs: [1, name] });
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

  test.skipIf(process.platform === 'win32')(
    'a pipe in a folder is named, for nobody writes to it',
    async () => {
      make('a.json');
      execFileSync('mkfifo', [folder('b.json')]);
      expect(await find('')).toMatchObject({
        files: ['a.json'],
        failures: [expect.stringContaining('it is neither a file nor a folder')],
      });
    },
  );

  test('stops when the signal aborts', async () => {
    make('a.json');
    const reason = new Error('stop');
    await expect(findTrailFiles([folder()], AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
