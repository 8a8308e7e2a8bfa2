import { afterEach, describe, expect, it } from 'vitest';
import { describeLocalRange } from '../../../../src/core/time/local.ts';
import { readMoment } from '../../../../src/core/time/moment.ts';
import { parseTimeRange } from '../../../../src/core/time/range.ts';

const zone = process.env['TZ'];
afterEach(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** Noon in UTC is nine in the evening in Tokyo. */
const NOW = Date.parse('2026-11-28T12:00:00Z');

function read(text: string, end: 'start' | 'end' = 'start', now = NOW): string | undefined {
  const moment = readMoment(text, now, end);
  return moment && new Date(moment.at).toISOString().replace('.000Z', 'Z');
}

describe('readMoment', () => {
  it.each([
    ['now', '2026-11-28T12:00:00Z'],
    ['2h', '2026-11-28T10:00:00Z'],
    ['2H', '2026-11-28T10:00:00Z'],
    ['1day', '2026-11-27T12:00:00Z'],
    ['2 days ago', '2026-11-26T12:00:00Z'],
    ['1h30m', '2026-11-28T10:30:00Z'],
    ['1 day, 2 hours', '2026-11-27T10:00:00Z'],
    ['1 hour and 15 min ago', '2026-11-28T10:45:00Z'],
    ['1.5h', '2026-11-28T10:30:00Z'],
    ['1week', '2026-11-21T12:00:00Z'],
    ['2026-11-27T14:05Z', '2026-11-27T14:05:00Z'],
    ['2026-11-27 14:05 +02:00', '2026-11-27T12:05:00Z'],
    ['2026-11-27 14:05:30 UTC', '2026-11-27T14:05:30Z'],
    ['2026-11-27Z', '2026-11-27T00:00:00Z'],
    ['09:15Z', '2026-11-28T09:15:00Z'],
    ['14:05 GMT', '2026-11-27T14:05:00Z'],
    // By the clock of Tokyo, where it is nine in the evening.
    ['2026-11-27', '2026-11-26T15:00:00Z'],
    ['20261127', '2026-11-26T15:00:00Z'],
    ['2026-W48-5', '2026-11-26T15:00:00Z'],
    ['today', '2026-11-27T15:00:00Z'],
    ['yesterday', '2026-11-26T15:00:00Z'],
    ['Yesterday 14:05', '2026-11-27T05:05:00Z'],
    ['yesterday at 9:05', '2026-11-27T00:05:00Z'],
    ['2026-11-27T14:05:30', '2026-11-27T05:05:30Z'],
    ['14:05', '2026-11-28T05:05:00Z'],
    ['22:30', '2026-11-27T13:30:00Z'],
  ])('reads %j', (text, at) => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(read(text)).toBe(at);
  });

  it.each([
    ['2026-11-26', '2026-11-26T15:00:00Z'],
    ['yesterday', '2026-11-27T15:00:00Z'],
    // What is not over ends now.
    ['today', '2026-11-28T12:00:00Z'],
    ['2026-11-28', '2026-11-28T12:00:00Z'],
    ['2026-11-30', '2026-11-30T15:00:00Z'],
    ['14:05', '2026-11-28T05:05:00Z'],
  ])('as an end, %j ends with the day', (text, at) => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(read(text, 'end')).toBe(at);
  });

  it.each([
    ...[
      '',
      '7',
      '0d',
      '7y',
      '2 months',
      '3M',
      '-7d',
      '7 d o',
      'last',
      'last week',
      'tomorrow',
      'noon',
      '5pm',
    ],
    ...['2026-02-30', '2026-13-01', '2026-11-27 25:00', '24:01', '14:05 CET', '14:05+99:00', '27/11/2026'],
    ...['11-27', '2026-11', '99999999w', '2026-11-27 14', '1764158400', '1d2', 'd', '2026-11-27 2h'],
  ])('does not guess what %j is', text => {
    process.env['TZ'] = 'Asia/Tokyo';
    expect(read(text)).toBeUndefined();
    expect(read(text, 'end')).toBeUndefined();
  });

  it('takes the wider of two times that clocks show twice, and none that they leave out', () => {
    process.env['TZ'] = 'Europe/Berlin';
    const now = Date.parse('2026-11-28T12:00:00Z');
    expect(read('2026-10-25 02:30', 'start', now)).toBe('2026-10-25T00:30:00Z');
    expect(read('2026-10-25 02:30', 'end', now)).toBe('2026-10-25T01:30:00Z');
    expect(read('2026-03-29 02:30', 'start', now)).toBe('2026-03-29T01:30:00Z');
    // A day of 25 hours.
    expect(read('2026-10-25', 'start', now)).toBe('2026-10-24T22:00:00Z');
    expect(read('2026-10-25', 'end', now)).toBe('2026-10-25T23:00:00Z');
  });
});

describe('a range of times of day', () => {
  const range = (since: string, until: string, now = NOW) => {
    process.env['TZ'] = 'UTC';
    const { from, until: end } = parseTimeRange({ since, until, now });
    return [from, end].map(at => new Date(at).toISOString().slice(5, 16));
  };

  it('goes over midnight, and ends now where the end is still to come', () => {
    expect(range('22:00', '02:00')).toEqual(['11-27T22:00', '11-28T02:00']);
    expect(range('11:30', '13:00')).toEqual(['11-28T11:30', '11-28T12:00']);
    expect(range('yesterday', 'yesterday')).toEqual(['11-27T00:00', '11-28T00:00']);
    expect(range('2026-11-20', '2026-11-21')).toEqual(['11-20T00:00', '11-22T00:00']);
    expect(() => range('1h', '10:30')).toThrow('--since "1h" is not before --until "10:30"');
    expect(() => range('today', 'yesterday')).toThrow('--since "today" is not before --until "yesterday"');
  });
});

describe('days before the end of a day', () => {
  const range = (since: string, until: string, now = NOW) => {
    process.env['TZ'] = 'UTC';
    const { from, until: end } = parseTimeRange({ since, until, now });
    return [from, end].map(at => new Date(at).toISOString().slice(0, 16));
  };

  it.each([
    ['7d', 'yesterday', '2026-11-21T00:00', '2026-11-28T00:00'],
    ['1 week ago', 'yesterday', '2026-11-21T00:00', '2026-11-28T00:00'],
    ['1d', 'yesterday', '2026-11-27T00:00', '2026-11-28T00:00'],
    ['7d', '2026-11-22', '2026-11-16T00:00', '2026-11-23T00:00'],
    ['2 days', '2026-11-22 +02:00', '2026-11-20T22:00', '2026-11-22T22:00'],
    // A day that is not over ends now; other ends are no days, and other spans are no days either.
    ['7d', 'today', '2026-11-21T12:00', '2026-11-28T12:00'],
    ['7d', 'now', '2026-11-21T12:00', '2026-11-28T12:00'],
    ['7d', '2026-11-27T10:00Z', '2026-11-21T12:00', '2026-11-27T10:00'],
    ['36h', 'yesterday', '2026-11-27T00:00', '2026-11-28T00:00'],
    ['1.5d', 'yesterday', '2026-11-27T00:00', '2026-11-28T00:00'],
    ['1 day 2 hours', 'yesterday', '2026-11-27T10:00', '2026-11-28T00:00'],
  ])('%s until %s is %s to %s', (since, until, from, end) => {
    expect(range(since, until)).toEqual([from, end]);
  });

  it('are a week that begins where the one before it ended, whatever clocks do between', () => {
    for (const place of [
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'America/Havana',
    ]) {
      process.env['TZ'] = place;
      const weeks = Array.from({ length: 60 }, (_, week) =>
        parseTimeRange({ since: '7d', until: 'yesterday', now: NOW + week * 7 * 86_400_000 }),
      );
      for (const [rank, { from }] of weeks.slice(1).entries()) {
        const overlap = (weeks[rank]?.until ?? 0) - from;
        // Where midnight is shown twice, both have the hour between.
        expect([0, 3_600_000], place).toContain(overlap);
      }
    }
  });

  it('are never less than what the same words mean by themselves', () => {
    process.env['TZ'] = 'Asia/Tokyo';
    for (const until of ['yesterday', '2026-11-20', 'today']) {
      const { from } = parseTimeRange({ since: '30d', until, now: NOW });
      expect(from).toBeLessThanOrEqual(NOW - 30 * 86_400_000);
    }
  });
});

it('local time is told with its offset, at both ends where they differ, and not where it is UTC', () => {
  const [from, until] = [Date.parse('2026-10-24T12:00:00Z'), Date.parse('2026-10-26T12:00:00Z')];
  process.env['TZ'] = 'Europe/Berlin';
  expect(describeLocalRange(from, until)).toBe('2026-10-24 14:00:00 +02:00 to 2026-10-26 13:00:00 +01:00');
  process.env['TZ'] = 'Asia/Kolkata';
  expect(describeLocalRange(from, until)).toBe('2026-10-24 17:30:00 to 2026-10-26 17:30:00 +05:30');
  process.env['TZ'] = 'UTC';
  expect(describeLocalRange(from, until)).toBeUndefined();
});
