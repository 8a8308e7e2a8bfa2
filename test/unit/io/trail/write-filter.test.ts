import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RecordSplitter } from '../../../../src/io/trail/record-splitter.ts';
import { WriteFilter } from '../../../../src/io/trail/write-filter.ts';

const READ = { eventSource: 's3.amazonaws.com', eventName: 'GetBucketAcl', readOnly: true, eventID: 'e-1' };

function taken(text: string, cuts: readonly number[] = []): unknown[] {
  const found: unknown[] = [];
  const splitter = new RecordSplitter(new WriteFilter(), record => found.push(record));
  const bytes = Buffer.from(text);
  const places = cuts.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b);
  for (const [rank, start] of [0, ...places].entries()) splitter.push(bytes.subarray(start, places[rank]));
  splitter.end();
  return found;
}

const log = (...Records: readonly unknown[]): string => JSON.stringify({ Records });

describe('of all services', () => {
  test('reads are left out, wherever their keys stand and however they are written', () => {
    const { readOnly, ...rest } = READ;
    expect(
      taken(log(READ, { readOnly, ...rest }, { ...READ, requestParameters: { a: [{ b: '}' }] } })),
    ).toEqual([]);
    expect(taken(JSON.stringify({ Records: [READ] }, undefined, 2))).toEqual([]);
  });

  test.each<[string, object]>([
    ['writes', { ...READ, readOnly: false }],
    ['what does not say', { ...READ, readOnly: undefined }],
    ['what says it as a text', { ...READ, readOnly: 'true' }],
    ['AssumeRole', { ...READ, eventSource: 'sts.amazonaws.com' }],
    ['what has no source', { ...READ, eventSource: undefined }],
    ['what has an odd source', { ...READ, eventSource: 'S3.amazonaws.com ' }],
    ['a write that mentions a read', { ...READ, readOnly: false, requestParameters: { readOnly: true } }],
    [
      'what only mentions a read',
      { ...READ, readOnly: undefined, requestParameters: { volume: { readOnly: true } } },
    ],
    [
      'what mentions another record',
      { ...READ, requestParameters: { x: { eventSource: 'iam.amazonaws.com' } } },
    ],
    [
      'what holds another record as a text',
      { ...READ, requestParameters: { x: JSON.stringify({ ...READ, readOnly: false }) } },
    ],
  ])('%s: taken', (_, record) => {
    expect(taken(log(record))).toEqual([JSON.parse(JSON.stringify(record))]);
  });

  test('escapes hide no write', () => {
    const twice = String.raw`{"eventSource":"s3.amazonaws.com","eventName":"PutBucketAcl","readOnly":true,"\u0072eadOnly":false}`;
    const splitter = new RecordSplitter(new WriteFilter(), () => {});
    splitter.push(Buffer.from(`{"Records":[${twice}]}`));
    splitter.end();
    expect(splitter.refused.problems.first).toContain('has a key twice');
    const inner = String.raw`{"eventSource":"s3.amazonaws.com","eventName":"PutBucketAcl","requestParameters":{"readOnly":true},"\u0072eadOnly":false}`;
    expect(taken(`{"Records":[${inner}]}`)).toHaveLength(1);
  });

  test('whatever a record holds, it is a read if it is left out', () => {
    const inner = fc.dictionary(
      fc.constantFrom('readOnly', 'eventSource', 'a', '"readOnly":true'),
      fc.oneof(fc.boolean(), fc.string(), fc.constantFrom('"readOnly":true}', 's3.amazonaws.com')),
    );
    const record = fc
      .record(
        {
          eventSource: fc.constantFrom('s3.amazonaws.com', 'sts.amazonaws.com', 'lambda.amazonaws.com'),
          readOnly: fc.constantFrom<unknown>(true, true, false, 'true', null),
          requestParameters: inner,
          responseElements: fc.oneof(inner, fc.constant(null)),
          eventID: fc.uuid(),
        },
        { requiredKeys: ['eventID'] },
      )
      .chain(fields =>
        fc
          .shuffledSubarray(Object.entries(fields), { minLength: Object.keys(fields).length })
          .map(entries => Object.fromEntries(entries)),
      )
      .filter(fields => 'eventSource' in fields);
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 8 }),
        fc.array(fc.nat(2000), { maxLength: 6 }),
        (list, cuts) => {
          const ids = new Set(taken(log(...list), cuts).map(each => JSON.stringify(each)));
          for (const each of list) {
            if (ids.has(JSON.stringify(each))) continue;
            expect(each).toMatchObject({ readOnly: true });
            expect(each['eventSource']).not.toBe('sts.amazonaws.com');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
