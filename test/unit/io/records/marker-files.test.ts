import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Marker } from '../../../../src/core/marker/marker.ts';
import type { LeftOut } from '../../../../src/core/source/gap.ts';
import { DeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { createFileSink } from '../../../../src/io/file/file-sink.ts';
import { createMarkerFiles } from '../../../../src/io/records/marker-files.ts';
import { sampleMarker } from '../../core/marker/sample-marker.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const scratch = useScratchFolder();
const RANGE = { from: 0, until: 1 };

async function read(name: string, signal = new AbortController().signal) {
  const markers: Marker[] = [];
  const errors: DeployMarkerError[] = [];
  try {
    const source = createMarkerFiles(scratch(name), name);
    expect(source.title).toBe(name);
    errors.push(...(await source.read(RANGE, marker => markers.push(marker), { signal })));
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    errors.push(error);
  }
  return { uids: markers.map(({ uid }) => uid), errors };
}

const line = (uid: string, fields: object = {}): string =>
  `${JSON.stringify({ ...sampleMarker({ uid }), ...fields })}\n`;

describe('files of markers', () => {
  test('a file is read whatever it is called, with labels, blank lines and a last line without an end', async () => {
    await writeFile(scratch('markers'), `${line('a')}\n${line('b').trimEnd()}`);
    expect(await read('markers')).toEqual({ uids: ['a', 'b'], errors: [] });
  });

  test('a file without a byte holds none, and is told: a copy that failed looks like that', async () => {
    const toldOf = async (path: string): Promise<string[]> => {
      const told: LeftOut[] = [];
      const options = { signal: new AbortController().signal, onLeftOut: (each: LeftOut) => told.push(each) };
      expect(await createMarkerFiles(path, 'm').read(RANGE, () => {}, options)).toEqual([]);
      return told.map(({ kind, message }) => `${kind}: ${message}`);
    };
    await mkdir(scratch('m'));
    await writeFile(scratch('m/a.jsonl'), '');
    await writeFile(scratch('m/b.jsonl'), line('b'));
    const empty = 'empty, as a copy that failed: no marker is there';
    expect(await toldOf(scratch('m/a.jsonl'))).toEqual([`not-seen: "m" is ${empty}`]);
    expect(await toldOf(scratch('m'))).toEqual([`not-seen: "m/a.jsonl" is ${empty}`]);
    expect(await toldOf(scratch('m/b.jsonl'))).toEqual([]);
    await writeFile(scratch('m/b.jsonl'), '');
    expect(await toldOf(scratch('m'))).toEqual([`not-seen: "m/a.jsonl", "m/b.jsonl" are ${empty}`]);
    // Who names it means it.
    expect(await toldOf('/dev/null')).toEqual([]);
  });

  test('a folder is read at any depth, in the order of names, and only its *.jsonl', async () => {
    await mkdir(scratch('m/deep'), { recursive: true });
    await writeFile(scratch('m/b.jsonl'), line('b'));
    await writeFile(scratch('m/deep/c.jsonl'), line('c'));
    await writeFile(scratch('m/a.jsonl'), line('a'));
    await writeFile(scratch('m/notes.txt'), 'no marker');
    await symlink(scratch('m'), scratch('link'));
    expect(await read('m')).toEqual({ uids: ['a', 'b', 'c'], errors: [] });
    expect((await read('link')).uids).toEqual(['a', 'b', 'c']);
  });

  test.each(['{', '{"uid":"b', line('b').trimEnd().slice(0, -1)])(
    'a last line that breaks off is passed over and told: %s',
    async torn => {
      await writeFile(scratch('m.jsonl'), `${line('a')}${torn}`);
      const told: LeftOut[] = [];
      const uids: string[] = [];
      const signal = new AbortController().signal;
      const options = { signal, onLeftOut: (each: LeftOut) => told.push(each) };
      const source = createMarkerFiles(scratch('m.jsonl'), 'm.jsonl');
      expect(await source.read(RANGE, ({ uid }) => uids.push(uid), options)).toEqual([]);
      expect(uids).toEqual(['a']);
      expect(told).toEqual([
        {
          kind: 'passed-over',
          message:
            '"m.jsonl" breaks off within line 2, as where a write was cut short: that marker is left out',
          count: 1,
        },
      ]);
    },
  );

  test('nor does a line that broke off spoil what was written behind it since', async () => {
    await writeFile(scratch('m.jsonl'), `${line('a')}{"uid":"b`);
    const sink = createFileSink({ path: scratch('m.jsonl') });
    await sink.deliver([sampleMarker({ uid: 'c' })]);
    // Another process that saw the same end.
    await appendFile(scratch('m.jsonl'), `\x18\n${line('d')}`);
    expect(await read('m.jsonl')).toEqual({ uids: ['a', 'c', 'd'], errors: [] });
  });

  test.each([
    ['é', 1],
    ['領', 2],
    ['🚀', 3],
  ])(
    'nor does one that broke off within %s, before and after the next is written',
    async (character, kept) => {
      const cut = Buffer.concat([Buffer.from('{"reason":"'), Buffer.from(character).subarray(0, kept)]);
      await writeFile(scratch('m.jsonl'), Buffer.concat([Buffer.from(line('a')), cut]));
      expect(await read('m.jsonl')).toEqual({ uids: ['a'], errors: [] });
      await createFileSink({ path: scratch('m.jsonl') }).deliver([sampleMarker({ uid: 'c' })]);
      expect(await read('m.jsonl')).toEqual({ uids: ['a', 'c'], errors: [] });
    },
  );

  test.each(['{"uid":"b\n', 'x', '{"uid":"b"}'])('a last line that is %j is no such line', async text => {
    await writeFile(scratch('m.jsonl'), `${line('a')}${text}`);
    expect(await read('m.jsonl')).toMatchObject({ uids: ['a'], errors: [{ code: 'MARKER_INVALID' }] });
  });

  test('lines that hold none are named, and the others are read', async () => {
    const text = `${line('a')}{"uid":"cut\n${line('b', { git_sha: 'main' })}[1]\n${line('c', { recorded_at: undefined })}${line('d')}`;
    await writeFile(scratch('m.jsonl'), text);
    const { uids, errors } = await read('m.jsonl');
    expect(uids).toEqual(['a', 'd']);
    expect(errors).toHaveLength(1);
    const [error] = errors;
    expect(error).toMatchObject({
      code: 'MARKER_INVALID',
      hint: 'check it with deploy-marker validate m.jsonl',
      message: expect.stringMatching(/^"m\.jsonl" has \d+ problems: m\.jsonl:2: /),
    });
    const lines = new Set(error?.problems.map(problem => problem.split(':').slice(0, 2).join(':')));
    expect(lines).toEqual(new Set(['m.jsonl:2', 'm.jsonl:3', 'm.jsonl:4', 'm.jsonl:5']));
  });

  test('of a file that is none of markers, 20 problems are told, and the others counted', async () => {
    await writeFile(scratch('log.txt'), 'GET /\n'.repeat(500));
    const { uids, errors } = await read('log.txt');
    expect(uids).toEqual([]);
    expect(errors[0]?.message).toContain('has 500 problems');
    expect(errors[0]?.problems).toHaveLength(21);
    expect(errors[0]?.problems[20]).toBe('… and 480 more');
  });

  test.each([
    ['gzipped log', gzipSync(JSON.stringify({ Records: [{ eventSource: 's3' }] }))],
    ['log', JSON.stringify({ Records: [{ eventVersion: '1.11', eventSource: 'lambda.amazonaws.com' }] })],
    ['log over lines', JSON.stringify({ Records: [] }, null, 2)],
    ['log of JSON Lines', '{"eventVersion":"1.11","eventSource":"lambda.amazonaws.com"}\n'.repeat(9)],
  ])('a %s is told where to pass it', async (_, content) => {
    await writeFile(scratch('log'), content);
    expect((await read('log')).errors).toMatchObject([
      { code: 'MARKER_INVALID', hint: 'it looks like a CloudTrail log; pass it with --changes' },
    ]);
  });

  test('the bad files of a folder are a gap for each code', async () => {
    await mkdir(scratch('m'));
    await writeFile(scratch('m/a.jsonl'), 'x\ny\n');
    for (let i = 10; i < 40; i += 1) await writeFile(scratch(`m/a${i}.jsonl`), 'x\n');
    await writeFile(scratch('m/b.jsonl'), line('b'));
    await mkdir(scratch('m/c.jsonl'));
    const { uids, errors } = await read('m');
    expect(uids).toEqual(['b']);
    expect(errors.map(({ code }) => code)).toEqual(['MARKER_INVALID', 'INPUT_UNREADABLE']);
    expect(errors[0]?.message).toMatch(/^"m\/a\.jsonl" has 2 problems: .* … and 30 more files$/);
    expect(errors[0]?.problems).toHaveLength(21);
    expect(errors[0]?.problems[20]).toBe('… and 12 more');
    expect(errors[0]?.problems[2]).toContain('m/a10.jsonl:1: ');
  });

  test.each([
    ['none.jsonl', 'ENOENT'],
    ['empty', 'holds no *.jsonl file'],
  ])('%s cannot be read', async (name, why) => {
    await mkdir(scratch('empty'));
    const { errors } = await read(name);
    expect(errors).toMatchObject([
      { code: 'INPUT_UNREADABLE', exitCode: 2, message: expect.stringContaining(why) },
    ]);
    expect(errors[0]?.message).toContain(`"${name}"`);
  });

  test('a file as PowerShell writes it is known as one', async () => {
    await writeFile(scratch('m.jsonl'), `\ufeff${line('a')}`, 'utf16le');
    expect((await read('m.jsonl')).errors).toMatchObject([
      { code: 'MARKER_INVALID', hint: 'it is UTF-16, as PowerShell writes it: write it again as UTF-8' },
    ]);
  });

  test('a folder of logs is known as one', async () => {
    await mkdir(scratch('trail/AWSLogs'), { recursive: true });
    await writeFile(scratch('trail/AWSLogs/a.json.gz'), '');
    expect((await read('trail')).errors).toMatchObject([
      { hint: 'it looks like a folder of CloudTrail logs; pass it with --changes' },
    ]);
  });

  test('an abort ends it with its reason', async () => {
    await writeFile(scratch('m.jsonl'), line('a'));
    const reason = new DeployMarkerError('CANCELLED', 'stop');
    expect((await read('m.jsonl', AbortSignal.abort(reason))).errors).toEqual([reason]);
  });
});
