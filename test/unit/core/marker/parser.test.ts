import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MARKER_FIELDS } from '../../../../src/core/marker/marker.ts';
import { createMarkerParser, parseMarkerInput, type StandIns } from '../../../../src/core/marker/schema.ts';

/** Values of which each holds in some fields, and in others not. */
const VALUES: readonly unknown[] = [
  'prod',
  '',
  'success',
  'running',
  'deploy',
  'lambda:resize-image',
  'arn:aws:lambda:eu-west-1:210987654321:function:resize',
  'arn:aws:s3:::bucket',
  'arn:aws:iam::123456789012:role/deploy',
  '123456789012',
  'eu-west-1',
  'A1B2C3D4',
  'a1b2c3d4',
  '2025-12-14T17:12:34+09:00',
  '2025-12-14T08:12:34Z',
  '7D2A9F6E-0B1C-4D3E-8F50-61728394A5B6',
  'https://ci.example/1',
  'https://user:secret@ci.example/1',
  '__proto__',
  'constructor',
  'x'.repeat(3000),
  { team: 'billing' },
  { 'a b': 'c' },
  null,
  0,
];
/** Names that an object has of its own kind, and one that no marker has. */
const NAMES = [...MARKER_FIELDS, '__proto__', 'constructor', 'toString', 'actr'];
const GOOD = {
  env: 'prod',
  component: 'lambda:resize-image',
  git_sha: 'a1b2c3d',
  status: 'success',
  actor: 'circleci',
  deployed_at: '2025-12-14T08:12:34Z',
};

/** Made by JSON.parse, so that `__proto__` is a field like any other. */
const fields = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...VALUES)), { maxLength: 6 })
  .map((pairs): Record<string, unknown> => {
    const text = pairs.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
    return JSON.parse(`{${text}}`);
  });
const record = fc.oneof(
  { weight: 4, arbitrary: fields.map(each => ({ ...GOOD, ...each })) },
  { weight: 2, arbitrary: fields },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, [], 'prod', 1) },
);
const gaps = fc.option(
  fc.record({ fields, endedAt: fc.constantFrom('2025-12-14T08:12:34Z', '2026-01-01T00:00:00Z') }),
  {
    nil: undefined,
  },
);

/** Records and what fills their gaps, one merged into the other: the plainest way to the same marker. */
function parseMerged(given: unknown, { fields: shared, endedAt }: StandIns): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return parseMarkerInput(given);
  const own: Readonly<Record<string, unknown>> = { ...given };
  const all: Record<string, unknown> = { ...shared, ...own };
  if (own['deployed_at'] !== undefined && own['started_at'] === undefined) delete all['started_at'];
  const isFinal = ['success', 'failed', 'canceled'].includes(String(all['status']));
  if (all['deployed_at'] === undefined && isFinal) all['deployed_at'] = endedAt;
  return parseMarkerInput(all);
}

describe('a parser of many markers', () => {
  test('says of each record what is said of it alone, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), gaps, (records, filler) => {
        const parse = createMarkerParser();
        // Twice, so that every text was seen, and refused, before.
        for (const each of [...records, ...records]) {
          expect(parse(each, filler)).toEqual(parseMarkerInput(each, filler));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('takes a text in one field for no other', () => {
    const parse = createMarkerParser();
    expect(parse({ ...GOOD, ref: 'prod', job: 'x' }).problems).toEqual([]);
    expect(parse({ ...GOOD, git_sha: 'prod', kind: 'prod' }).problems.map(({ path }) => path)).toEqual([
      '/git_sha',
      '/kind',
    ]);
  });

  test('refuses a text as often as it comes, and goes on knowing the one before', () => {
    const parse = createMarkerParser();
    const shas = ['A1B2C3D', 'no', 'no', 'A1B2C3D', 'B1B2C3D', 'no'];
    expect(shas.map(git_sha => parse({ ...GOOD, git_sha }).value?.git_sha)).toEqual([
      'a1b2c3d',
      undefined,
      undefined,
      'a1b2c3d',
      'b1b2c3d',
      undefined,
    ]);
  });
});

test('what fills the gaps of a record counts as if it stood there', () => {
  const withUndefined = fc
    .tuple(record, fc.constantFrom(...MARKER_FIELDS), fc.boolean())
    .map(([each, name, isGiven]) => {
      return isGiven && typeof each === 'object' && each !== null && !Array.isArray(each)
        ? { ...each, [name]: undefined }
        : each;
    });
  const filler = fc.record({ fields: fields.map(known), endedAt: fc.constant('2025-12-14T08:12:34Z') });
  fc.assert(
    fc.property(withUndefined, filler, (each, given) => {
      const merged = parseMerged(each, given);
      expect(parseMarkerInput(each, given)).toEqual(merged);
    }),
    { numRuns: 500 },
  );
});

/** Flags have no other names. */
function known(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(MARKER_FIELDS.filter(name => name in given).map(name => [name, given[name]]));
}
