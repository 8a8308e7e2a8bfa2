import { type ErrorCode, errorCodes } from './codes.ts';

// A registered symbol, so that an error made by a second copy of the library is recognised too.
const BRAND = Symbol.for('deploy-marker.error');

/** What an error carries besides its code and message. */
export interface ErrorDetails {
  /** One imperative step that gets the reader further. */
  readonly hint?: string;
  /** What was caught, if this error translates another one. */
  readonly cause?: unknown;
  /** Every single problem behind the message, a line each, where there can be many. */
  readonly problems?: readonly string[];
}

/**
 * The one error this package throws.
 *
 * `message` says what failed and why, with the offending value; `hint` is one step; `code` is stable API.
 */
export class DeployMarkerError extends Error {
  override readonly name = 'DeployMarkerError';
  /** Stable name of the failure. */
  readonly code: ErrorCode;
  /** One imperative step. */
  readonly hint: string;
  /** Every single problem behind the message, a line each; empty where the message says it all. */
  readonly problems: readonly string[];
  /** The exit code of the command line for this failure. */
  readonly exitCode: number;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    const { hint, exit, retryable = false } = errorCodes()[code];
    this.hint = details.hint ?? hint;
    this.problems = details.problems ?? [];
    this.exitCode = exit;
    this.retryable = retryable;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Whether `value` is a {@link DeployMarkerError}, also when another copy of this package made it.
 *
 * @example
 * if (isDeployMarkerError(error) && error.code === 'ACCESS_DENIED') console.error(error.hint);
 */
export function isDeployMarkerError(value: unknown): value is DeployMarkerError {
  return typeof value === 'object' && value !== null && BRAND in value;
}
