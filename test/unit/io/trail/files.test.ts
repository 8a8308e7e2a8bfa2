import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readTrailFiles } from '../../../../src/io/trail/files.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const folder = useScratchFolder();

function makeRecords(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    eventSource: index % 10 === 0 ? 'lambda.amazonaws.com' : 's3.amazonaws.com',
    eventID: `e-${index}`,
    name: `}"\\領${randomBytes(300).toString('base64')}`,
  }));
}

/** Those that are streamed are over 1 MB on disk also when they are packed. */
const SIZES = [
  ['read in one step', 20],
  ['streamed', 3000],
] as const;

function write(name: string, content: string | Buffer) {
  writeFileSync(folder(name), content);
  return { path: folder(name), bytes: statSync(folder(name)).size };
}

async function read(
  files: Parameters<typeof readTrailFiles>[0],
  options: Partial<Parameters<typeof readTrailFiles>[1]> = {},
) {
  const taken: unknown[] = [];
  let bytes = 0;
  const { signal } = new AbortController();
  const take = (record: unknown): unknown => taken.push(record);
  const onRead = (more: number): void => {
    bytes += more;
  };
  const failures: string[] = [];
  const records = await readTrailFiles(files, {
    sources: [],
    take,
    signal,
    onRead,
    onFailure: ({ code, message }) => failures.push(`${code} ${message.replaceAll(folder(), '')}`),
    ...options,
  });
  return { taken, records, bytes, failures };
}

describe.each(SIZES)('readTrailFiles on files that are %s', (_, count) => {
  const records = makeRecords(count);
  const log = JSON.stringify({ Records: records });

  test('tells gzip by its magic bytes, and takes the records that are asked for', async () => {
    const files = [write('packed', gzipSync(log)), write('plain.json.gz', log)];
    const wanted = records.filter(record => record.eventSource.startsWith('lambda'));
    for (const file of files) {
      const result = { taken: wanted, records: count, bytes: file.bytes, failures: [] };
      expect(await read([file], { sources: ['lambda.amazonaws.com'] })).toEqual(result);
    }
    expect((await read(files)).records).toBe(2 * count);
  });

  test('reads gzip of several members', async () => {
    const half = Math.floor(log.length / 2);
    const packed = Buffer.concat([gzipSync(log.slice(0, half)), gzipSync(log.slice(half))]);
    expect(await read([write('a', packed)])).toMatchObject({ taken: records, failures: [] });
  });

  test('reads gzip members with zeros between them and behind the last, and from a pipe', async () => {
    const half = Math.floor(log.length / 2);
    const zeros = Buffer.alloc(70_000);
    const parts = [
      gzipSync(''),
      zeros,
      gzipSync(log.slice(0, half)),
      zeros,
      gzipSync(log.slice(half)),
      zeros,
    ];
    const { path, bytes } = write('padded', Buffer.concat(parts));
    expect(await read([{ path, bytes }])).toMatchObject({ taken: records, bytes, failures: [] });
    const pipe = folder(`pipe-${count}`);
    execFileSync('mkfifo', [pipe]);
    const cat = spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', path, pipe]);
    expect(await read([{ path: pipe, bytes: 0 }])).toMatchObject({ taken: records, failures: [] });
    cat.kill();
  });

  test('names what follows gzip and is none', async () => {
    const packed = Buffer.concat([gzipSync(log), Buffer.alloc(600), Buffer.from(log)]);
    const fault = `its gzip data breaks off after ${count} records (incorrect header check)`;
    expect(await read([write('mixed', packed)])).toMatchObject({
      records: count,
      failures: [`TRAIL_LOG_INVALID /mixed is not a whole CloudTrail log: ${fault}`],
    });
  });

  test('names a gzip that is cut off or damaged, and takes the records before', async () => {
    const packed = gzipSync(log);
    const { taken, failures } = await read([write('cut', packed.subarray(0, packed.length * 0.75))]);
    expect(taken.length).toBeGreaterThan(count / 2);
    expect(taken).toEqual(records.slice(0, taken.length));
    const fault = `its gzip data breaks off after ${taken.length} records (unexpected end of file)`;
    expect(failures).toEqual([`TRAIL_LOG_INVALID /cut is not a whole CloudTrail log: ${fault}`]);
  });

  test('names a gzip whose checksum does not hold', async () => {
    const packed = gzipSync(log);
    packed.fill(0, packed.length - 8);
    const { taken, failures } = await read([write('bad', packed)]);
    expect(taken).toEqual(records.slice(0, taken.length));
    const fault = `its gzip data breaks off after ${taken.length} records (incorrect data check)`;
    expect(failures).toEqual([`TRAIL_LOG_INVALID /bad is not a whole CloudTrail log: ${fault}`]);
  });

  test('names logs that fail in the order of the files, whichever is read first, and reads the others', async () => {
    const files = [write('cut', log.slice(0, -100)), write('gone', ''), write('good', log)];
    const result = await read([
      ...files,
      { path: folder('none'), bytes: count },
      { path: folder(), bytes: 4096 },
    ]);
    expect(result.records).toBe(2 * count - 1);
    expect(result.failures).toEqual([
      `TRAIL_LOG_INVALID /cut is not a whole CloudTrail log: it is cut off after ${count - 1} records`,
      'TRAIL_LOG_INVALID /gone is not a whole CloudTrail log: it is empty',
      'INPUT_UNREADABLE /none does not exist',
      'INPUT_UNREADABLE  cannot be read: it is a folder (EISDIR)',
    ]);
  });

  test('stops when the signal aborts, and when taking fails', async () => {
    const files = ['a', 'b', 'c', 'd'].map(name => write(name, gzipSync(log)));
    const reason = new Error('stop');
    await expect(read(files, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    for (const way of ['abort', 'throw'] as const) {
      const controller = new AbortController();
      let taken = 0;
      const take = (): void => {
        taken += 1;
        if (taken > count / 2 && way === 'throw') throw reason;
        if (taken > count / 2) controller.abort(reason);
      };
      await expect(read(files, { take, signal: controller.signal })).rejects.toBe(reason);
      const before = taken;
      await new Promise(resolve => setTimeout(resolve, 50));
      expect([taken, taken < 3 * count]).toEqual([before, true]);
    }
  });
});

test('a small file that unpacks to much is streamed', async () => {
  const records = Array.from({ length: 40_000 }, (_, index) => ({
    eventSource: 'x',
    eventID: `${index}`,
    name: 'x'.repeat(500),
  }));
  const file = write('dense', gzipSync(JSON.stringify({ Records: records }), { level: 9 }));
  expect(file.bytes).toBeLessThan(1_000_000);
  expect(await read([file])).toMatchObject({ records: 40_000, bytes: file.bytes, failures: [] });
});
