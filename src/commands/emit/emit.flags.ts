import type { OptionTable } from '../../config/option.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { MARKER_KINDS, MARKER_STATUSES } from '../../core/marker/marker.ts';

const WHAT = 'What was deployed:';
const HOW = 'How it came about:';
const WHERE = 'Where the marker goes:';
const FAILURE = 'When something fails:';

/** Flags of `emit`. */
export const EMIT_FLAGS = {
  env: { type: 'string', value: 'ENV', group: WHAT, describe: 'environment, such as prod' },
  component: { type: 'list', value: 'NAME', group: WHAT, describe: 'kind:name or ARN; repeatable' },
  stack: {
    type: 'list',
    value: 'NAME',
    group: WHAT,
    describe: 'CloudFormation stack, its functions and layers',
  },
  'git-sha': { type: 'string', value: 'SHA', group: WHAT, describe: 'commit (default: what CI or git says)' },
  status: { type: 'string', group: WHAT, choices: MARKER_STATUSES, default: 'success', describe: 'state' },
  kind: { type: 'string', group: WHAT, choices: MARKER_KINDS, default: 'deploy', describe: 'sort' },
  'started-at': {
    type: 'string',
    value: 'TIME',
    group: WHAT,
    describe: 'when it began, ISO 8601 with offset',
  },
  'deployed-at': { type: 'string', value: 'TIME', group: WHAT, describe: 'when it ended (default: now)' },
  account: { type: 'string', value: 'ID', group: WHAT, describe: "AWS account (default: the role's)" },
  region: { type: 'string', value: 'REGION', group: WHAT, describe: 'AWS Region (default: AWS_REGION)' },
  'target-version': {
    type: 'string',
    value: 'TEXT',
    group: WHAT,
    describe: 'version or tag that was deployed',
  },
  'previous-git-sha': { type: 'string', value: 'SHA', group: WHAT, describe: 'commit that it replaced' },
  from: {
    type: 'string',
    value: 'FILE',
    group: WHAT,
    configurable: false,
    describe: 'markers as JSON Lines or JSON; - is stdin',
  },
  'keep-going': {
    type: 'boolean',
    group: WHAT,
    configurable: false,
    describe: 'with --from: send the good records',
  },
  actor: { type: 'string', value: 'NAME', group: HOW, describe: 'who deployed (default: the CI system)' },
  workflow: { type: 'string', value: 'NAME', group: HOW, describe: 'workflow (default: what CI says)' },
  job: { type: 'string', value: 'NAME', group: HOW, describe: 'job (default: what CI says)' },
  'session-name': {
    type: 'string',
    value: 'NAME',
    group: HOW,
    alsoFrom: 'ROLE_SESSION_NAME',
    describe: 'STS session (default: $ROLE_SESSION_NAME)',
  },
  'role-arn': { type: 'string', value: 'ARN', group: HOW, describe: 'role of the deploy' },
  reason: { type: 'string', value: 'TEXT', group: HOW, describe: 'why, such as a ticket' },
  explains: {
    type: 'string',
    value: 'EVENT_ID',
    group: HOW,
    configurable: false,
    describe: 'record why a change was made',
  },
  'approved-by': { type: 'string', value: 'NAME', group: HOW, describe: 'who approved' },
  url: { type: 'string', value: 'URL', group: HOW, describe: 'page of the run (default: what CI says)' },
  label: { type: 'list', value: 'K=V', group: HOW, describe: 'free label; repeatable' },
  'deploy-id': { type: 'string', value: 'ID', group: HOW, describe: 'id that all markers of a deploy share' },
  'idempotency-key': {
    type: 'string',
    value: 'TEXT',
    group: HOW,
    describe: 'what makes a repeat the same marker',
  },
  sink: { type: 'list', group: WHERE, choices: ['lake', 'logs', 'file'], describe: 'sink; repeatable' },
  'channel-arn': { type: 'string', value: 'ARN', group: WHERE, describe: 'CloudTrail Lake channel' },
  'external-id': {
    type: 'string',
    secret: true,
    value: 'TEXT',
    group: WHERE,
    describe: "external id of the channel's policy",
  },
  'event-source': { type: 'string', value: 'NAME', group: WHERE, describe: 'eventSource of the audit event' },
  'log-group': { type: 'string', value: 'NAME', group: WHERE, describe: 'CloudWatch Logs group' },
  'log-stream': {
    type: 'string',
    value: 'NAME',
    group: WHERE,
    describe: 'its stream (default: COMPONENT/DATE)',
  },
  'sink-role-arn': {
    type: 'string',
    refusesEmpty: true,
    value: 'ARN',
    group: WHERE,
    describe: 'role to assume for delivery alone',
  },
  file: { type: 'string', value: 'PATH', group: WHERE, describe: 'JSON Lines file' },
  'dry-run': {
    type: 'boolean',
    group: WHERE,
    configurable: false,
    describe: 'check all and print the request',
  },
  spool: {
    type: 'string',
    value: 'DIR',
    group: FAILURE,
    describe: 'keep markers here until they are confirmed',
  },
  drain: {
    type: 'string',
    value: 'DIR',
    group: FAILURE,
    configurable: false,
    describe: 'deliver what a spool keeps',
  },
  timeout: {
    type: 'string',
    value: 'TIME',
    group: FAILURE,
    default: '30s',
    describe: 'deadline for all attempts',
  },
  'max-attempts': {
    type: 'string',
    value: 'N',
    group: FAILURE,
    describe: 'of one request (default: AWS_MAX_ATTEMPTS or 3)',
  },
  'max-rate': {
    type: 'string',
    value: 'N',
    group: FAILURE,
    default: String(MAX_RATE.default),
    describe: `requests/s, 1 to ${MAX_RATE.highest}, or off`,
  },
  'on-error': {
    type: 'string',
    group: FAILURE,
    choices: ['fail', 'warn', 'ignore'],
    default: 'fail',
    describe: 'failed delivery',
  },
} as const satisfies OptionTable;
