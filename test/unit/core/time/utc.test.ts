import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatUtcTime, parseUtcTime } from '../../../../src/core/time/utc.ts';

const FIRST = Date.UTC(1, 0, 1) - (Date.UTC(1901, 0, 1) - new Date(0).setUTCFullYear(1, 0, 1));
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59);
const instant = (): fc.Arbitrary<number> =>
  fc.integer({ min: FIRST / 1000, max: LAST / 1000 }).map(seconds => seconds * 1000);

describe('parseUtcTime takes', () => {
  test.each<[string, string]>([
    ['2025-12-14T08:12:34Z', '2025-12-14T08:12:34Z'],
    ['20251214T081234Z', '2025-12-14T08:12:34Z'],
    ['2025-12-14t08:12:34z', '2025-12-14T08:12:34Z'],
    ['2025-12-14 08:12:34Z', '2025-12-14T08:12:34Z'],
    ['2025-348T08:12:34Z', '2025-12-14T08:12:34Z'],
    ['2025348T081234Z', '2025-12-14T08:12:34Z'],
    ['2025-W50-7T08:12:34Z', '2025-12-14T08:12:34Z'],
    ['2025W507T081234Z', '2025-12-14T08:12:34Z'],
    ['2025-12-14T08:12Z', '2025-12-14T08:12:00Z'],
    ['20251214T0812Z', '2025-12-14T08:12:00Z'],
    ['2025-12-14T08Z', '2025-12-14T08:00:00Z'],
    ['2025-12-14T08:12:34.999Z', '2025-12-14T08:12:34Z'],
    ['2025-12-14T08:12:34,5Z', '2025-12-14T08:12:34Z'],
    ['2025-12-14T08:12.5Z', '2025-12-14T08:12:30Z'],
    ['2025-12-14T08:12,999999999999999Z', '2025-12-14T08:12:59Z'],
    ['2025-12-14T08.29Z', '2025-12-14T08:17:24Z'],
    ['2025-12-14T08,25+09:00', '2025-12-13T23:15:00Z'],
    ['2025-12-14T24:00:00Z', '2025-12-15T00:00:00Z'],
    ['2025-12-31T24:00Z', '2026-01-01T00:00:00Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'],
    ['2025-12-14T17:12:34+09', '2025-12-14T08:12:34Z'],
    ['2025-12-14T17:12:34+0900', '2025-12-14T08:12:34Z'],
    ['2025-12-14T17:12:34+09:00', '2025-12-14T08:12:34Z'],
    ['2025-12-14T07:42:34-00:30', '2025-12-14T08:12:34Z'],
    ['2025-12-14T08:12:34-00:00', '2025-12-14T08:12:34Z'],
    ['2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00Z'],
    ['2024-366T00:00:00Z', '2024-12-31T00:00:00Z'],
    ['2026-W53-7T00:00:00Z', '2027-01-03T00:00:00Z'],
    ['2025-W01-1T00:00:00Z', '2024-12-30T00:00:00Z'],
    ['2021-W01-1T00:00:00Z', '2021-01-04T00:00:00Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['0099-12-31T23:59:59Z', '0099-12-31T23:59:59Z'],
    ['1900-02-28T24:00:00Z', '1900-03-01T00:00:00Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'],
  ])('%s as %s', (text, utc) => {
    expect(parseUtcTime(text)).toBe(utc);
  });
});

describe('parseUtcTime refuses', () => {
  test.each([
    ['no offset', '2025-12-14T08:12:34'],
    ['no time', '2025-12-14'],
    ['no time but Z', '2025-12-14Z'],
    ['month 0', '2025-00-14T08:12:34Z'],
    ['month 13', '2025-13-14T08:12:34Z'],
    ['day 0', '2025-12-00T08:12:34Z'],
    ['30 February', '2025-02-30T08:12:34Z'],
    ['29 February of a common year', '2025-02-29T08:12:34Z'],
    ['29 February 1900', '1900-02-29T08:12:34Z'],
    ['31 April', '2025-04-31T08:12:34Z'],
    ['day 366 of a common year', '2025-366T08:12:34Z'],
    ['day 0 of the year', '2025-000T08:12:34Z'],
    ['week 53 of a year with 52', '2025-W53-1T08:12:34Z'],
    ['week 0', '2025-W00-1T08:12:34Z'],
    ['weekday 0', '2025-W50-0T08:12:34Z'],
    ['weekday 8', '2025-W50-8T08:12:34Z'],
    ['no weekday', '2025-W50T08:12:34Z'],
    ['hour 25', '2025-12-14T25:00:00Z'],
    ['after the end of the day', '2025-12-14T24:00:01Z'],
    ['a fraction after the end of the day', '2025-12-14T24:00:00.5Z'],
    ['minute 60', '2025-12-14T08:60:00Z'],
    ['second 61', '2025-12-14T08:12:61Z'],
    ['an offset of 24 hours', '2025-12-14T08:12:34+24:00'],
    ['an offset of 60 minutes', '2025-12-14T08:12:34+00:60'],
    ['an offset of three digits', '2025-12-14T08:12:34+900'],
    ['a fraction without digits', '2025-12-14T08:12:34.Z'],
    ['a year of five digits', '12025-12-14T08:12:34Z'],
    ['an instant before the year 0', '0000-01-01T00:00:00+01:00'],
    ['an instant after the year 9999', '9999-12-31T23:59:59-01:00'],
    ['a two-digit year', '25-12-14T08:12:34Z'],
    ['Unix seconds', '1765699954'],
    ['two separators', '2025-12-14T T08:12:34Z'],
    ['blanks around', ' 2025-12-14T08:12:34Z'],
    ['a line break at the end', '2025-12-14T08:12:34Z\n'],
    ['a date of another culture', '14.12.2025 08:12:34Z'],
    ['an English date', 'Sun, 14 Dec 2025 08:12:34 GMT'],
    ['digits that are not ASCII', '２０２５-12-14T08:12:34Z'],
    ['nothing', ''],
    ['garbage', 'now'],
  ])('%s', (_, text) => {
    expect(parseUtcTime(text)).toBeUndefined();
  });

  test('whatever Date cannot read either, or reads as another instant', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0129-:TZW+.'), maxLength: 25 }), text => {
        const utc = parseUtcTime(text);
        if (utc !== undefined) expect(utc).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
      }),
    );
  });
});

describe('any instant of the years 1 to 9999', () => {
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

  test('comes back, whatever its form, offset and fraction', () => {
    const forms = fc.constantFrom('extended', 'basic', 'ordinal');
    const offset = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 });
    fc.assert(
      fc.property(
        instant(),
        forms,
        offset,
        fc.constantFrom('', '.0', ',123456'),
        (at, form, minutes, fraction) => {
          const local = new Date(at + minutes * 60_000);
          fc.pre(local.getUTCFullYear() >= 1 && local.getUTCFullYear() <= 9999);
          const year = pad(local.getUTCFullYear(), 4);
          const [month, day] = [pad(local.getUTCMonth() + 1), pad(local.getUTCDate())];
          const ordinal =
            Math.floor(
              (local.getTime() - new Date(0).setUTCFullYear(local.getUTCFullYear(), 0, 1)) / 86_400_000,
            ) + 1;
          const date = {
            extended: `${year}-${month}-${day}`,
            basic: `${year}${month}${day}`,
            ordinal: `${year}-${pad(ordinal, 3)}`,
          }[form];
          const colon = form === 'basic' ? '' : ':';
          const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()]
            .map(n => pad(n))
            .join(colon);
          const sign = minutes < 0 ? '-' : '+';
          const shift = `${sign}${pad(Math.floor(Math.abs(minutes) / 60))}${colon}${pad(Math.abs(minutes) % 60)}`;
          expect(parseUtcTime(`${date}T${time}${fraction}${shift}`)).toBe(
            new Date(at).toISOString().replace('.000Z', 'Z'),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  test('comes back as its week date', () => {
    fc.assert(
      fc.property(instant(), at => {
        const date = new Date(at);
        const weekday = date.getUTCDay() || 7;
        const thursday = new Date(at + (4 - weekday) * 86_400_000);
        const year = thursday.getUTCFullYear();
        fc.pre(year >= 1 && year <= 9999);
        const week =
          Math.floor((thursday.getTime() - new Date(0).setUTCFullYear(year, 0, 1)) / (7 * 86_400_000)) + 1;
        const time = date.toISOString().slice(11, 19);
        expect(parseUtcTime(`${pad(year, 4)}-W${pad(week)}-${weekday}T${time}Z`)).toBe(formatUtcTime(at));
      }),
    );
  });
});

describe('formatUtcTime', () => {
  test.each([
    [0, '1970-01-01T00:00:00Z'],
    [1_765_699_954_999, '2025-12-14T08:12:34Z'],
    [-1, '1969-12-31T23:59:59Z'],
  ])('drops the fraction of %d', (at, utc) => {
    expect(formatUtcTime(at)).toBe(utc);
  });
});
