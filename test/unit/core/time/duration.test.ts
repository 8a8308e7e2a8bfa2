import { describe, expect, test } from 'vitest';
import { parseDuration, parseSpan } from '../../../../src/core/time/duration.ts';

describe('parseDuration', () => {
  test.each([
    ['30s', 30_000],
    ['30', 30_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['0.5s', 500],
    ['1.5m', 90_000],
    ['2147483647ms', 2_147_483_647],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text, '--timeout')).toBe(milliseconds);
  });

  test.each([
    '',
    '0',
    '0s',
    '-1s',
    '1d',
    '1 s',
    's',
    '1e3s',
    '.5s',
    '1.s',
    'Infinity',
    '2147483648ms',
    '600h',
    '30S',
    '１s',
    '1s\n',
  ])('refuses %j', text => {
    expect(() => parseDuration(text, '--timeout')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        exitCode: 2,
        message: `--timeout must be a time such as 30s, 500ms, 2m or 1h, got ${JSON.stringify(text)}`,
      }),
    );
  });
});

describe('parseSpan', () => {
  test.each(['0', '0s', '0m', '00h', '0.0ms'])('takes %s for nothing', text => {
    expect(parseSpan(text, '--before')).toBe(0);
  });

  test.each(['', '0d', '0x', '-0', '0 s', '00:00'])('refuses %j', text => {
    expect(() => parseSpan(text, '--before')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  test('else it is a duration', () => {
    expect(parseSpan('2m', '--before')).toBe(120_000);
  });
});
