import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type JsonRecord,
  LARGEST_DOCUMENT,
  readJsonRecords,
} from '../../../../src/io/records/json-records.ts';
import { LONGEST_LINE } from '../../../../src/io/records/text-lines.ts';

async function recordsOf(text: string | Uint8Array): Promise<JsonRecord[]> {
  const records: JsonRecord[] = [];
  const stream = (async function* () {
    yield Buffer.from(text);
  })();
  for await (const block of readJsonRecords(stream)) records.push(...block);
  return records;
}

async function valuesOf(text: string): Promise<[number, unknown][]> {
  return (await recordsOf(text)).map(({ line, value }) => [line, value]);
}

async function lineOf(text: string, pointer: string, index = 0): Promise<number | undefined> {
  return (await recordsOf(text))[index]?.lineOf(pointer);
}

describe('readJsonRecords of JSON Lines', () => {
  test.each<[string, [number, unknown][]]>([
    ['', []],
    ['\n \n\t\n', []],
    ['{"a":1}', [[1, { a: 1 }]]],
    [
      '{"a":1}\n{"a":2}\n',
      [
        [1, { a: 1 }],
        [2, { a: 2 }],
      ],
    ],
    [
      '\ufeff{"a":1}\r\n\r\n  \r\n{"a":2}',
      [
        [1, { a: 1 }],
        [4, { a: 2 }],
      ],
    ],
    ['\n\n{"a":1}\n', [[3, { a: 1 }]]],
    [
      '{"a":1}\nnull\n[1]\n',
      [
        [1, { a: 1 }],
        [2, null],
        [3, [1]],
      ],
    ],
    ['{"a":"\u2028"}\n', [[1, { a: '\u2028' }]]],
  ])('%j', async (text, values) => {
    expect(await valuesOf(text)).toEqual(values);
  });

  test('names every bad line with its number, and gives the others', async () => {
    const text = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":\n{"a":2}\noops\n'),
      Buffer.from([0xff, 0x0a]),
      Buffer.from('{"a":3}'),
    ]);
    const records = await recordsOf(text);
    expect(
      records.map(({ line, value, problem }) => [line, value, problem?.message.replace(/: .*/, '')]),
    ).toEqual([
      [1, { a: 1 }, undefined],
      [2, undefined, 'is not JSON'],
      [3, { a: 2 }, undefined],
      [4, undefined, 'is not JSON'],
      [5, undefined, 'is not UTF-8'],
      [6, { a: 3 }, undefined],
    ]);
    expect(records[1]?.problem?.path).toBe('');
    expect(records[1]?.lineOf('/a')).toBe(2);
  });

  test('a file that is none has a problem on each line, and hands them over in blocks', async () => {
    const stream = (async function* () {
      yield Buffer.from('x\n\n'.repeat(200_000));
    })();
    let lines = 0;
    let largest = 0;
    let last: JsonRecord | undefined;
    for await (const block of readJsonRecords(stream)) {
      lines += block.length;
      largest = Math.max(largest, block.length);
      last = block.at(-1) ?? last;
    }
    expect([lines, largest <= 4096, last?.line]).toEqual([200_000, true, 399_999]);
    expect(last?.problem?.message).toMatch(/^is not JSON/);
  });

  test('names lines that are too long, or not UTF-8, by their number', async () => {
    const long = Buffer.alloc(LONGEST_LINE + 1, 'x');
    const text = Buffer.concat([Buffer.from('x\n'), Buffer.of(0xff, 0x0a), long, Buffer.from('\n{"a":1}')]);
    expect((await recordsOf(text)).map(({ line, problem }) => [line, problem?.message.slice(0, 24)])).toEqual(
      [
        [1, 'is not JSON: Unexpected '],
        [2, 'is not UTF-8'],
        [3, `is longer than ${LONGEST_LINE} bytes`.slice(0, 24)],
        [4, undefined],
      ],
    );
  });

  test('a bad first line does not spoil the rest', async () => {
    expect((await recordsOf('{"a":\n{"a":2}\n')).map(({ line, value }) => [line, value])).toEqual([
      [1, undefined],
      [2, { a: 2 }],
    ]);
    const text = Buffer.concat([Buffer.from([0xff, 0x0a]), Buffer.from('{"a":2}\n')]);
    expect((await recordsOf(text)).map(({ problem }) => problem?.message)).toEqual([
      'is not UTF-8',
      undefined,
    ]);
  });

  test('whatever objects are written come back, each with its line', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
        async values => {
          const given = values.map(value => JSON.stringify({ ...value, k: 1 }));
          expect(await valuesOf(given.join('\n'))).toEqual(given.map((text, i) => [i + 1, JSON.parse(text)]));
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('readJsonRecords of a document', () => {
  test('one object over several lines', async () => {
    const text = '\n{\n  "a": 1,\n  "b": {\n    "c/d": [\n      1,\n      2\n    ]\n  }\n}\n';
    expect(await valuesOf(text)).toEqual([[2, { a: 1, b: { 'c/d': [1, 2] } }]]);
    expect(await lineOf(text, '')).toBe(2);
    expect(await lineOf(text, '/a')).toBe(3);
    expect(await lineOf(text, '/b/c~1d')).toBe(5);
    expect(await lineOf(text, '/b/c~1d/1')).toBe(7);
    expect(await lineOf(text, '/b/missing')).toBe(4);
    expect(await lineOf(text, '/missing')).toBe(2);
  });

  test('a list, in one line or in several', async () => {
    expect(await valuesOf('[{"a":1},{"a":2}]')).toEqual([
      [1, { a: 1 }],
      [1, { a: 2 }],
    ]);
    const text = '[\r\n  {"a":1},\r\n  {\r\n    "a": 2\r\n  }\r\n]';
    expect(await valuesOf(text)).toEqual([
      [2, { a: 1 }],
      [3, { a: 2 }],
    ]);
    expect(await lineOf(text, '/a', 1)).toBe(4);
    expect(await valuesOf('[]')).toEqual([]);
  });

  test('the body of a PutAuditEvents request, in one line or in several', async () => {
    expect(await valuesOf('{"auditEvents":[{"id":"1"},{"id":"2"}]}')).toEqual([
      [1, { id: '1' }],
      [1, { id: '2' }],
    ]);
    const text = '{\n  "auditEvents": [\n    {\n      "id": "1"\n    },\n    { "id": "2" }\n  ]\n}';
    expect(await valuesOf(text)).toEqual([
      [3, { id: '1' }],
      [6, { id: '2' }],
    ]);
    expect(await lineOf(text, '/id')).toBe(4);
    expect(await lineOf(text, '/id', 1)).toBe(6);
  });

  test('an object with an auditEvents that is no list is a record', async () => {
    expect(await valuesOf('{"auditEvents":1}')).toEqual([[1, { auditEvents: 1 }]]);
  });

  test('a name of digits is found, in objects and in lists', async () => {
    const text = '{\n "labels": {\n  "a": "x",\n  "42": 7\n },\n "l": [\n  0,\n  1\n ]\n}';
    expect(await lineOf(text, '/labels/42')).toBe(4);
    expect(await lineOf(text, '/l/1')).toBe(8);
    expect(await lineOf(text, '/l/x')).toBe(6);
  });

  test('a document nested too deeply for the parser has its first line', async () => {
    const text = `{\n"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(await lineOf(text, '/a')).toBe(1);
  });

  test('a document that is none is read line by line', async () => {
    const records = await recordsOf('[\n{"a":1}\n{"a":2}\n]');
    expect(records.map(({ line, problem }) => [line, problem === undefined])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, false],
    ]);
  });

  test('a document over 16 MB is read line by line, whole again', async () => {
    const line = `{"a":"${'x'.repeat(999_980)}"}`;
    const count = 18;
    const records = await recordsOf(`oops\n${`${line}\n`.repeat(count)}`);
    expect(Buffer.byteLength(line) * count).toBeGreaterThan(LARGEST_DOCUMENT);
    expect(records).toHaveLength(count + 1);
    expect(records.map(record => record.line)).toEqual(Array.from({ length: count + 1 }, (_, i) => i + 1));
    expect(records.filter(({ problem }) => problem !== undefined)).toHaveLength(1);
  });
});
