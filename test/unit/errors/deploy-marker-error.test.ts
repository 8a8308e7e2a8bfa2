import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeployMarkerError, isDeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';

const MODULE = '../../../src/errors/deploy-marker-error.ts';

afterEach(() => {
  vi.resetModules();
});

describe('DeployMarkerError', () => {
  test('carries what a caller needs', () => {
    const cause = new Error('socket');
    const error = new DeployMarkerError('NETWORK', 'no answer', {
      hint: 'look',
      cause,
      problems: ['a', 'b'],
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'DeployMarkerError',
      code: 'NETWORK',
      message: 'no answer',
      hint: 'look',
      cause,
      problems: ['a', 'b'],
      exitCode: 4,
      retryable: true,
    });
  });

  test('has no cause or problems of its own making, and the hint of its code', () => {
    const error = new DeployMarkerError('USAGE', 'x');
    expect('cause' in error).toBe(false);
    expect(error.hint).toBe('see deploy-marker --help');
    expect(error.problems).toEqual([]);
    expect(error.retryable).toBe(false);
  });
});

describe('isDeployMarkerError', () => {
  test('knows an error that another copy of the package made', async () => {
    vi.resetModules();
    const other: typeof import('../../../src/errors/deploy-marker-error.ts') = await import(MODULE);
    const foreign = new other.DeployMarkerError('USAGE', 'x');
    expect(other.DeployMarkerError).not.toBe(DeployMarkerError);
    expect(foreign).not.toBeInstanceOf(DeployMarkerError);
    expect(isDeployMarkerError(foreign)).toBe(true);
    expect(other.isDeployMarkerError(new DeployMarkerError('USAGE', 'x'))).toBe(true);
  });

  test.each([
    [new Error('x')],
    [{ code: 'USAGE', message: 'x' }],
    [null],
    [undefined],
    ['USAGE'],
    [1],
    [() => {}],
  ])('does not take %o for one', value => {
    expect(isDeployMarkerError(value)).toBe(false);
  });
});
