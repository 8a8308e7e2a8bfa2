import { MAX_RATE } from '../../core/delivery/rate.ts';
import type { EMIT_FLAGS } from '../emit/emit.flags.ts';
import { SINK_TEXTS } from './sinks-text.ts';
import type { CommandText, FlagTexts } from './text.ts';

const WHAT = 'What was deployed:';
const FAILURE = 'When something fails:';
const HOW = 'How it came about:';
const MANY = 'Many markers at once:';

/** Texts of {@link EMIT_FLAGS}. */
const EMIT_TEXTS: FlagTexts<typeof EMIT_FLAGS> = {
  env: {
    group: WHAT,
    describe: 'Name the environment, such as prod.',
    unset: 'needed unless --from or --drain is given',
  },
  component: {
    group: WHAT,
    describe: 'Name what was deployed, as kind:name or ARN, such as lambda:resize-image.',
    unset: 'needed unless --stack, --explains, --from or --drain is given',
  },
  stack: {
    group: WHAT,
    describe: 'Name a CloudFormation stack, to mark it and each resource in it.',
    unset: 'none',
  },
  status: { group: WHAT, describe: 'Say how the deploy stands.' },
  'git-sha': {
    group: WHAT,
    describe: 'Name the commit by 7 to 64 hexadecimal characters.',
    unset: 'what is checked out, else what CI says',
  },
  kind: { group: WHAT, describe: 'Say what kind of deploy it was.' },
  'started-at': {
    group: WHAT,
    describe: 'Say when it began, in ISO 8601 with Z or an offset.',
    unset: 'when assume-role ran, if that is known',
  },
  'deployed-at': {
    group: WHAT,
    describe: 'Say when it ended, in ISO 8601 with Z or an offset.',
    unset: 'now, if it is over',
  },
  account: {
    group: WHAT,
    describe: 'Name the AWS account by its 12 digits.',
    unset: "that of the deploy's role",
  },
  region: {
    group: WHAT,
    describe: 'Name the AWS Region that was deployed to.',
    unset: "AWS_REGION, else the profile's Region",
  },
  'target-version': { group: WHAT, describe: 'Name the version or tag that was deployed.', unset: 'none' },
  'previous-git-sha': {
    group: WHAT,
    describe: 'Name the commit that was live before, by 7 to 64 hexadecimal characters.',
    unset: 'none',
  },
  ...SINK_TEXTS,
  'on-error': {
    group: FAILURE,
    describe:
      'Say what a failed delivery does: warn and ignore end with exit code 0. Bad input always fails.',
  },
  timeout: {
    group: FAILURE,
    describe: 'End all attempts after this time, such as 500ms, 30s or 2m; a bare number is seconds.',
  },
  'max-attempts': {
    group: FAILURE,
    describe: 'Try each request at most this often, 1 to 99 times.',
    unset: 'AWS_MAX_ATTEMPTS, else 3',
  },
  'max-rate': {
    group: FAILURE,
    describe: `Send at most this many requests a second, 1 to ${MAX_RATE.highest}, or off for no limit.`,
  },
  spool: { group: FAILURE, describe: 'Keep markers in this folder until they are confirmed.', unset: 'none' },
  drain: {
    group: FAILURE,
    describe: 'Deliver what --spool kept in this folder, to where it was to go.',
    unset: 'none',
  },
  actor: {
    group: HOW,
    describe: 'Name who deployed.',
    unset: "the CI system's name, or outside CI the user's, or local where nobody is known",
  },
  workflow: { group: HOW, describe: 'Name the workflow.', unset: 'what CI says' },
  job: { group: HOW, describe: 'Name the job.', unset: 'what CI says' },
  'session-name': {
    group: HOW,
    describe: 'Name the STS session that deployed.',
    unset: '$ROLE_SESSION_NAME, which assume-role sets',
  },
  'role-arn': { group: HOW, describe: 'Name the role that deployed.', unset: 'what assume-role assumed' },
  reason: { group: HOW, describe: 'Say why it was deployed, such as a ticket.', unset: 'none' },
  'approved-by': { group: HOW, describe: 'Name who approved it.', unset: 'none' },
  url: { group: HOW, describe: 'Link to the page of the run.', unset: 'what CI says' },
  label: { group: HOW, describe: 'Add a label of your own, such as team=billing.', unset: 'none' },
  'deploy-id': {
    group: HOW,
    describe: 'Tie all markers of one deploy together by this id.',
    unset: 'made of run, target and commit',
  },
  'idempotency-key': {
    group: HOW,
    describe: 'Give calls with the same key the same marker.',
    unset: 'the run of the job',
  },
  explains: {
    group: HOW,
    describe: 'Record by --reason why the change with this CloudTrail event id was made, not a deploy.',
    unset: 'none',
  },
  from: {
    group: MANY,
    describe: 'Read the markers from this file, JSON Lines or one JSON object or array; - is stdin.',
    unset: 'none',
  },
  'keep-going': {
    group: MANY,
    describe: 'Send the good records of --from although others are bad. The exit code is 7 all the same.',
  },
};

/** What help says of `emit`. */
export const EMIT_TEXT: CommandText<typeof EMIT_FLAGS> = {
  summary: 'Record a deploy: make markers and deliver them.',
  examples: [
    [
      'emit --env prod --component lambda:resize-image --channel-arn "$CHANNEL_ARN"',
      'Record a deploy in CloudTrail Lake.',
    ],
    [
      'emit --env prod --component stack:billing --status failed --file deploys.jsonl',
      'Record a failed one in a file; no account is needed.',
    ],
    [
      'emit --env dev --component lambda:a --channel-arn "$CHANNEL_ARN" --dry-run',
      'Check everything, and send nothing.',
    ],
  ],
  flags: EMIT_TEXTS,
};
