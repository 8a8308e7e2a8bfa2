import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emitRecords, toJsonLines, wholeMarker, withAwsServer } from './emit/scene.ts';
import { errorOf, makeFolder, runCli } from './run-cli.ts';

async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = await makeFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** An audit event as CloudTrail Lake takes it. */
function auditEvent(fields: Readonly<Record<string, unknown>> = {}): object {
  return {
    version: '1.0',
    UID: 'marker-1',
    userIdentity: { type: 'CustomUserIdentity', principalId: 'circleci', details: {} },
    eventSource: 'deploymarker.internal',
    eventName: 'DeployMarker',
    eventTime: '2025-12-14T08:12:34Z',
    requestParameters: { env: 'prod' },
    recipientAccountId: '111122223333',
    ...fields,
  };
}

/** Lines of stderr before the error: the problems. */
function problemsOf(stderr: string): string[] {
  return stderr.split('\n').slice(
    0,
    stderr.split('\n').findIndex(line => line.startsWith('error:')),
  );
}

describe.concurrent('validate', () => {
  test('says ok of markers that hold, file by file', async () => {
    const cwd = await folderWith({
      'a.jsonl': toJsonLines([wholeMarker(1), wholeMarker(2)]),
      'b.json': JSON.stringify([wholeMarker(3)], null, 2),
    });
    expect(await runCli(['validate', 'a.jsonl', 'b.json'], { cwd })).toMatchObject({
      code: 0,
      stdout: 'ok a.jsonl: 2 records\nok b.json: 1 record\n',
      stderr: '',
    });
  });

  test('reads stdin without a file, and for -', async () => {
    const input = toJsonLines([wholeMarker(1)]);
    for (const args of [['validate'], ['validate', '-']])
      expect(await runCli(args, { input })).toMatchObject({
        code: 0,
        stdout: 'ok stdin: 1 record\n',
        stderr: '',
      });
  });

  test('names every problem of every record with its line and path', async () => {
    const lines = [
      JSON.stringify(wholeMarker(1)),
      JSON.stringify(wholeMarker(2, { env: 'e'.repeat(21), git_sha: 'xyz', labels: { 'a b': 'x', n: 1 } })),
      'not json',
      JSON.stringify({ component: 'lambda:a' }),
      JSON.stringify(wholeMarker(5, { colour: 'red', account: '12' })),
    ];
    const result = await runCli(['validate'], { input: `${lines.join('\n')}\n` });
    expect(result).toMatchObject({ code: 7, stdout: '' });
    const places = problemsOf(result.stderr).map(line => /^(stdin:\d+:(?: \/\S+)?)/.exec(line)?.[1]);
    expect(places.toSorted()).toEqual([
      'stdin:2: /env',
      'stdin:2: /git_sha',
      'stdin:2: /labels/a',
      'stdin:2: /labels/n',
      'stdin:3:',
      'stdin:4: /actor',
      'stdin:4: /env',
      'stdin:4: /git_sha',
      'stdin:4: /status',
      'stdin:5: /account',
      'stdin:5: /colour',
    ]);
    expect(errorOf(result)).toMatchObject({ code: 'MARKER_INVALID', message: '11 problems in stdin' });
  });

  test('takes an audit event, and names its fields', async () => {
    expect((await runCli(['validate'], { input: JSON.stringify(auditEvent()) })).code).toBe(0);
    const bad = auditEvent({
      eventTime: '2025-12-14 08:12',
      userIdentity: { type: 'CustomUserIdentity' },
      recipientAccountId: undefined,
      requestParameters: { reason: 'r'.repeat(100_001) },
      sourceIPAddress: 'nowhere',
    });
    const result = await runCli(['validate'], { input: JSON.stringify(bad, null, 2) });
    expect(result.code).toBe(7);
    const lines = JSON.stringify(bad, null, 2).split('\n');
    const lineOf = (field: string): number => lines.findIndex(line => line.includes(`"${field}"`)) + 1;
    const places = problemsOf(result.stderr).map(line => line.split(' ').slice(0, 2).join(' '));
    expect(places.toSorted()).toEqual(
      [
        `stdin:${lineOf('eventTime')}: /eventTime`,
        `stdin:${lineOf('userIdentity')}: /userIdentity/principalId`,
        'stdin:1: /recipientAccountId',
        `stdin:${lineOf('requestParameters')}: /requestParameters`,
        `stdin:${lineOf('sourceIPAddress')}: /sourceIPAddress`,
      ].toSorted(),
    );
  });

  test('takes the entries of a request, and checks id, checksum and the event inside', () =>
    withAwsServer(async server => {
      const input = toJsonLines([wholeMarker(1), wholeMarker(2)]);
      await emitRecords(server, ['--from', '-'], { input });
      const body = server.requests[0]?.bodyText ?? '';
      expect(await runCli(['validate'], { input: body })).toMatchObject({
        code: 0,
        stdout: 'ok stdin: 2 records\n',
      });
      const [entry] = JSON.parse(body).auditEvents;
      const spoiled = toJsonLines([
        { ...entry, id: 'a b' },
        { ...entry, eventDataChecksum: 'AAAA' },
        { id: 'x', eventData: '{}' },
        { id: 'x', eventData: '{' },
        { id: 'x', eventData: 1 },
      ]);
      const result = await runCli(['validate'], { input: spoiled });
      expect(result.code).toBe(7);
      expect(result.stderr).toContain('stdin:1: /id ');
      expect(result.stderr).toContain('stdin:2: /eventDataChecksum ');
      expect(result.stderr).toContain('stdin:3: /eventData/UID ');
      expect(result.stderr).toContain('stdin:4: /eventData is not JSON');
      expect(result.stderr).toContain('stdin:5: /eventData must be a string');
    }));

  test('holds a whole PutAuditEvents body against its limits', () =>
    withAwsServer(async server => {
      await emitRecords(server, ['--from', '-'], { input: toJsonLines([wholeMarker(1)]) });
      const [entry] = JSON.parse(server.requests[0]?.bodyText ?? '').auditEvents;
      const auditEvents = Array.from({ length: 101 }, () => entry);
      const result = await runCli(['validate'], { input: JSON.stringify({ auditEvents }, null, 1) });
      expect(result.code).toBe(7);
      expect(result.stderr).toContain(
        'stdin:3: auditEvents has 101 events, of which PutAuditEvents takes 100\n',
      );
      expect(result.stderr).toContain(`stdin:3: auditEvents has the id "${entry.id}" more than once\n`);
      expect(errorOf(result).message).toBe('2 problems in stdin');
    }));

  test('finds the lines of a pretty-printed document', async () => {
    const text = JSON.stringify([wholeMarker(1), wholeMarker(2, { git_sha: 'nothex' })], null, 2);
    const line = text.split('\n').findIndex(each => each.includes('nothex')) + 1;
    const result = await runCli(['validate'], { input: text });
    expect(result.code).toBe(7);
    expect(problemsOf(result.stderr)).toEqual([expect.stringContaining(`stdin:${line}: /git_sha `)]);
  });

  test('with --json is a document with every problem', async () => {
    const cwd = await folderWith({
      'good.jsonl': toJsonLines([wholeMarker(1)]),
      'bad.jsonl': toJsonLines([wholeMarker(1), wholeMarker(2, { env: 7 })]),
    });
    const result = await runCli(['validate', '--json', 'good.jsonl', 'bad.jsonl'], { cwd });
    expect(result.code).toBe(7);
    expect(JSON.parse(result.stdout)).toEqual({
      version: 1,
      files: [
        { file: 'good.jsonl', records: 1, problems: [] },
        { file: 'bad.jsonl', records: 2, problems: [{ line: 2, path: '/env', message: expect.any(String) }] },
      ],
    });
    expect(JSON.parse(result.stderr).error).toMatchObject({ code: 'MARKER_INVALID', exitCode: 7 });
  });

  test('says ok of the good files beside bad ones', async () => {
    const cwd = await folderWith({ 'good.jsonl': toJsonLines([wholeMarker(1)]), 'bad.jsonl': '{}\n' });
    const result = await runCli(['validate', 'good.jsonl', 'bad.jsonl'], { cwd });
    expect(result).toMatchObject({ code: 7, stdout: 'ok good.jsonl: 1 record\n' });
    expect(errorOf(result).message).toMatch(/^\d+ problems in bad\.jsonl$/);
  });

  test('finds nothing in an empty file, which is a problem', async () => {
    const cwd = await folderWith({ 'empty.jsonl': '' });
    const result = await runCli(['validate', 'empty.jsonl'], { cwd });
    expect(result.code).toBe(7);
    expect(problemsOf(result.stderr)).toEqual(['empty.jsonl:1: there is no record']);
  });

  test('names the line that is not UTF-8', async () => {
    const good = Buffer.from(toJsonLines([wholeMarker(1)]));
    const cwd = await folderWith({
      'm.jsonl': Buffer.concat([good, Buffer.from('{"env":"pr\xf6d"}\n', 'latin1'), good]),
    });
    const result = await runCli(['validate', 'm.jsonl'], { cwd });
    expect(result.code).toBe(7);
    expect(problemsOf(result.stderr)).toEqual(['m.jsonl:2: is not UTF-8']);
  });

  test('ends with 2 for a file that is missing or a folder', async () => {
    const cwd = await makeFolder();
    for (const name of ['none.jsonl', '.']) {
      const result = await runCli(['validate', name], { cwd });
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(errorOf(result)).toMatchObject({
        code: 'INPUT_UNREADABLE',
        message: expect.stringContaining(`"${name}"`),
      });
    }
  });

  test('takes what the file sink wrote', async () => {
    const cwd = await makeFolder();
    const flags = ['--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d', '--label', 'a=b'];
    expect((await runCli(['emit', ...flags], { cwd })).code).toBe(0);
    expect((await runCli(['validate', 'deploy-markers.jsonl'], { cwd })).code).toBe(0);
  });
});
