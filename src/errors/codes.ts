/** What an error code means: its exit code, whether the same call may succeed later, and the step that always helps. */
interface CodeEntry {
  readonly exit: number;
  readonly retryable: boolean;
  readonly summary: string;
  /** Hint of errors that know no better one. */
  readonly hint: string;
}

/**
 * Every error code. Public API: README's table, the JSON error and the exit code all come from here.
 */
export const ERROR_CODES = {
  INTERNAL: {
    exit: 1,
    retryable: false,
    summary: 'a bug in deploy-marker',
    hint: 'run the command again with --debug and report what it prints, with the output of --version',
  },
  CANCELLED: {
    exit: 6,
    retryable: true,
    summary: 'SIGINT or SIGTERM arrived before the work was done',
    hint: 'run the same command again',
  },

  USAGE: {
    exit: 2,
    retryable: false,
    summary: 'a flag or argument is unknown, missing or malformed',
    hint: 'see deploy-marker --help',
  },
  NO_SINK: {
    exit: 2,
    retryable: false,
    summary: 'no sink is configured, or several and none was chosen',
    hint: 'say where markers go with --channel-arn, --log-group or --file',
  },
  INPUT_UNREADABLE: {
    exit: 2,
    retryable: false,
    summary: 'an input file cannot be read',
    hint: 'name a readable file',
  },

  CONFIG_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'the configuration file does not hold',
    hint: 'correct the setting that is named',
  },
  SESSION_NAME_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'the session name breaks the rules of STS or ours',
    hint: 'let `deploy-marker session-name --env …` compose a legal name',
  },
  ARN_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'an ARN is malformed or names another kind of resource',
    hint: 'copy the whole ARN from the AWS console',
  },
  MARKER_INVALID: {
    exit: 7,
    retryable: false,
    summary: 'a marker or audit event does not hold',
    hint: 'correct what is named and run the same command again',
  },
  MARKER_CONFLICT: {
    exit: 7,
    retryable: false,
    summary: 'two markers have one UID and different content',
    hint: 'give the later one another --idempotency-key, or leave it out',
  },
  EVENT_TOO_LARGE: {
    exit: 7,
    retryable: false,
    summary: 'an audit event is over a documented size',
    hint: 'shorten the largest field; --reason and --label are the usual ones',
  },

  OIDC_TOKEN_MISSING: {
    exit: 3,
    retryable: false,
    summary: 'no OIDC token was found',
    hint: 'name a file that holds the token with --token-file',
  },
  OIDC_TOKEN_UNREADABLE: {
    exit: 3,
    retryable: false,
    summary: 'the OIDC token cannot be read or is not a JWT',
    hint: 'give the bare token, as the CI system gave it',
  },
  OIDC_TOKEN_EXPIRED: {
    exit: 3,
    retryable: false,
    summary: 'the OIDC token has expired',
    hint: 'get a new token from the CI system',
  },
  OIDC_TOKEN_REJECTED: {
    exit: 3,
    retryable: false,
    summary: 'STS refused the OIDC token',
    hint: "compare the token's claims with the role's trust policy",
  },
  ASSUME_ROLE_DENIED: {
    exit: 3,
    retryable: false,
    summary: 'STS refused the role',
    hint: "compare the token's claims and the session name with the role's trust policy",
  },
  CREDENTIALS_MISSING: {
    exit: 3,
    retryable: false,
    summary: 'no AWS credentials were found',
    hint: 'run `deploy-marker assume-role` before this step',
  },
  CREDENTIALS_EXPIRED: {
    exit: 3,
    retryable: false,
    summary: 'the AWS credentials have expired',
    hint: 'run `deploy-marker assume-role` again before this step',
  },
  ACCESS_DENIED: {
    exit: 3,
    retryable: false,
    summary: 'AWS refused the call',
    hint: 'check the policies of the role',
  },

  CHANNEL_NOT_FOUND: {
    exit: 5,
    retryable: false,
    summary: 'the channel does not exist',
    hint: 'check Region, account and id in the channel ARN',
  },
  CHANNEL_CLOSED: {
    exit: 5,
    retryable: false,
    summary: 'the channel or CloudTrail Lake is closed to this account',
    hint: 'use --sink logs (CloudWatch Logs) in this account',
  },
  LOG_GROUP_NOT_FOUND: {
    exit: 5,
    retryable: false,
    summary: 'the log group does not exist',
    hint: 'make it with `aws logs create-log-group --log-group-name NAME`',
  },
  FILE_UNWRITABLE: {
    exit: 5,
    retryable: false,
    summary: 'an output file cannot be written',
    hint: 'name a regular file in a folder that you may write to',
  },
  SPOOL_UNWRITABLE: {
    exit: 5,
    retryable: false,
    summary: 'the spool cannot be written',
    hint: 'name a folder on a disk with room, which you may write to, with --spool',
  },

  EVENTS_REJECTED: {
    exit: 9,
    retryable: false,
    summary: 'the service refused some or all events under HTTP 200',
    hint: 'look at the event with --dry-run and check it with deploy-marker validate',
  },
  TIMEOUT: {
    exit: 8,
    retryable: true,
    summary: 'our own deadline passed',
    hint: 'run the same command again, or raise --timeout',
  },

  AWS_REJECTED: {
    exit: 4,
    retryable: false,
    summary: 'AWS refused the request for another reason',
    hint: "look up the error's name in the API reference of the service",
  },
  AWS_UNAVAILABLE: {
    exit: 4,
    retryable: true,
    summary: 'AWS answered with server errors after all retries',
    hint: 'try again later',
  },
  AWS_THROTTLED: {
    exit: 4,
    retryable: true,
    summary: 'AWS throttled the call after all retries',
    hint: 'try again later',
  },
  NETWORK: {
    exit: 4,
    retryable: true,
    summary: 'the connection failed after all retries',
    hint: 'check the network, HTTPS_PROXY and the endpoint variables',
  },
  UNEXPECTED_RESPONSE: {
    exit: 4,
    retryable: true,
    summary: 'the answer was not what the API promises',
    hint: 'check that the endpoint and the proxy lead to AWS',
  },
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
  5: 'the named channel, log group, file or spool does not exist or is closed to you',
  6: 'cancelled (SIGINT, SIGTERM)',
  7: 'data does not hold: session name, marker, ARN, event too large',
  8: 'the deadline (`--timeout`) passed',
  9: 'some or all events were refused by the service (`failed[]` under HTTP 200)',
};
