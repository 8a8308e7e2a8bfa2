import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRecordReader } from '../../../../../src/core/change/record.ts';
import { PlainRecords } from '../../../../../src/io/trail/plain/plain-records.ts';
import { type ByteFilter, RecordFilter } from '../../../../../src/io/trail/record-filter.ts';
import { RecordSplitter } from '../../../../../src/io/trail/record-splitter.ts';
import { WriteFilter } from '../../../../../src/io/trail/write-filter.ts';
import { makeWorld } from '../../../../trail-world/world.ts';

/** Leaves all records to JSON.parse. */
class NoPlainRecords extends PlainRecords {
  override find(): boolean {
    return false;
  }
}

/** All that a log comes to. */
function read(bytes: Buffer, cuts: readonly number[], filter: ByteFilter | undefined, plain: PlainRecords) {
  const told: unknown[] = [];
  const take = createRecordReader(
    { services: 'all', isHumanRole: () => false },
    {
      change: (change, asked) => told.push({ change, asked }),
      chain: chain => told.push({ chain }),
      idle: call => told.push({ idle: call }),
      record: (...seen) => told.push(seen),
      unread: record => told.push({ unread: record }),
    },
  );
  const glance = (record: unknown): void => {
    told.push('a glance');
    take(record);
  };
  const splitter = new RecordSplitter(filter, take, { glance, plain });
  try {
    const places = cuts.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b);
    for (const [rank, start] of [0, ...places].entries()) splitter.push(bytes.subarray(start, places[rank]));
    splitter.end();
  } catch (error) {
    told.push(error instanceof Error ? error.message : error);
  }
  return {
    told,
    count: splitter.count,
    refused: splitter.refused.problems.toLines(),
    isPage: splitter.isPage,
  };
}

const RECORDS = makeWorld({ seed: 3 }).records.map(record => JSON.stringify(record));
const PIECES = [
  ...[
    '"',
    '\\',
    '{',
    '}',
    ',',
    ' ',
    '\n',
    '\u0000',
    'é',
    '"x":1,',
    '"eventSource":"s3.amazonaws.com",',
    'null',
  ],
  ...[
    '"readOnly":true,',
    '"\\u0065ventName":"Get",',
    '"eventId":"1",',
    '"Records":[],',
    '"errorCode":"Denied",',
  ],
];
/** Most records as they are; some with something put in, or taken away, in the middle or in front. */
const text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...RECORDS) },
  fc
    .tuple(
      fc.constantFrom(...RECORDS),
      fc.constantFrom(...PIECES),
      fc.oneof(fc.constant(1), fc.nat()),
      fc.nat(2),
    )
    .map(([json, piece, at, gone]) => {
      const place = at % (json.length + 1);
      return json.slice(0, place) + piece + json.slice(place + gone);
    }),
  fc.constantFrom(...RECORDS).map(json => JSON.stringify({ CloudTrailEvent: json, EventId: 'e' })),
  fc.constantFrom(...RECORDS).map(json => JSON.stringify(JSON.parse(json), undefined, 1)),
);
const FORMS: readonly ((texts: readonly string[]) => string)[] = [
  texts => `{"Records":[${texts.join(',')}]}`,
  texts => `[${texts.join(',\n')}]`,
  texts => texts.join('\n'),
];
const FILTERS: readonly (() => ByteFilter | undefined)[] = [
  () => undefined,
  () => new RecordFilter(['lambda.amazonaws.com', 'cloudformation.amazonaws.com', 'sts.amazonaws.com']),
  () => new WriteFilter(),
];

test('a log comes to the same whether its records are read plainly or parsed as a whole', () => {
  const plain = new PlainRecords();
  const none = new NoPlainRecords();
  const cuts = fc.array(fc.nat(30_000), { maxLength: 6 });
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 10 }),
      fc.constantFrom(...FORMS),
      fc.constantFrom(...FILTERS),
      cuts,
      (texts, form, filter, places) => {
        const bytes = Buffer.from(form(texts));
        expect(read(bytes, places, filter(), plain)).toEqual(read(bytes, places, filter(), none));
      },
    ),
    { numRuns: 1500 },
  );
}, 60_000);
