import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../cli/run-cli.ts';

const RECORD = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/eve', accountId: '111122223333' },
  eventTime: '2026-06-01T12:00:00Z',
  eventSource: 'lambda.amazonaws.com',
  eventName: 'UpdateFunctionConfiguration20150331v2',
  awsRegion: 'eu-west-1',
  requestParameters: { functionName: 'orders' },
  eventID: '00000000-0000-4000-8000-000000000001',
  readOnly: false,
  recipientAccountId: '111122223333',
};
const TEXT = JSON.stringify(RECORD);
const OTHER = JSON.stringify({ ...RECORD, eventSource: 's3.amazonaws.com', eventID: 'other' });

async function audit(files: Readonly<Record<string, string | Buffer>>) {
  const cwd = await makeFolder();
  for (const [name, content] of Object.entries({ ...files, 'markers.jsonl': '' })) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), content);
  }
  const range = ['--since', '2026-06-01T00:00:00Z', '--until', '2026-06-02T00:00:00Z'];
  const changes = ['--changes', Object.keys(files).length === 1 ? (Object.keys(files)[0] ?? '') : 'bucket'];
  return runCli(['audit', ...range, '--markers', 'markers.jsonl', ...changes, '--json'], { cwd });
}

describe.concurrent('audit of logs in other forms', () => {
  test.each([
    ['an escaped name', TEXT.replace('lambda.', 'lambd\\u0061\\u002e')],
    ['texts', JSON.stringify([TEXT])],
    ['entries cut down', JSON.stringify([{ EventTime: 'x', CloudTrailEvent: TEXT }])],
    ['rows', JSON.stringify([['x', TEXT]])],
    ['a page behind a plain record', `${OTHER}\n${JSON.stringify({ Events: [{ CloudTrailEvent: TEXT }] })}`],
    ['an EventBridge event behind a plain record', `${OTHER}\n{"detail-type":"x","detail":${TEXT}}`],
    ['log events', JSON.stringify({ logEvents: [{ message: TEXT }] })],
    ['two logs', `{"Records":[${OTHER}]}{"Records":[${TEXT}]}`],
    ['an empty error code', TEXT.replace('{', '{"errorCode":"",')],
    ['padded gzip', Buffer.concat([gzipSync(OTHER), Buffer.alloc(512), gzipSync(`\n${TEXT}`)])],
  ])('%s: the change is found', async (_, content) => {
    const { code, stdout } = await audit({ 'trail.json': content });
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, totals: { changes: 1 } });
    expect(code).toBe(10);
  });

  test.each([
    [
      'a time without an offset',
      `${OTHER}\n${TEXT.replace('00Z"', '00"')}`,
      /eventTime "2026-06-01T12:00:00"/,
    ],
    ['no source', `${OTHER}\n${TEXT.replace('eventSource', 'source')}`, /has no eventSource/],
    [
      'another thing',
      `${OTHER}\n{"uid":"u","deploy_id":"d"}`,
      /1 of 2 records are not read: record 2 is a marker/,
    ],
    ['keys of a query', `${OTHER}\n${TEXT.toLowerCase()}`, /record 2 is a row of a query/],
    ['two sources', `${TEXT.replace('{', '{"eventSource":"s3.amazonaws.com",')}`, /has a key twice/],
    [
      'an error beside none',
      TEXT.replace(/}$/, ',"errorCode":null,"errorCode":"AccessDenied"}'),
      /has a key twice/,
    ],
    ['a read behind a write', TEXT.replace(/}$/, ',"readOnly":false,"readOnly":true}'), /has a key twice/],
    ['two times', TEXT.replace(/}$/, ',"eventTime":"2001-01-01T00:00:00Z"}'), /has a key twice/],
    [
      'another service behind an escape',
      TEXT.replace(/}$/, ',"event\\u0053ource":"ec2.amazonaws.com"}'),
      /has a key twice/,
    ],
    [
      'two times in a text',
      JSON.stringify({ CloudTrailEvent: TEXT.replace(/}$/, ',"eventTime":"2001-01-01T00:00:00Z"}') }),
      /has a key twice/,
    ],
  ])('%s: the answer is incomplete', async (_, content, message) => {
    const { code, stdout, stderr } = await audit({ 'trail.json': content });
    expect(code).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    expect(JSON.parse(stderr).error.message).toMatch(message);
  });

  test.each([
    ['one id of two changes', `${TEXT}\n${TEXT.replaceAll('orders', 'billing')}`],
    ['one id of two callers', `${TEXT}\n${TEXT.replace('user/eve', 'user/bob')}`],
  ])('%s: both are told, one of them by its id alone', async (_, content) => {
    const { code, stdout, stderr } = await audit({ 'trail.json': content });
    expect([code, JSON.parse(stdout).complete]).toEqual([7, false]);
    expect(stderr).toContain(`the record ${RECORD.eventID} has the eventID of another one`);
  });

  test('one id of two copies is one change, even if one of them was cut down', async () => {
    const { requestParameters: _, userIdentity: __, ...less } = RECORD;
    const { code, stdout } = await audit({ 'trail.json': [TEXT, TEXT, JSON.stringify(less)].join('\n') });
    expect(code).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({ complete: true, totals: { changes: 1 } });
  });

  test('a copy of a whole bucket of a trail, with all that AWS puts there', async () => {
    const at = 'bucket/AWSLogs/o-abc123/111122223333';
    const { code, stdout } = await audit({
      [`${at}/CloudTrail/eu-west-1/2026/06/01/a.json.gz`]: gzipSync(`{"Records":[${TEXT}]}`),
      [`${at}/CloudTrail-Digest/eu-west-1/2026/06/01/b.json.gz`]: gzipSync('{"digestStartTime":"x"}'),
      [`${at}/CloudTrail-Aggregated/eu-west-1/2026/06/01/c.json.gz`]: gzipSync(
        '{"Records":[{"eventId":"x"}]}',
      ),
      [`${at}/Config/eu-west-1/2026/6/1/ConfigHistory/d.json.gz`]: gzipSync('{"configurationItems":[]}'),
      [`${at}/vpcflowlogs/eu-west-1/2026/06/01/e.log.gz`]: gzipSync('2 111122223333 eni-1\n'),
    });
    const { complete, totals, gaps } = JSON.parse(stdout);
    expect([code, complete, totals.changes]).toEqual([10, true, 1]);
    expect(gaps).toMatchObject([
      { kind: 'not-seen', subject: 'markers.jsonl', incomplete: false },
      { kind: 'passed-over', subject: 'bucket', count: 4, incomplete: false },
      { kind: 'not-seen', subject: 'cloudformation', incomplete: false },
    ]);
  });
});

describe('files of very many lines', () => {
  test.each(['emit', 'validate'])('%s tells some problems and counts the others', async command => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'lines.jsonl'), 'x\n'.repeat(200_000));
    const emit = ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--from', 'lines.jsonl', '--file', 'out'];
    const { code, stderr } = await runCli(command === 'emit' ? emit : ['validate', 'lines.jsonl'], { cwd });
    expect(code).toBe(7);
    expect(stderr.split('\n').slice(20, 22)).toEqual([
      '… and 199,980 more',
      expect.stringContaining('error: 200000 problems in lines.jsonl'),
    ]);
  });

  test('a list of nothing but blank lines has no record', async () => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'list.json'), `[${'\n'.repeat(200_000)}]`);
    const emit = ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--from', 'list.json', '--file', 'out'];
    const result = await runCli(emit, { cwd });
    expect(result.code).toBe(7);
    expect(errorOf(result).message).toBe('list.json has no record');
  });
});
