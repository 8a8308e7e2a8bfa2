import { mkdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createTrailLogs } from '../../../src/io/trail-logs.ts';
import { sampleMarker } from '../core/sample-marker.ts';
import { useScratchFolder } from './scratch-folder.ts';

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
});
