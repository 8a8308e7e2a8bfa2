import { describe, expect, test } from 'vitest';
import { type ErrorCode, errorCodes, isOwnCode } from '../../../src/errors/codes.ts';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import { EXIT_PRIORITY } from '../../../src/errors/exit-codes.ts';
import { CODE_MEANINGS, EXIT_MEANINGS } from '../../../src/errors/meanings.ts';

const CODES = Object.keys(errorCodes()).filter(isOwnCode);

// The published table; a code or number that changes here breaks somebody's pipeline.
const EXITS: Record<ErrorCode, number> = {
  INTERNAL: 1,
  CANCELLED: 6,
  USAGE: 2,
  NO_SINK: 2,
  INPUT_UNREADABLE: 2,
  CONFIG_INVALID: 7,
  SESSION_NAME_INVALID: 7,
  ARN_INVALID: 7,
  MARKER_INVALID: 7,
  MARKER_CONFLICT: 7,
  TRUST_POLICY_INVALID: 7,
  TRAIL_LOG_INVALID: 7,
  TABLE_UNSUITABLE: 7,
  EVENT_TOO_LARGE: 7,
  QUERY_TOO_LONG: 7,
  OIDC_TOKEN_MISSING: 3,
  OIDC_TOKEN_UNREADABLE: 3,
  OIDC_TOKEN_EXPIRED: 3,
  OIDC_TOKEN_REJECTED: 3,
  ASSUME_ROLE_DENIED: 3,
  CREDENTIALS_MISSING: 3,
  CREDENTIALS_EXPIRED: 3,
  IDENTITY_UNEXPECTED: 3,
  CLOCK_SKEWED: 3,
  ACCESS_DENIED: 3,
  CHANNEL_NOT_FOUND: 5,
  CHANNEL_CLOSED: 5,
  LOG_GROUP_NOT_FOUND: 5,
  ROLE_NOT_FOUND: 5,
  STACK_NOT_FOUND: 5,
  NOTICE_REFUSED: 5,
  BUCKET_NOT_FOUND: 5,
  STORE_NOT_FOUND: 5,
  TABLE_NOT_FOUND: 5,
  FILE_UNWRITABLE: 5,
  SPOOL_UNWRITABLE: 5,
  EVENTS_REJECTED: 9,
  TIMEOUT: 8,
  QUERY_TIMED_OUT: 8,
  ANSWER_INCOMPLETE: 8,
  TRAIL_NOT_SEEN: 8,
  TRAIL_UNVERIFIED: 8,
  STATE_CONFLICT: 4,
  AWS_REJECTED: 4,
  QUERY_FAILED: 4,
  AWS_UNAVAILABLE: 4,
  AWS_THROTTLED: 4,
  NETWORK: 4,
  UNEXPECTED_RESPONSE: 4,
  AUDIT_FAILED: 10,
};

describe('error codes', () => {
  test('each has its published exit code', () => {
    expect(Object.fromEntries(CODES.map(code => [code, new DeployMarkerError(code, 'x').exitCode]))).toEqual(
      EXITS,
    );
  });

  test.each(CODES)('%s has a meaning, and an exit code with a meaning and a rank', code => {
    const { exit } = errorCodes()[code];
    expect(CODE_MEANINGS[code]).not.toBe('');
    expect(EXIT_MEANINGS[exit]).toBeDefined();
    expect(EXIT_PRIORITY).toContain(exit);
  });

  test('only what may pass by itself is retryable', () => {
    expect(CODES.filter(code => new DeployMarkerError(code, 'x').retryable)).toEqual([
      'CANCELLED',
      'TIMEOUT',
      'QUERY_TIMED_OUT',
      'STATE_CONFLICT',
      'AWS_UNAVAILABLE',
      'AWS_THROTTLED',
      'NETWORK',
      'UNEXPECTED_RESPONSE',
    ]);
  });

  test('the exit codes are ranked as published', () => {
    expect(EXIT_PRIORITY).toEqual([1, 6, 2, 7, 3, 5, 9, 8, 4, 10]);
  });
});
