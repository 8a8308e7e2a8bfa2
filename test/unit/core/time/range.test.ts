import { describe, expect, it } from 'vitest';
import { parseMoment, parseTimeRange } from '../../../../src/core/time/range.ts';

const NOW = Date.parse('2026-06-15T12:00:00Z');

function rangeOf(since: string, until?: string): readonly [string, string] {
  const range = parseTimeRange({ since, until, now: NOW });
  return [new Date(range.from).toISOString(), new Date(range.until).toISOString()];
}

describe('parseTimeRange', () => {
  it.each([
    ['90s', '2026-06-15T11:58:30.000Z'],
    ['15m', '2026-06-15T11:45:00.000Z'],
    ['24h', '2026-06-14T12:00:00.000Z'],
    ['7d', '2026-06-08T12:00:00.000Z'],
    ['2w', '2026-06-01T12:00:00.000Z'],
    ['2026-06-01T02:00:00+02:00', '2026-06-01T00:00:00.000Z'],
  ])('reads %s and ends now', (since, from) => {
    expect(rangeOf(since)).toEqual([from, '2026-06-15T12:00:00.000Z']);
  });

  it('reads an end, as a time or as how long ago', () => {
    expect(rangeOf('7d', '2026-06-10T00:00:00Z')[1]).toBe('2026-06-10T00:00:00.000Z');
    expect(rangeOf('7d', '1d')[1]).toBe('2026-06-14T12:00:00.000Z');
  });

  it.each([
    ['', '--since'],
    ['0d', '--since'],
    ['7', '--since'],
    ['7y', '--since'],
    ['-7d', '--since'],
    ['7 dd', '--since'],
    ['99999999w', '--since'],
    ['last', '--since'],
    ['2026-06-01T00:00:00CET', '--since'],
    ['2026-06-31T00:00:00Z', '--since'],
  ])('refuses %j with the flag and the value', (since, flag) => {
    expect(() => rangeOf(since)).toThrow(expect.objectContaining({ code: 'USAGE' }));
    expect(() => rangeOf(since)).toThrow(`${flag} must be a time such as 7d`);
    expect(() => rangeOf('7d', since)).toThrow('--until must be a time');
  });

  it('refuses a range that holds nothing', () => {
    expect(() => rangeOf('1d', '2d')).toThrow('--since "1d" is not before --until "2d"');
    expect(() => rangeOf('2026-06-15T12:00:00Z')).toThrow('--since "2026-06-15T12:00:00Z" is not before now');
  });
});

it.each([
  ['3am', 'pass --since 03:00'],
  ['3:15 AM', 'pass --since 03:15'],
  ['11p.m.', 'pass --since 23:00'],
  ['12am', 'pass --since 00:00'],
  ['last night', 'pass --since "yesterday 22:00"'],
  ['99am', 'pass --since 7d'],
  ['soon', 'pass --since 7d'],
  ['2', 'pass --since 2h'],
  ['24', 'pass --since 24h'],
  ['90', 'pass --since 90m'],
  ['25:00', 'pass --since 14:05, a time of day from 00:00 to 23:59'],
  ['03:12 yesterday', 'pass --since "yesterday 03:12"'],
  ['03:12:04 on 2026-06-14', 'pass --since "2026-06-14 03:12:04"'],
  ['31/12/2026', 'pass --since 2026-12-31'],
  ['12/31/2026', 'pass --since 2026-12-31'],
  ['31.12.2026', 'pass --since 2026-12-31'],
  ['4/5/2026', 'pass --since 2026-05-04 or 2026-04-05'],
  ['5.5.2026', 'pass --since 2026-05-05'],
  ['2026/1/2', 'pass --since 2026-01-02'],
  ['32/13/2026', 'pass --since 7d'],
])('what people write at night is offered as it can be read: %s', (since, hint) => {
  expect(() => rangeOf(since)).toThrow(expect.objectContaining({ hint }));
});

it.each([
  ['2026-06-15T03:12Z', '03:12:00.000', '03:12:59.999'],
  ['20260615T0312Z', '03:12:00.000', '03:12:59.999'],
  ['2026-06-15 03:12 UTC', '03:12:00.000', '03:12:59.999'],
  ['2026-06-15T05:12+02:00', '03:12:00.000', '03:12:59.999'],
  ['2026-06-15T03:12:04Z', '03:12:04.000', '03:12:04.000'],
  ['2026-06-15T05:12:04+02:00', '03:12:04.000', '03:12:04.000'],
  ['20260615T031204Z', '03:12:04.000', '03:12:04.000'],
  ['2h', '10:00:00.000', '10:00:00.000'],
  ['2026-06-15', '00:00:00.000', '00:00:00.000'],
  // No more of the minute is over.
  ['2026-06-15T12:00Z', '12:00:00.000', '12:00:00.000'],
])('a moment that is said to the minute is all of it: %s', (text, first, last) => {
  const moment = parseMoment(text, '--at', NOW);
  const told = [moment.first, moment.last].map(each => new Date(each).toISOString().slice(11, -1));
  expect(told).toEqual([first, last]);
});
