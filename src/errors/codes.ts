import type { CodeEntry } from './code-entry.ts';
import { makeIdentityCodes } from './identity-codes.ts';

/** What is given does not hold. */
function makeDataCodes() {
  return {
    CONFIG_INVALID: { exit: 7, hint: 'correct the setting that is named' },
    SESSION_NAME_INVALID: { exit: 7, hint: 'let `deploy-marker session-name --env …` compose a legal name' },
    ARN_INVALID: { exit: 7, hint: 'copy the whole ARN from the AWS console' },
    MARKER_INVALID: { exit: 7, hint: 'correct what is named and run the same command again' },
    MARKER_CONFLICT: { exit: 7, hint: 'give the later one another --idempotency-key, or leave it out' },
    TRUST_POLICY_INVALID: {
      exit: 7,
      hint: 'save it with `aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument`',
    },
    TRAIL_LOG_INVALID: { exit: 7, hint: 'copy the file from the bucket of the trail again' },
    EVENT_TOO_LARGE: { exit: 7, hint: 'shorten the largest field; --reason and --label are the usual ones' },
    QUERY_TOO_LONG: { exit: 7, hint: 'leave out a filter, or shorten the range' },
    TABLE_UNSUITABLE: {
      exit: 7,
      hint: "make the table as AWS's documentation has it for partition projection, or with `deploy-marker template athena`",
    },
  } satisfies Record<string, CodeEntry>;
}

/** What is named is not there, or cannot be used. */
function makePlaceCodes() {
  return {
    CHANNEL_NOT_FOUND: { exit: 5, hint: 'check Region, account and id in the channel ARN' },
    CHANNEL_CLOSED: { exit: 5, hint: 'use --sink logs (CloudWatch Logs) in this account' },
    LOG_GROUP_NOT_FOUND: { exit: 5, hint: 'make it with `aws logs create-log-group --log-group-name NAME`' },
    ROLE_NOT_FOUND: { exit: 5, hint: 'check account and name in the role ARN' },
    STACK_NOT_FOUND: { exit: 5, hint: 'check --stack, and Region and account of the credentials' },
    NOTICE_REFUSED: { exit: 5, hint: 'check the ARN of the topic, or make a new incoming webhook in Slack' },
    BUCKET_NOT_FOUND: { exit: 5, hint: 'check the name of the bucket in the s3:// address' },
    STORE_NOT_FOUND: { exit: 5, hint: 'check Region and id with `aws cloudtrail list-event-data-stores`' },
    TABLE_NOT_FOUND: { exit: 5, hint: 'check Region, database, table and --workgroup' },
    FILE_UNWRITABLE: { exit: 5, hint: 'name a regular file in a folder that you may write to' },
    SPOOL_UNWRITABLE: {
      exit: 5,
      hint: 'name a folder on a disk with room, which you may write to, with --spool',
    },
  } satisfies Record<string, CodeEntry>;
}

function makeErrorCodes() {
  return {
    INTERNAL: {
      exit: 1,
      hint: 'run the command again with --debug and report what it prints, with the output of --version',
    },
    CANCELLED: { exit: 6, retryable: true, hint: 'run the same command again' },

    USAGE: { exit: 2, hint: 'see deploy-marker --help' },
    NO_SINK: { exit: 2, hint: 'say where markers go with --channel-arn, --log-group, --bucket or --file' },
    INPUT_UNREADABLE: { exit: 2, hint: 'name a readable file' },

    ...makeDataCodes(),
    ...makeIdentityCodes(),
    ...makePlaceCodes(),

    EVENTS_REJECTED: {
      exit: 9,
      hint: 'look at the event with --dry-run and check it with deploy-marker validate',
    },
    TIMEOUT: { exit: 8, retryable: true, hint: 'run the same command again, or raise --timeout' },
    QUERY_TIMED_OUT: { exit: 8, retryable: true, hint: 'ask for a shorter range with --since and --until' },
    ANSWER_INCOMPLETE: { exit: 8, hint: 'ask for a shorter range with --since and --until' },

    TRAIL_NOT_SEEN: { exit: 8, hint: 'check the prefix in --changes, and --account and --region' },
    TRAIL_UNVERIFIED: {
      exit: 8,
      hint: 'look at the log file validation of the trail, and ask for a time that its digests cover',
    },

    STATE_CONFLICT: {
      exit: 4,
      retryable: true,
      hint: 'run the same command again; let only one audit at a time write one state',
    },
    AWS_REJECTED: { exit: 4, hint: "look up the error's name in the API reference of the service" },
    QUERY_FAILED: { exit: 4, hint: 'ask for a shorter range with --since and --until' },
    AWS_UNAVAILABLE: { exit: 4, retryable: true, hint: 'try again later' },
    AWS_THROTTLED: { exit: 4, retryable: true, hint: 'try again later' },
    NETWORK: { exit: 4, retryable: true, hint: 'check the network, HTTPS_PROXY and the endpoint variables' },
    UNEXPECTED_RESPONSE: {
      exit: 4,
      retryable: true,
      hint: 'check that the endpoint and the proxy lead to AWS',
    },

    AUDIT_FAILED: {
      exit: 10,
      hint: 'look at the findings; accept what is right with --allow, or explain it with emit --explains',
    },
  } satisfies Record<string, CodeEntry>;
}

/** A stable name for one kind of failure. */
export type ErrorCode = keyof ReturnType<typeof makeErrorCodes>;

let codes: Readonly<Record<ErrorCode, CodeEntry>> | undefined;

/**
 * Every error code. Public API: the table of the commands' page, the JSON error and the exit code all come from here. It is made for the
 * first error, for a run that goes well needs none of it.
 */
export function errorCodes(): Readonly<Record<ErrorCode, CodeEntry>> {
  codes ??= makeErrorCodes();
  return codes;
}

/** Whether a text is one of them, and no code of a service's own. */
export function isOwnCode(text: string): text is ErrorCode {
  return Object.hasOwn(errorCodes(), text);
}
