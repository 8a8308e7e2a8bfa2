import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTrailLogs } from '../../../../src/io/trail/trail-logs.ts';
import { sampleMarker } from '../../core/marker/sample-marker.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const QUERY = { from: 0, until: 1, services: ['lambda'], component: undefined };

async function read(signal = new AbortController().signal) {
  const taken: unknown[] = [];
  const gaps = await createTrailLogs(at('logs'), 'logs').read(QUERY, record => taken.push(record), {
    signal,
  });
  return { taken, gaps };
}

describe('logs of a trail', () => {
  test('that fail are one gap for each code, however many they are', async () => {
    mkdirSync(at('logs'));
    for (let i = 10; i < 60; i += 1) writeFileSync(at(`logs/${i}.json`), '{"Records":[');
    writeFileSync(at('logs/60.json'), '{"Records":[{"eventSource":"lambda.amazonaws.com","eventID":"1"}]}');
    const { taken, gaps } = await read();
    expect(taken).toHaveLength(1);
    expect(gaps).toHaveLength(1);
    const [gap] = gaps;
    expect(gap).toMatchObject({ code: 'TRAIL_LOG_INVALID', exitCode: 7 });
    const first = `${at('logs/10.json')} is not a whole CloudTrail log: it is cut off after 0 records`;
    expect(gap?.message).toBe(`${first} … and 49 more files`);
    expect(gap?.problems).toHaveLength(21);
    expect(gap?.problems[20]).toBe('… and 30 more');
    expect(gap?.problems[0]).toBe(first);
    expect(gap?.problems[19]).toContain(at('logs/29.json'));
  });

  test.each([
    ['one a line', (markers: readonly object[]) => markers.map(each => JSON.stringify(each)).join('\n')],
    ['in a list', (markers: readonly object[]) => JSON.stringify(markers, null, 2)],
    ['packed', (markers: readonly object[]) => gzipSync(JSON.stringify(markers))],
  ])('that are markers, %s, are told where to pass them', async (_, toText) => {
    writeFileSync(at('logs'), toText([sampleMarker(), sampleMarker()]));
    const hint = 'it looks like a file of markers; pass it with --markers';
    expect((await read()).gaps).toMatchObject([{ code: 'TRAIL_LOG_INVALID', hint }]);
    writeFileSync(at('logs'), '{"hello":"world"}');
    expect((await read()).gaps).toMatchObject([
      { code: 'TRAIL_LOG_INVALID', hint: 'name a CloudTrail log, or a folder of them, and nothing else' },
    ]);
  });

  test('of which one fails is told by that one alone', async () => {
    mkdirSync(at('logs'));
    writeFileSync(at('logs/a.json'), 'x');
    const { gaps } = await read();
    expect(gaps).toMatchObject([{ code: 'TRAIL_LOG_INVALID', problems: [] }]);
    expect(gaps[0]?.message).not.toContain('more');
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['<html>', '<html><body>Access denied</body></html>', /HTML/],
    ['CSV', 'Event name,Event time,Event source\nx,y,z\n', /CSV/],
    ['YAML', 'Events:\n- EventId: x\n', /--output json/],
    ['UTF-16', Buffer.from('\ufeff{"Records":[]}', 'utf16le'), /UTF-8/],
    ['a zip', Buffer.from('PK\u0003\u0004rest'), /unpack/],
    ['gzip in gzip', gzipSync(gzipSync('{"Records":[]}')), /twice/],
    ['an export', '2026-06-01T10:00:00.000Z {"eventSource":"x"}\n', /cut off the time/],
  ])('in the form of %s are refused with a step that fits', async (_, content, hint) => {
    writeFileSync(at('logs'), content);
    expect((await read()).gaps).toMatchObject([
      { code: 'TRAIL_LOG_INVALID', hint: expect.stringMatching(hint) },
    ]);
  });

  test('that are one page of several are no whole answer', async () => {
    writeFileSync(at('logs'), JSON.stringify({ Events: [], NextToken: 'x' }));
    expect((await read()).gaps).toMatchObject([
      { code: 'ANSWER_INCOMPLETE', hint: expect.stringContaining('--max-items') },
    ]);
  });

  test('of which all records are something else name some, and count the others', async () => {
    writeFileSync(at('logs'), '{"hello":1}\n'.repeat(200_000));
    const { gaps } = await read();
    expect(gaps).toMatchObject([{ code: 'TRAIL_LOG_INVALID' }]);
    expect(gaps[0]?.message).toContain(
      '200000 of 200000 records are not read: record 1 is not one of CloudTrail',
    );
    expect(gaps[0]?.problems).toHaveLength(21);
    expect(gaps[0]?.problems[20]).toBe('… and 199,980 more');
  });

  test('are told of what lies beside them, once for each reason', async () => {
    for (const name of ['CloudTrail', 'Config', 'GuardDuty'])
      mkdirSync(at(`logs/AWSLogs/111122223333/${name}`), { recursive: true });
    writeFileSync(at('logs/AWSLogs/111122223333/CloudTrail/a.json'), '{"Records":[]}');
    writeFileSync(at('logs/AWSLogs/111122223333/Config/b.json'), '{}');
    writeFileSync(at('logs/AWSLogs/111122223333/GuardDuty/c.json'), '{}');
    writeFileSync(at('logs/notes.txt'), 'notes');
    const leftOut: unknown[] = [];
    const options = {
      signal: new AbortController().signal,
      onLeftOut: (each: unknown) => leftOut.push(each),
    };
    expect(await createTrailLogs(at('logs'), 'logs').read(QUERY, () => {}, options)).toEqual([]);
    const beside = '2 files by AWS beside the logs of events passed over: "Config", "GuardDuty"';
    const others =
      '1 file without records of CloudTrail, and not called *.json or *.json.gz passed over: "notes.txt"';
    expect(leftOut).toEqual([
      { kind: 'passed-over', count: 2, message: beside },
      { kind: 'passed-over', count: 1, message: others },
    ]);
  });
});
