import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  answeredField,
  answerOf,
  LateAnswer,
  LOOKED_AT,
} from '../../../../../src/core/change/brief-record.ts';
import { PlainRecords } from '../../../../../src/io/trail/plain/plain-records.ts';
import { isAmbiguous, openForm } from '../../../../../src/io/trail/record-forms.ts';

const IDENTITIES = Array.from({ length: 24 }, (_, rank) => ({
  type: 'AssumedRole',
  principalId: `AROA${'X'.repeat(17)}:ci-prod-deploy-${rank % 3}`,
  arn: `arn:aws:sts::111122223333:assumed-role/ci/ci-prod-deploy-${rank % 3}`,
  accessKeyId: `ASIA${String(rank % 12).padStart(16, '0')}`,
  ...(rank >= 12 && { invokedBy: 'cloudformation.amazonaws.com' }),
}));
const text = fc.oneof(
  fc.constantFrom(
    'a',
    '$LATEST',
    '7',
    '',
    'lambda.amazonaws.com',
    '}',
    '"}',
    '\\',
    'eventSource',
    'é',
    '\u2028',
    '\n',
  ),
  fc.string({ maxLength: 40 }),
);
const deep = fc.letrec(tie => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom<unknown>(null, true, false, 0, 3, -2.5, 1e30),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom('version', 'functionName', 'eventSource'), text), tie('value'), {
      maxKeys: 5,
    }),
  ),
})).value;
const NAMES = [
  ...LOOKED_AT,
  ...['eventVersion', 'userAgent', 'requestID', 'tlsDetails', 'errorMessage', 'apiVersion', 'vpcEndpointId'],
];
/** Fields that make something else of a record. */
const ODD = [
  'eventId',
  'message',
  'CloudTrailEvent',
  'Records',
  'detail-type',
  '__proto__',
  'eventsource',
  'annotation',
];
const mostly = (arbitrary: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 20, arbitrary }, fc.constant('aws:s3'), deep);
const record = fc
  .record({
    eventSource: mostly(fc.constantFrom('lambda.amazonaws.com', 's3.amazonaws.com')),
    eventName: mostly(fc.constantFrom('UpdateFunctionCode20150331v2', 'GetFunction')),
    eventTime: mostly(fc.constantFrom('2026-06-01T10:00:00Z')),
    eventID: mostly(fc.uuid()),
    userIdentity: fc.oneof(fc.constantFrom(...IDENTITIES), fc.constantFrom(...IDENTITIES), deep),
    responseElements: deep,
    others: fc.dictionary(
      fc.oneof({ weight: 50, arbitrary: fc.constantFrom(...NAMES) }, fc.constantFrom(...ODD)),
      deep,
      {
        maxKeys: 6,
      },
    ),
  })
  .chain(({ others, ...fields }) => {
    const entries = Object.entries({ ...others, ...fields });
    return fc.shuffledSubarray(entries, { minLength: Math.max(1, entries.length - 1) });
  });
const toJson = (entries: readonly (readonly [string, unknown])[]): string =>
  `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`;

/** The whole as JSON.parse has it, if it is one record of CloudTrail and nothing else. */
function parseWhole(json: string): object | undefined {
  const value: unknown = JSON.parse(json);
  const taken: unknown[] = [];
  const refused: unknown[] = [];
  openForm(value, {
    take: each => taken.push(each),
    refuse: each => refused.push(each),
    cut: () => refused.push(''),
  });
  const [first] = taken;
  return refused.length === 0 && taken.length === 1 && typeof first === 'object' && first !== null
    ? first
    : undefined;
}

/** Reads the record, and holds it to the whole. */
function expectSame(records: PlainRecords, bytes: Buffer, whole: object): void {
  const brief = records.read(bytes);
  for (const name of LOOKED_AT) {
    const expected: unknown = Reflect.get(whole, name);
    const found = brief[name];
    if (found instanceof LateAnswer) {
      expect(name).toBe('responseElements');
      for (const key of ['version', 'functionName', 'none', ...Object.keys(Object(expected))]) {
        expect(answeredField(brief, key)).toEqual(Reflect.get(Object(expected), key));
      }
      expect(answerOf(brief)).toEqual(expected);
    } else expect(found).toEqual(expected);
  }
}

describe('a plain record', () => {
  test('is read as JSON.parse reads it, whatever it holds and whatever was read before', () => {
    const records = new PlainRecords();
    let plain = 0;
    fc.assert(
      fc.property(record, text, (entries, behind) => {
        const json = toJson(entries);
        const bytes = Buffer.from(`[${json},${behind}`);
        if (!records.find(bytes, 1)) return;
        plain += 1;
        const { start, end, sourceKey } = records.place;
        expect([start, end]).toEqual([1, 1 + json.length]);
        expect(bytes.toString('latin1', sourceKey - 13, sourceKey + 1)).toBe('"eventSource":');
        const whole = parseWhole(json);
        expect(whole).toBeDefined();
        expectSame(records, bytes, whole ?? {});
      }),
      { numRuns: 5000 },
    );
    expect(plain).toBeGreaterThan(500);
  });

  test('is JSON, has no key twice and is all there: a damaged one is left to JSON.parse', () => {
    const PIECES = [
      '"',
      '\\',
      '{',
      '}',
      ',',
      ':',
      '[',
      ']',
      ' ',
      '\n',
      '\u0000',
      'é',
      '\\u0065',
      ',"readOnly":true',
      '1',
      '',
    ];
    const records = new PlainRecords();
    fc.assert(
      fc.property(record, fc.constantFrom(...PIECES), fc.nat(), fc.nat(3), (entries, piece, at, gone) => {
        const json = toJson(entries);
        const place = at % (json.length + 1);
        const bytes = Buffer.from(json.slice(0, place) + piece + json.slice(place + gone));
        if (!records.find(bytes, 0)) return;
        const found = bytes.toString('latin1', 0, records.place.end);
        const whole = parseWhole(found);
        expect(whole).toBeDefined();
        expect(isAmbiguous(whole, ownCommas(found))).toBe(false);
        expectSame(records, bytes, whole ?? {});
      }),
      { numRuns: 10_000 },
    );
  });

  const PLAIN = {
    eventVersion: '1.11',
    userIdentity: IDENTITIES[0],
    eventTime: '2026-06-01T10:00:00Z',
    eventSource: 'lambda.amazonaws.com',
    eventName: 'UpdateFunctionCode20150331v2',
    requestParameters: { functionName: 'orders', policy: '{"a":"\\n"}' },
    responseElements: { functionName: 'orders', version: '7', layers: [{ version: '1' }] },
    eventID: 'e-1',
    readOnly: false,
  };

  test('is what CloudTrail writes, in any order', () => {
    const records = new PlainRecords();
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(PLAIN), { minLength: Object.keys(PLAIN).length }),
        entries => {
          const bytes = Buffer.from(`${toJson(entries)},`);
          expect(records.find(bytes, 0)).toBe(true);
          expectSame(records, bytes, PLAIN);
        },
      ),
    );
  });

  test.each<[string, string]>([
    ['a key twice', `{"eventName":"DeleteFunction",${JSON.stringify(PLAIN).slice(1)}`],
    ['a key twice, once in other letters', `{"\\u0065ventName":"x",${JSON.stringify(PLAIN).slice(1)}`],
    ['a key that nobody knows', JSON.stringify({ ...PLAIN, x: 1 })],
    ['a list beside its fields', JSON.stringify({ ...PLAIN, Records: [] })],
    ['a text that is a record', JSON.stringify({ ...PLAIN, CloudTrailEvent: JSON.stringify(PLAIN) })],
    ['white space', JSON.stringify(PLAIN, undefined, 1)],
    ['no source', JSON.stringify({ ...PLAIN, eventSource: undefined })],
    ['a source that is no text', JSON.stringify({ ...PLAIN, eventSource: null })],
    ['the source of another kind of event', JSON.stringify({ ...PLAIN, eventSource: 'aws:s3' })],
    ['no name', JSON.stringify({ ...PLAIN, eventName: undefined })],
    ['no time', JSON.stringify({ ...PLAIN, eventTime: undefined })],
    ['no id', JSON.stringify({ ...PLAIN, eventID: undefined })],
    ['an escape in a field that is looked at', JSON.stringify(PLAIN).replace('"e-1"', '"e\\u002d1"')],
    ['letters beyond ASCII', JSON.stringify({ ...PLAIN, userAgent: 'é' })],
    ['a control character', JSON.stringify({ ...PLAIN, userAgent: 'a' }).replace('"a"', '"\n"')],
    ['a comma too many', JSON.stringify(PLAIN).replace(/}$/, ',}')],
    ['no end', JSON.stringify(PLAIN).slice(0, -1)],
    ['nothing in it', '{}'],
    ['no object', '[]'],
  ])('is not one with %s', (_, json) => {
    expect(new PlainRecords().find(Buffer.from(json), 0)).toBe(false);
  });

  test('keeps its answer when another one is found', () => {
    const records = new PlainRecords();
    const bytes = Buffer.from(`${JSON.stringify(PLAIN)},`);
    const other = Buffer.from(`${JSON.stringify({ ...PLAIN, responseElements: { version: '8' } })},`);
    records.find(bytes, 0);
    const first = records.read(bytes);
    records.find(other, 0);
    const second = records.read(other);
    expect(answeredField(first, 'version')).toBe('7');
    expect(answeredField(second, 'version')).toBe('8');
    expect(answerOf(first)).toEqual(PLAIN.responseElements);
  });

  test('of many identities remembers some, and mistakes none', () => {
    const records = new PlainRecords();
    const identity = (rank: number): object => ({
      ...IDENTITIES[rank % 24],
      accessKeyId: `ASIA${rank % 5000}`,
    });
    for (let rank = 0; rank < 12_000; rank += 1) {
      const bytes = Buffer.from(`${JSON.stringify({ ...PLAIN, userIdentity: identity(rank) })},`);
      expect(records.find(bytes, 0)).toBe(true);
      expect(records.read(bytes).userIdentity).toEqual(identity(rank));
    }
  });
});

/** Commas between the parts of an object, not between those of what is in it. */
function ownCommas(json: string): number {
  let depth = 0;
  let commas = 0;
  for (const [part] of json.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/g)) {
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
    else if (part === ',' && depth === 1) commas += 1;
  }
  return commas;
}
