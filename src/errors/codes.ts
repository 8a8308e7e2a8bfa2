import type { CodeEntry } from './code-entry.ts';
import { IDENTITY_CODES } from './identity-codes.ts';

/**
 * Every error code. Public API: the table of the commands' page, the JSON error and the exit code all come from here.
 */
export const ERROR_CODES = {
  INTERNAL: {
    exit: 1,
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
    summary: 'a flag or argument is unknown, missing or malformed',
    hint: 'see deploy-marker --help',
  },
  NO_SINK: {
    exit: 2,
    summary: 'no sink is configured, or several and none was chosen',
    hint: 'say where markers go with --channel-arn, --log-group, --bucket or --file',
  },
  INPUT_UNREADABLE: {
    exit: 2,
    summary: 'an input file cannot be read',
    hint: 'name a readable file',
  },

  CONFIG_INVALID: {
    exit: 7,
    summary: 'the configuration file does not hold',
    hint: 'correct the setting that is named',
  },
  SESSION_NAME_INVALID: {
    exit: 7,
    summary: 'the session name breaks the rules of STS or ours',
    hint: 'let `deploy-marker session-name --env …` compose a legal name',
  },
  ARN_INVALID: {
    exit: 7,
    summary: 'an ARN is malformed or names another kind of resource',
    hint: 'copy the whole ARN from the AWS console',
  },
  MARKER_INVALID: {
    exit: 7,
    summary: 'a marker or audit event does not hold',
    hint: 'correct what is named and run the same command again',
  },
  MARKER_CONFLICT: {
    exit: 7,
    summary: 'two markers have one UID and different content',
    hint: 'give the later one another --idempotency-key, or leave it out',
  },
  TRUST_POLICY_INVALID: {
    exit: 7,
    summary: 'a file is not the trust policy of a role',
    hint: 'save it with `aws iam get-role --role-name NAME --query Role.AssumeRolePolicyDocument`',
  },
  TRAIL_LOG_INVALID: {
    exit: 7,
    summary: 'a file is not a whole CloudTrail log, or a log event no record of it',
    hint: 'copy the file from the bucket of the trail again',
  },
  EVENT_TOO_LARGE: {
    exit: 7,
    summary: 'an audit event is over a documented size',
    hint: 'shorten the largest field; --reason and --label are the usual ones',
  },
  QUERY_TOO_LONG: {
    exit: 7,
    summary: 'a query is longer than CloudTrail Lake or Athena takes',
    hint: 'leave out a filter, or shorten the range',
  },
  TABLE_UNSUITABLE: {
    exit: 7,
    summary: 'an Athena table has not the columns or partitions that are known',
    hint: "make the table as AWS's documentation has it for partition projection, or with `deploy-marker template athena`",
  },

  ...IDENTITY_CODES,

  CHANNEL_NOT_FOUND: {
    exit: 5,
    summary: 'the channel does not exist',
    hint: 'check Region, account and id in the channel ARN',
  },
  CHANNEL_CLOSED: {
    exit: 5,
    summary: 'the channel or CloudTrail Lake is closed to this account',
    hint: 'use --sink logs (CloudWatch Logs) in this account',
  },
  LOG_GROUP_NOT_FOUND: {
    exit: 5,
    summary: 'the log group does not exist',
    hint: 'make it with `aws logs create-log-group --log-group-name NAME`',
  },
  ROLE_NOT_FOUND: {
    exit: 5,
    summary: 'the IAM role does not exist',
    hint: 'check account and name in the role ARN',
  },
  STACK_NOT_FOUND: {
    exit: 5,
    summary: 'the CloudFormation stack does not exist',
    hint: 'check --stack, and Region and account of the credentials',
  },
  NOTICE_REFUSED: {
    exit: 5,
    summary: 'the SNS topic or Slack webhook does not exist or refuses the notice',
    hint: 'check the ARN of the topic, or make a new incoming webhook in Slack',
  },
  BUCKET_NOT_FOUND: {
    exit: 5,
    summary: 'the S3 bucket does not exist',
    hint: 'check the name of the bucket in the s3:// address',
  },
  STORE_NOT_FOUND: {
    exit: 5,
    summary: 'the event data store does not exist or is not active',
    hint: 'check Region and id with `aws cloudtrail list-event-data-stores`',
  },
  TABLE_NOT_FOUND: {
    exit: 5,
    summary: 'the Athena table, its database or the workgroup does not exist',
    hint: 'check Region, database, table and --workgroup',
  },
  FILE_UNWRITABLE: {
    exit: 5,
    summary: 'an output file cannot be written',
    hint: 'name a regular file in a folder that you may write to',
  },
  SPOOL_UNWRITABLE: {
    exit: 5,
    summary: 'the spool cannot be written',
    hint: 'name a folder on a disk with room, which you may write to, with --spool',
  },

  EVENTS_REJECTED: {
    exit: 9,
    summary: 'the service refused some or all events under HTTP 200',
    hint: 'look at the event with --dry-run and check it with deploy-marker validate',
  },
  TIMEOUT: {
    exit: 8,
    retryable: true,
    summary: 'our own deadline passed',
    hint: 'run the same command again, or raise --timeout',
  },
  QUERY_TIMED_OUT: {
    exit: 8,
    retryable: true,
    summary: 'CloudTrail Lake or Athena gave up on a query',
    hint: 'ask for a shorter range with --since and --until',
  },
  ANSWER_INCOMPLETE: {
    exit: 8,
    summary: 'a source has more than was allowed to be read, or nothing of what is asked was seen',
    hint: 'ask for a shorter range with --since and --until',
  },

  TRAIL_NOT_SEEN: {
    exit: 8,
    summary: 'a bucket or files hold nothing of an account, a Region or a prefix that is asked for',
    hint: 'check the prefix in --changes, and --account and --region',
  },
  TRAIL_UNVERIFIED: {
    exit: 8,
    summary: 'logs of a bucket could not be held against digests of CloudTrail',
    hint: 'look at the log file validation of the trail, and ask for a time that its digests cover',
  },

  STATE_CONFLICT: {
    exit: 4,
    retryable: true,
    summary: 'the state was changed by somebody else meanwhile',
    hint: 'run the same command again; let only one audit at a time write one state',
  },
  AWS_REJECTED: {
    exit: 4,
    summary: 'AWS refused the request for another reason',
    hint: "look up the error's name in the API reference of the service",
  },
  QUERY_FAILED: {
    exit: 4,
    summary: 'CloudTrail Lake or Athena could not run a query',
    hint: 'ask for a shorter range with --since and --until',
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

  AUDIT_FAILED: {
    exit: 10,
    summary: 'the audit found what --fail-on names',
    hint: 'look at the findings; accept what is right with --allow, or explain it with emit --explains',
  },
} satisfies Record<string, CodeEntry>;

/** A stable name for one kind of failure. */
export type ErrorCode = keyof typeof ERROR_CODES;
