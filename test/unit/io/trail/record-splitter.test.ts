import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordFilter } from '../../../../src/io/trail/record-filter.ts';
import { LONGEST_RECORD, RecordSplitter } from '../../../../src/io/trail/record-splitter.ts';

const LAMBDA = 'lambda.amazonaws.com';
const RECORD = { eventSource: 'lambda.amazonaws.com', eventID: 'e-1' };
const OTHER = { eventSource: 's3.amazonaws.com', eventID: 'e-2' };

function split(pieces: readonly (string | Buffer)[], sources: readonly string[] = []) {
  const taken: unknown[] = [];
  const filter = sources.length === 0 ? undefined : new RecordFilter(sources);
  const splitter = new RecordSplitter(filter, record => taken.push(record));
  let message = '';
  try {
    for (const piece of pieces) splitter.push(typeof piece === 'string' ? Buffer.from(piece) : piece);
    splitter.end();
  } catch (error) {
    expect(error).toMatchObject({ code: 'TRAIL_LOG_INVALID' });
    message = error instanceof Error ? error.message : '';
  }
  for (const line of splitter.refused.problems.toLines()) message += line;
  return { taken, count: splitter.count, message };
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b);
  return [0, ...places].map((start, index) => bytes.subarray(start, places[index] ?? bytes.length));
}

const LAYOUTS: Readonly<Record<string, (records: readonly object[], indent: number) => string>> = {
  'the log of a trail': (Records, indent) => JSON.stringify({ Records }, undefined, indent),
  'a list': (records, indent) => JSON.stringify(records, undefined, indent),
  'JSON Lines': (records, indent) =>
    records.map(record => JSON.stringify(record, undefined, indent)).join('\n'),
  'an answer of LookupEvents': (records, indent) => {
    const Events = records.map(record => ({ EventName: '}', CloudTrailEvent: JSON.stringify(record) }));
    return JSON.stringify({ Events, ResponseMetadata: '領}]"{' }, undefined, indent);
  },
};

// Whatever ends a record, a string or an escape if it is read in the wrong place.
const text = fc.string({
  unit: fc.constantFrom(
    'a',
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    '\\"',
    ',',
    '\n',
    'é',
    '領',
    '🚀',
    '\u2028',
    `"${LAMBDA}"`,
    'eventSource',
    '":"',
  ),
  maxLength: 12,
});
const value = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
})).value;
const records = fc.array(
  fc.record({
    eventSource: fc.constantFrom('lambda.amazonaws.com', 's3.amazonaws.com'),
    eventID: text,
    value,
  }),
  { minLength: 1, maxLength: 6 },
);

const isPlainlyOther = (record: object): boolean => !JSON.stringify(record).includes('s3.amazonaws.com');

describe('RecordSplitter', () => {
  test.each(Object.entries(LAYOUTS))('finds every record of %s wherever the pieces end', (_, print) => {
    const cuts = fc.array(fc.nat(3000), { maxLength: 12 });
    fc.assert(
      fc.property(records, cuts, fc.constantFrom(0, 2), fc.boolean(), (list, places, indent, hasMark) => {
        const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${print(list, indent)}\n`);
        const expected = { taken: JSON.parse(JSON.stringify(list)), count: list.length, message: '' };
        expect(split(cut(bytes, places))).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('finds every record in pieces of one byte', () => {
    const list = [
      { ...RECORD, name: '\\"}{領\\\\' },
      { ...OTHER, list: [{ a: {} }, '\\'] },
    ];
    const bytes = Buffer.from(JSON.stringify({ Records: list }, undefined, 1));
    expect(split([...bytes].map(byte => Buffer.of(byte)))).toEqual({ taken: list, count: 2, message: '' });
  });

  test('takes every record that is asked for, wherever the pieces end, and few others', () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat(3000), { maxLength: 12 }), (list, places) => {
        const sources = ['s3.amazonaws.com', 'x.amazonaws.com'];
        const wanted = list.filter(record => record.eventSource === 's3.amazonaws.com');
        const { taken, count } = split(cut(Buffer.from(JSON.stringify({ Records: list })), places), sources);
        expect(taken).toEqual(JSON.parse(JSON.stringify(wanted)));
        expect(count).toBe(list.length);
      }),
    );
  });

  test('shows the first and the last of the records that are left out, and every one at most once', () => {
    fc.assert(
      fc.property(records, fc.array(fc.nat(3000), { maxLength: 12 }), (list, places) => {
        const shown: unknown[] = [];
        const splitter = new RecordSplitter(new RecordFilter(['s3.amazonaws.com']), () => {}, {
          glance: record => shown.push(record),
        });
        for (const piece of cut(Buffer.from(JSON.stringify({ Records: list })), places)) splitter.push(piece);
        splitter.end();
        const others: unknown[] = JSON.parse(JSON.stringify(list.filter(isPlainlyOther)));
        expect(shown.at(-1)).toEqual(others.at(-1));
        if (list[0] !== undefined && isPlainlyOther(list[0])) expect(shown[0]).toEqual(others[0]);
        expect(shown.length).toBeLessThanOrEqual(others.length);
        // In their order.
        let at = -1;
        for (const record of shown) {
          at = others.findIndex((each, rank) => rank > at && JSON.stringify(each) === JSON.stringify(record));
          expect(at).not.toBe(-1);
        }
      }),
    );
  });

  test('of a piece that is long, shows some more of the records that are left out', () => {
    const list = Array.from({ length: 3000 }, (_, index) => ({
      ...RECORD,
      eventID: `e-${index}`,
      text: 'x'.repeat(300),
    }));
    const text = JSON.stringify({ Records: list });
    const shown: { readonly eventID: string }[] = [];
    const splitter = new RecordSplitter(new RecordFilter(['s3.amazonaws.com']), () => {}, {
      glance: record => shown.push(Object(record)),
    });
    splitter.push(Buffer.from(text));
    splitter.end();
    const ranks = shown.map(({ eventID }) => Number(eventID.slice(2)));
    expect(shown).toEqual(ranks.map(rank => list[rank]));
    expect([ranks[0], ranks.at(-1)]).toEqual([0, 2999]);
    // One in 256 kB, besides the first and the last.
    expect(ranks.length).toBe(2 + Math.floor(text.length / 262_144));
  });

  test.each([
    '{"Records":[]}',
    ' {\r\n\t"Records" : [ ]\n}\n',
    '[]',
    '{"Events":[],"NextToken":null}',
    '{"x":1,"Records":[]}',
  ])('finds that %j has no record', log =>
    expect(split([log])).toEqual({ taken: [], count: 0, message: '' }),
  );

  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['null', 'it does not begin like one'],
    ['REPORT Duration: 3 ms', 'it does not begin like one'],
    ['{}', 'record 1 is not one of CloudTrail'],
    [
      '{"digestStartTime":"2026-06-01T10:00:00Z"}',
      'record 1 is a digest of the trail, which holds no records',
    ],
    ['{"Records":null}', 'record 1 is not one of CloudTrail'],
    [
      '{"Records":[{"eventSource":"aws:s3","eventName":"x"}]}',
      'record 1 is an event of aws:s3, not of CloudTrail',
    ],
    ['{"Records":[1]}', 'there is something else than a record after 0 records'],
  ])('says of %j that it is no log', (log, message) => {
    expect(split([log], [LAMBDA])).toEqual({ taken: [], count: expect.any(Number), message });
  });

  const one = JSON.stringify(RECORD);
  test.each([
    [`{"Records":[${one}`, 'it is cut off after 1 records'],
    [`{"Records":[${one},`, 'it is cut off after 1 records'],
    [`{"Records":[${one},{"eventSource":"lam`, 'it is cut off after 1 records'],
    [`${one}\n{"eventSource":"lambda.amazonaws.com","x":{}`, 'it is cut off after 1 records'],
    [`{"Records":[${one}]`, 'it is cut off after 1 records'],
    [`{"Records":[${one}],"x"}`, 'what follows its 1 records is not the end of a log'],
    [`{"Records":[${one}]}x`, 'there is something else than a record after 1 records'],
    [`{"Records":[${one}]}{"Records":[`, 'it is cut off after 1 records'],
    [`[${one}]}`, 'there is something else than a record after 1 records'],
    [`{"Records":[${one}${one}]}`, 'there is something else than a record after 1 records'],
    [`{"Records":[${one},,${one}]}`, 'there is something else than a record after 1 records'],
    [`{"Records":[${one},]}`, 'there is something else than a record after 1 records'],
    [`${one},${one}`, 'there is something else than a record after 1 records'],
    [`${one}\n]`, 'there is something else than a record after 1 records'],
    [`{"Records":[${one},{"eventSource":"lambda.amazonaws.com",}]}`, 'record 2 is not JSON'],
    [
      `[{"CloudTrailEvent":${JSON.stringify(one)}},{"CloudTrailEvent":"{"}]`,
      'record 2 is an entry of lookup-events without a CloudTrailEvent that can be read',
    ],
  ])('takes the records before the fault of %j', (log, message) => {
    expect(split([log])).toMatchObject({ taken: [RECORD], message });
    expect(split([...Buffer.from(log)].map(byte => Buffer.of(byte)))).toMatchObject({
      taken: [RECORD],
      message,
    });
  });

  test('names a record that is not UTF-8, but not a replacement character', () => {
    const name = Buffer.from('{"eventSource":"x","eventID":"\ufffd"}');
    expect(split([name]).message).toBe('');
    const broken = Buffer.from('{"eventSource":"x","eventID":"\u00e9"}', 'latin1');
    expect(split([broken]).message).toBe('record 1 is not UTF-8');
  });

  test('does not keep more than the longest record', () => {
    const long = JSON.stringify({ ...RECORD, long: 'x'.repeat(LONGEST_RECORD + 1_500_000) });
    const piece = (index: number): string => long.slice(index * 1_000_000, (index + 1) * 1_000_000);
    const pieces = ['[', one, ',', ...Array.from({ length: 6 }, (_, index) => piece(index))];
    const message = `record 2 is longer than ${LONGEST_RECORD} bytes`;
    expect(split(pieces)).toMatchObject({ count: 1, message });
    expect(split([`[${one}]`, ' '.repeat(LONGEST_RECORD), ' '])).toMatchObject({ count: 1, message: '' });
  });
});
