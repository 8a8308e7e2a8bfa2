/** What an error code means for the process: its exit code, and whether the same call may succeed later. */
interface CodeEntry {
  readonly exit: number;
  readonly retryable: boolean;
  readonly summary: string;
}

/**
 * Every error code. Public API: README's table, the JSON error and the exit code all come from here.
 */
export const ERROR_CODES = {
  INTERNAL: { exit: 1, retryable: false, summary: 'a bug in deploy-marker' },
  CANCELLED: { exit: 6, retryable: true, summary: 'SIGINT or SIGTERM arrived before the work was done' },

  USAGE: { exit: 2, retryable: false, summary: 'a flag or argument is unknown, missing or malformed' },
  NO_SINK: { exit: 2, retryable: false, summary: 'no sink is configured, or several and none was chosen' },
  INPUT_UNREADABLE: { exit: 2, retryable: false, summary: 'an input file cannot be read' },

  CONFIG_INVALID: { exit: 7, retryable: false, summary: 'the configuration file does not hold' },
  SESSION_NAME_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'the session name breaks the rules of STS or ours',
  },
  ARN_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'an ARN is malformed or names another kind of resource',
  },
  MARKER_INVALID: { exit: 7, retryable: false, summary: 'a marker or audit event does not hold' },
  MARKER_CONFLICT: { exit: 7, retryable: false, summary: 'two markers have one UID and different content' },
  EVENT_TOO_LARGE: { exit: 7, retryable: false, summary: 'an audit event is over a documented size' },

  OIDC_TOKEN_MISSING: { exit: 3, retryable: false, summary: 'no OIDC token was found' },
  OIDC_TOKEN_UNREADABLE: {
    exit: 3,
    retryable: false,
    summary: 'the OIDC token cannot be read or is not a JWT',
  },
  OIDC_TOKEN_EXPIRED: { exit: 3, retryable: false, summary: 'the OIDC token has expired' },
  OIDC_TOKEN_REJECTED: { exit: 3, retryable: false, summary: 'STS refused the OIDC token' },
  ASSUME_ROLE_DENIED: { exit: 3, retryable: false, summary: 'STS refused the role' },
  CREDENTIALS_MISSING: { exit: 3, retryable: false, summary: 'no AWS credentials were found' },
  CREDENTIALS_EXPIRED: { exit: 3, retryable: false, summary: 'the AWS credentials have expired' },
  ACCESS_DENIED: { exit: 3, retryable: false, summary: 'AWS refused the call' },

  CHANNEL_NOT_FOUND: { exit: 5, retryable: false, summary: 'the channel does not exist' },
  CHANNEL_CLOSED: {
    exit: 5,
    retryable: false,
    summary: 'the channel or CloudTrail Lake is closed to this account',
  },
  FILE_UNWRITABLE: { exit: 5, retryable: false, summary: 'an output file cannot be written' },

  EVENTS_REJECTED: {
    exit: 9,
    retryable: false,
    summary: 'the service refused some or all events under HTTP 200',
  },
  TIMEOUT: { exit: 8, retryable: true, summary: 'our own deadline passed' },

  AWS_REJECTED: { exit: 4, retryable: false, summary: 'AWS refused the request for another reason' },
  AWS_UNAVAILABLE: { exit: 4, retryable: true, summary: 'AWS answered with server errors after all retries' },
  AWS_THROTTLED: { exit: 4, retryable: true, summary: 'AWS throttled the call after all retries' },
  NETWORK: { exit: 4, retryable: true, summary: 'the connection failed after all retries' },
  UNEXPECTED_RESPONSE: { exit: 4, retryable: true, summary: 'the answer was not what the API promises' },
} as const satisfies Record<string, CodeEntry>;

/** A stable name for one kind of failure. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** Exit codes, the most telling first: when several failures happened, the first of these counts. */
export const EXIT_PRIORITY: readonly number[] = [1, 6, 2, 7, 3, 5, 9, 8, 4, 10];

/** What each exit code means; README's table is made from it. */
export const EXIT_MEANINGS: Readonly<Record<number, string>> = {
  0: 'done, and the other side confirmed it',
  1: 'a bug in deploy-marker',
  2: 'wrong usage',
  3: 'identity: token missing, expired or refused; access denied',
  4: 'the service or the network failed after retries',
  5: 'the named channel or file does not exist or is closed to you',
  6: 'cancelled (SIGINT, SIGTERM)',
  7: 'data does not hold: session name, marker, ARN, event too large',
  8: 'the deadline (`--timeout`) passed',
  9: 'some or all events were refused by the service (`failed[]` under HTTP 200)',
};
