import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes, isOwnCode } from '../../../src/errors/codes.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import {
  renderError,
  renderErrorJson,
  renderStacks,
  toDeployMarkerError,
  worstOf,
} from '../../../src/errors/render.ts';

const CODES = Object.keys(errorCodes()).filter(isOwnCode);
const ORDER = [1, 6, 2, 7, 3, 5, 9, 8, 4, 10];

describe('worstOf', () => {
  const pairs = CODES.flatMap(a => CODES.map((b): [ErrorCode, ErrorCode] => [a, b]));

  test('takes of any two the one that comes first in the published order, the earlier on a tie', () => {
    for (const [a, b] of pairs) {
      const [first, second] = [new DeployMarkerError(a, 'first'), new DeployMarkerError(b, 'second')];
      const isSecondWorse = ORDER.indexOf(second.exitCode) < ORDER.indexOf(first.exitCode);
      expect(worstOf([first, second])).toBe(isSecondWorse ? second : first);
    }
  });

  test('takes the worst of many, leaves the list as it was, and nothing of nothing', () => {
    const errors = (['NETWORK', 'TIMEOUT', 'MARKER_INVALID', 'EVENTS_REJECTED'] as const).map(
      code => new DeployMarkerError(code, 'x'),
    );
    expect(worstOf(errors)?.code).toBe('MARKER_INVALID');
    expect(errors.map(({ code }) => code)).toEqual([
      'NETWORK',
      'TIMEOUT',
      'MARKER_INVALID',
      'EVENTS_REJECTED',
    ]);
    expect(worstOf([])).toBeUndefined();
  });
});

describe('renderError', () => {
  test('is three lines', () => {
    expect(renderError(new DeployMarkerError('USAGE', '--env is missing', { hint: 'pass --env prod' }))).toBe(
      'error: --env is missing\n  hint: pass --env prod\n  code: USAGE (exit 2)\n',
    );
  });

  test('has the hint of the code where there is no better one, and says when it is a warning', () => {
    expect(renderError(new DeployMarkerError('NETWORK', 'no answer'), { severity: 'warning' })).toBe(
      'warning: no answer\n  hint: check the network, HTTPS_PROXY and the endpoint variables\n  code: NETWORK (exit 4)\n',
    );
  });

  test('lists problems first, a line each', () => {
    const error = new DeployMarkerError('MARKER_INVALID', '2 of 3 do not hold', {
      problems: ['line 1: a', 'line 2:\n b'],
    });
    expect(renderError(error)).toBe(
      'line 1: a\nline 2: b\nerror: 2 of 3 do not hold\n  hint: correct what is named and run the same command again\n  code: MARKER_INVALID (exit 7)\n',
    );
  });

  test('no message, hint or problem adds a line or sends the terminal a command', () => {
    const text = fc.oneof(
      fc.string({
        unit: fc.constantFrom('a', ' ', '\n', '\r', '\u2028', '\t', '\u001b[2K', '\u009b', '\0', '\u0085'),
        maxLength: 12,
      }),
      fc.string({ unit: 'grapheme' }),
    );
    fc.assert(
      fc.property(text, text, text, (message, hint, problem) => {
        const lines = renderError(
          new DeployMarkerError('USAGE', message, { hint, problems: [problem] }),
        ).split('\n');
        expect(lines).toHaveLength(5);
        expect(lines.join('')).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
        expect(lines[3]).toBe('  code: USAGE (exit 2)');
      }),
    );
  });
});

describe('renderErrorJson', () => {
  test('is one object on one line', () => {
    const error = new DeployMarkerError('TIMEOUT', 'late\nagain', {
      hint: 'wait',
      cause: new Error('secret'),
    });
    const text = renderErrorJson(error);
    expect(text).toMatch(/^[^\n]+\n$/);
    expect(JSON.parse(text)).toEqual({
      error: { code: 'TIMEOUT', message: 'late\nagain', hint: 'wait', exitCode: 8, retryable: true },
    });
  });

  test('has the problems where there are any, and says when it is a warning', () => {
    const error = new DeployMarkerError('MARKER_INVALID', 'x', { problems: ['a', 'b'] });
    expect(JSON.parse(renderErrorJson(error, { severity: 'warning' }))).toEqual({
      warning: {
        code: 'MARKER_INVALID',
        message: 'x',
        hint: 'correct what is named and run the same command again',
        exitCode: 7,
        retryable: false,
        problems: ['a', 'b'],
      },
    });
  });
});

describe('toDeployMarkerError', () => {
  test('leaves ours as it is', () => {
    const error = new DeployMarkerError('USAGE', 'x');
    expect(toDeployMarkerError(error)).toBe(error);
  });

  test.each<[unknown, string]>([
    [new TypeError('x is not a function'), 'unexpected failure: x is not a function'],
    ['thrown text', 'unexpected failure: thrown text'],
    [undefined, 'unexpected failure: undefined'],
    [null, 'unexpected failure: null'],
  ])('makes of %o a bug', (thrown, message) => {
    const error = toDeployMarkerError(thrown);
    expect(error).toMatchObject({ code: 'INTERNAL', exitCode: 1, message });
    expect(error.cause).toBe(thrown);
  });
});

describe('renderStacks', () => {
  test('shows an error and its causes', () => {
    const cause = new TypeError('inner');
    const text = renderStacks(new DeployMarkerError('NETWORK', 'outer', { cause }));
    expect(text).toMatch(
      /^DeployMarkerError: outer\n {4}at [\s\S]*\ncaused by TypeError: inner\n {4}at [\s\S]*\n$/,
    );
  });

  test('ends, also where causes run in a circle, and is empty for what is no error', () => {
    const error = new Error('round');
    error.cause = error;
    expect(renderStacks(error).match(/Error: round/g)).toHaveLength(8);
    expect(renderStacks('text')).toBe('');
  });
});
