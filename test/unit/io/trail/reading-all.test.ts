import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../../src/core/base/pattern.ts';
import { createRecordReader } from '../../../../src/core/change/record.ts';
import { unpackPieces } from '../../../../src/io/trail/gzip-members.ts';
import { RecordFilter } from '../../../../src/io/trail/record-filter.ts';
import { RecordSplitter } from '../../../../src/io/trail/record-splitter.ts';
import { createTrailLogs } from '../../../../src/io/trail/trail-logs.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const folder = useScratchFolder();
const SOURCES = ['lambda.amazonaws.com', 'sts.amazonaws.com'];

/** Something in a log: a change, a record of which a part is missing, one that nobody asked for, or another thing. */
type Kind = 'change' | 'broken' | 'other' | 'foreign';
interface Thing {
  readonly kind: Kind;
  readonly value: object;
}

const GOOD = {
  eventVersion: '1.11',
  eventTime: '2026-06-01T10:00:00Z',
  eventName: 'UpdateFunctionCode20150331v2',
  eventSource: 'lambda.amazonaws.com',
  recipientAccountId: '111122223333',
  awsRegion: 'eu-west-1',
  readOnly: false,
  requestParameters: { functionName: 'orders', eventSource: 's3.amazonaws.com' },
};

const CHANGES: readonly object[] = [
  {},
  { errorCode: '' },
  { errorCode: null },
  { errorCode: 'null' },
  { errorCode: '-' },
  { errorCode: 'Success' },
  { eventCategory: '' },
  { eventCategory: 'management ' },
  { eventSource: 'Lambda.amazonaws.com' },
  { eventSource: 'lambda.amazonaws.com.cn' },
  { eventSource: 'lambda.amazonaws.com.' },
  { eventSource: 'lambda.eu-west-1.amazonaws.com' },
  { eventTime: '2026-06-01T12:00:00.5+02:00' },
  { readOnly: 'false' },
  { readOnly: 'False', eventName: 'TestRepositoryTriggers' },
  { readOnly: 1 },
];
const BROKEN: readonly object[] = [
  { eventTime: '2026-06-01T10:00:00' },
  { eventTime: '2026-06-01 10:00:00' },
  { eventTime: '2026-02-30T10:00:00Z' },
  { eventTime: 'yesterday' },
  { eventTime: 1_780_000_000 },
  { eventTime: undefined },
  { eventSource: undefined },
  { eventSource: '' },
  { eventSource: 7 },
  { eventName: undefined },
  { eventName: null },
];
const OTHER: readonly object[] = [
  { eventSource: 's3.amazonaws.com' },
  { eventSource: 's3.amazonaws.com', eventTime: 'yesterday' },
  { errorCode: 'AccessDenied' },
  { readOnly: true },
  { readOnly: 'true' },
  { eventCategory: 'Data' },
  { eventCategory: 'DATA' },
];
const FOREIGN: readonly object[] = [
  {},
  { uid: 'u', deploy_id: 'd' },
  { digestStartTime: '2026-06-01T10:00:00Z', logFiles: [] },
  { eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', eventTime: '2026-06-01T10:00:00Z' },
  { eventVersion: '1.0', eventId: 'a', eventCategory: 'Aggregated', eventSource: 'lambda.amazonaws.com' },
  { eventsource: 'lambda.amazonaws.com', eventname: 'UpdateFunctionCode', eventtime: 'x' },
  { 'detail-type': 'CodeDeploy Deployment State-change', detail: { state: 'SUCCESS' } },
  { EventId: 'a', EventName: 'UpdateFunctionCode', EventTime: 'x' },
  { CloudTrailEvent: 'not json', eventSource: 'lambda.amazonaws.com' },
  { message: 'START RequestId' },
  { configurationItems: [] },
];

const noise = fc.dictionary(
  fc.constantFrom('userAgent', 'a', 'b', 'resources'),
  fc.jsonValue({ maxDepth: 2 }),
);
function variants(kind: Kind, fields: readonly object[]): fc.Arbitrary<Thing> {
  return fc.tuple(fc.constantFrom(...fields), noise, fc.nat()).map(([field, extra, turn]) => {
    if (kind === 'foreign') return { kind, value: field };
    const all = Object.entries({ ...extra, eventID: '', ...GOOD, ...field });
    const start = turn % all.length;
    return { kind, value: Object.fromEntries([...all.slice(start), ...all.slice(0, start)]) };
  });
}
const thing = fc.oneof(
  variants('change', CHANGES),
  variants('broken', BROKEN),
  variants('other', OTHER),
  variants('foreign', FOREIGN),
);

/** Other spellings of the same JSON: any character of a string may be an escape. */
function respell(json: string, shift: number): string {
  let at = shift;
  return json.replaceAll(/(?<!\\)(?:\\\\)*[a-zA-Z./]/g, part => {
    at = (at * 31 + 7) % 1009;
    const last = part.at(-1) ?? '';
    const isInString = !/^(?:true|false|null)/.test(last) && shift > 0 && at % 5 === 0;
    return isInString ? `${part.slice(0, -1)}\\u${last.charCodeAt(0).toString(16).padStart(4, '0')}` : part;
  });
}

/** Escapes only inside of strings, where JSON allows them. */
function spell(value: unknown, shift: number): string {
  return JSON.stringify(value).replaceAll(/"(?:[^"\\]|\\.)*"/g, text => respell(text, shift));
}

const WRAPS: readonly ((value: object, text: string) => unknown)[] = [
  value => value,
  value => value,
  (_, text) => text,
  (_, text) => ({ EventTime: '2026-06-01T10:00:00Z', CloudTrailEvent: text }),
  value => ({ CloudTrailEvent: value, EventName: 'x' }),
  (_, text) => ['2026-06-01T10:00:00Z', text, null],
  (_, text) => ({ timestamp: 1, message: text, eventId: '1' }),
  (_, text) => ({ messageType: 'DATA_MESSAGE', logEvents: [{ id: '1', message: text }] }),
  value => ({ Records: [value] }),
  detail => ({ 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.lambda', detail }),
];
interface Item extends Thing {
  readonly wrap: (value: object, text: string) => unknown;
  /** How it is spelt, and how a text in it; 0 is plainly. */
  readonly shift: readonly [outer: number, inner: number];
}
const spelling = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 500 }));
const shift = fc.tuple(spelling, spelling);
const OTHER_TEXT = JSON.stringify({ ...GOOD, eventID: 'other', eventSource: 's3.amazonaws.com' });
/** What looks as if nobody had asked for it, and holds a change; and what holds nothing at all. */
const ODD: readonly Pick<Item, 'kind' | 'value' | 'wrap'>[] = [
  ...[
    (_: object, text: string) => ({ eventSource: 's3.amazonaws.com', eventId: '1', message: text }),
    (_: object, text: string) => ({ message: text, eventId: '1', eventSource: 's3.amazonaws.com' }),
    (_: object, text: string) => [OTHER_TEXT, text],
    (_: object, text: string) => [text, OTHER_TEXT, '2026-06-01T10:00:00Z'],
  ].map(wrap => ({ kind: 'change' as const, value: GOOD, wrap })),
  ...[() => 'no record', () => 'null', () => ['no', 'record'], () => [7]].map(wrap => ({
    kind: 'foreign' as const,
    value: {},
    wrap,
  })),
];
const item: fc.Arbitrary<Item> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(thing, fc.constantFrom(...WRAPS), shift)
      .map(([each, wrap, at]) => ({ ...each, wrap, shift: at })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom(...ODD), shift).map(([each, at]) => ({ ...each, shift: at })),
  },
);

/** A row that stands alone is a list of what is in it, and the time no record. */
const toDocument = (text: string): string => (text.startsWith('[') ? `[${text}]` : text);

const DOCUMENTS: readonly ((items: readonly string[]) => string)[] = [
  items => `{"Records":[${items.join(',')}]}`,
  items => `{ "Records" : [\n${items.join(' ,\n')}\n] , "x": {"y": "]}"} }`,
  items => `{"x":{"Records":1},"Records":[${items.join(',')}]}`,
  items => `{"Events":[${items.join(',')}],"NextToken":null}`,
  items => `{"events":[${items.join(',')}],"searchedLogStreams":[]}`,
  items => `[${items.join(',')}]`,
  items => items.map(toDocument).join('\n'),
  items => items.map(toDocument).join('\t'),
  items => items.map(toDocument).join(''),
];
const file = fc.record({
  documents: fc.array(
    fc.tuple(fc.constantFrom(...DOCUMENTS), fc.array(item, { minLength: 1, maxLength: 5 })),
    { minLength: 1, maxLength: 3 },
  ),
  between: fc.constantFrom('', '\n', '\r\n\ufeff', ' \t\0\0', '\n\u001e'),
  packing: fc.constantFrom('plain', 'members', 'padded'),
  cuts: fc.array(fc.nat(4000), { maxLength: 8 }),
  pieces: fc.array(fc.nat(4000), { maxLength: 8 }),
});
type File = typeof file extends fc.Arbitrary<infer T> ? T : never;

function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = places.map(place => Math.min(place, bytes.length)).sort((a, b) => a - b);
  return [0, ...ends].map((start, index) => bytes.subarray(start, ends[index] ?? bytes.length));
}

/** Gives every record an id, and says what is to become of each. */
function write(files: readonly File[]) {
  const ids: Record<Kind, string[]> = { change: [], broken: [], other: [], foreign: [] };
  let serial = 0;
  const print = ({ kind, value, wrap, shift }: Item): string => {
    serial += 1;
    ids[kind].push(`id-${serial}`);
    const whole = kind === 'foreign' ? value : { ...value, eventID: `id-${serial}` };
    const [outer, inner] = shift;
    return spell(wrap(whole, spell(whole, inner)), outer);
  };
  const contents = files.map(({ documents, between, packing, cuts }) => {
    const bytes = Buffer.from(documents.map(([form, items]) => form(items.map(print))).join(between));
    if (packing === 'plain') return bytes;
    const padding = Buffer.alloc(packing === 'padded' ? 513 : 0);
    return Buffer.concat(cut(bytes, cuts).flatMap(part => [gzipSync(part), padding]));
  });
  return { contents, ids };
}

function openReader() {
  const changes: string[] = [];
  const unread: string[] = [];
  const take = createRecordReader(
    { services: ['lambda'], isHumanRole: matchesAny([]) },
    {
      change: ({ id }) => changes.push(id),
      chain: () => {},
      unread: ({ id = '' }) => unread.push(id),
    },
  );
  return { changes, unread, take };
}

describe('read plus named as unread is all there is', () => {
  test('for any mix of forms, spellings, padding and order, wherever pieces and gzip members end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 2 }), async files => {
        const { contents, ids } = write(files);
        const { changes, unread, take } = openReader();
        let refused = 0;
        for (const [index, bytes] of contents.entries()) {
          const splitter = new RecordSplitter(new RecordFilter(SOURCES), take);
          const pieces = cut(bytes, files[index]?.pieces ?? []);
          const source = (async function* () {
            yield* pieces;
          })();
          for await (const piece of unpackPieces(source, 512)) splitter.push(piece);
          splitter.end();
          refused += splitter.refused.problems.count;
          expect(splitter.isPage).toBe(false);
        }
        expect({ changes, unread, refused }).toEqual({
          changes: ids.change,
          unread: ids.broken,
          refused: ids.foreign.length,
        });
      }),
      { numRuns: 300, endOnFailure: true },
    );
  }, 120_000);

  test('in files, of which those with something else than records are named', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async files => {
        const { contents, ids } = write(files);
        const { changes, unread, take } = openReader();
        let refused = 0;
        for (const [index, bytes] of contents.entries()) {
          writeFileSync(folder(`${index}.json.gz`), bytes);
          const logs = createTrailLogs(folder(`${index}.json.gz`), 'log');
          const query = { from: 0, until: 1, services: ['lambda'], component: undefined };
          const gaps = await logs.read(query, take, { signal: new AbortController().signal });
          for (const { code, message } of gaps) {
            expect(code).toBe('TRAIL_LOG_INVALID');
            refused += Number(/: (\d+) of \d+ records are not read/.exec(message)?.[1]);
          }
        }
        expect({ changes, unread, refused }).toEqual({
          changes: ids.change,
          unread: ids.broken,
          refused: ids.foreign.length,
        });
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 120_000);
});
