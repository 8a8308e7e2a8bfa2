import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RecordFilter } from '../../../../src/io/trail/record-filter.ts';

const WANTED = ['lambda.amazonaws.com', 's3.amazonaws.com', 'my_service.amazonaws.com'];
/** A wanted source behind the key, however often the quotes between are escaped. */
const NAMED = /eventSource["\s:\\]*(?:lambda|s3|my_service)\.amazonaws\.com/;

const source = fc.constantFrom(
  ...WANTED,
  'ec2.amazonaws.com',
  's3.amazonaws.com.cn',
  'xs3.amazonaws.com',
  'LAMBDA.amazonaws.com',
);
const value = fc.oneof(
  source,
  source.map(name => JSON.stringify({ eventSource: name })),
  source.map(name => JSON.stringify(JSON.stringify({ eventSource: name }, null, 2))),
  fc.constantFrom('eventSource', '"eventSource":', 'eventSource: "', '\\"', 'ü'),
  fc.string({ maxLength: 8 }),
);
const record = fc.record({ before: value, inside: value, own: source, after: value });

test('leaves out exactly the records of other services in which no wanted one stands behind the key', () => {
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 6 }), records => {
      const texts = records.map(({ before, inside, own, after }) =>
        JSON.stringify({ before, asked: { [inside]: inside }, eventSource: own, after }),
      );
      const bytes = Buffer.from(texts.join(','));
      const isOther = new RecordFilter(WANTED).open(bytes);
      let start = 0;
      for (const [rank, text] of texts.entries()) {
        const end = start + Buffer.byteLength(text);
        const own = `"eventSource":${JSON.stringify(records[rank]?.own)},"after":`;
        const sourceKey = start + Buffer.byteLength(text.slice(0, text.lastIndexOf(own))) + 13;
        const isPlain = /^[a-z0-9.-]+\.amazonaws\.com$/.test(records[rank]?.own ?? '');
        expect(isOther({ start, end, sourceKey })).toBe(isPlain && !NAMED.test(text));
        start = end + 1;
      }
    }),
    { numRuns: 500 },
  );
});
