import { describe, expect, test } from 'vitest';
import { failed, failureOf, noted, passed } from '../../../src/core/doctor-check.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';

const missing = new DeployMarkerError('CHANNEL_NOT_FOUND', 'there is no channel', { hint: 'make one' });
const bad = new DeployMarkerError('ARN_INVALID', 'it is no ARN', { hint: 'copy it', problems: ['a', 'b'] });

describe('the failure that counts', () => {
  test('is none where no check failed, whatever else they found', () => {
    const checks = [
      passed('a', 'well'),
      noted('b', 'warn', 'odd', 'look'),
      noted('c', 'skipped', 'no', 'go'),
    ];
    expect(failureOf(checks)).toBeUndefined();
  });

  test('is the one there is, by its check’s name', () => {
    const failure = failureOf([passed('a', 'well'), failed('channel', missing)]);
    expect(failure).toMatchObject({
      code: 'CHANNEL_NOT_FOUND',
      exitCode: 5,
      message: 'channel: there is no channel',
      hint: 'make one',
    });
  });

  test('is the first by the order of exit codes, and names all', () => {
    const failure = failureOf([failed('channel-status', missing), failed('channel', bad)]);
    expect(failure?.exitCode).toBe(7);
    expect(failure?.hint).toBe('copy it');
    expect(failure?.message).toBe(
      '2 checks failed (channel-status, channel); the most telling is channel: it is no ARN',
    );
  });
});

describe('a failed check', () => {
  test('has the error’s words, and each of its problems', () => {
    expect(failed('channel', bad)).toEqual({
      name: 'channel',
      status: 'fail',
      summary: 'it is no ARN',
      details: ['a', 'b'],
      next: 'copy it',
      code: 'ARN_INVALID',
    });
  });

  test('has no details where there are none', () => {
    expect(failed('x', missing)).not.toHaveProperty('details');
  });
});
