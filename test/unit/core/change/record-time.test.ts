import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTimeReader, readTime } from '../../../../src/core/change/record-time.ts';
import { parseUtcTime } from '../../../../src/core/time/utc.ts';

/** Numbers of two digits, above all those around the bound of what counts. */
const two = (bound: number): fc.Arbitrary<string> =>
  fc
    .oneof(fc.constantFrom(0, 1, bound - 1, bound, bound + 1), fc.nat(bound))
    .map(number => String(number).padStart(2, '0'));
const mark = fc.constantFrom('-', 'T', ':', 'Z', ' ', '1', 't', 'z', '');

test('of whole seconds the quick way and the long way say the same, also where one character is wrong', () => {
  const time = fc
    .tuple(two(20), two(98), two(12), two(29), two(24), two(60), two(60))
    .map(
      ([a, b, month, day, hour, minute, second]) => `${a}${b}-${month}-${day}T${hour}:${minute}:${second}Z`,
    );
  const near = fc.date({ min: new Date(0), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true });
  const plain = near.map(date => `${date.toISOString().slice(0, 19)}Z`);
  const spoilt = fc
    .tuple(plain, fc.nat(20), mark)
    .map(([text, at, put]) => `${text.slice(0, at)}${put}${text.slice(at + 1)}`);
  fc.assert(
    fc.property(fc.oneof(time, plain, spoilt), text => {
      const utc = parseUtcTime(text);
      expect(readTime(text)).toBe(utc === undefined ? undefined : Date.parse(utc));
    }),
    { numRuns: 2000 },
  );
});

test('remembering the last time changes nothing', () => {
  const readAgain = createTimeReader();
  const times = ['2026-06-01T10:00:00Z', '2026-06-01T10:00:00Z', 7, undefined, 'x', '2026-06-01T10:00:01Z'];
  expect(times.map(readAgain)).toEqual(times.map(readTime));
});
