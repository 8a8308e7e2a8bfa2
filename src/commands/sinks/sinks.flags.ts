import type { OptionTable } from '../../config/option.ts';

const WHERE = 'Where the marker goes:';

/** Flags of `emit` that say where markers go, and how that is reached. */
export const SINK_FLAGS = {
  'channel-arn': {
    type: 'string',
    value: 'ARN',
    group: WHERE,
    describe: 'Send the marker to this channel of CloudTrail Lake.',
    unset: 'none',
  },
  'log-group': {
    type: 'string',
    value: 'NAME',
    group: WHERE,
    describe: 'Send the marker to this CloudWatch Logs group, which must exist.',
    unset: 'none',
  },
  bucket: {
    type: 'string',
    value: 's3://BUCKET/PREFIX',
    group: WHERE,
    describe: 'Store each marker as one S3 object below this prefix.',
    unset: 'none',
  },
  file: {
    type: 'string',
    value: 'PATH',
    group: WHERE,
    describe: 'Append the marker to this JSON Lines file.',
    unset: 'deploy-markers.jsonl outside CI, if no other place is set',
  },
  sink: {
    type: 'list',
    isNames: true,
    value: 'SINK',
    group: WHERE,
    choices: ['lake', 'logs', 's3', 'file'],
    describe: 'Say which of several places to use.',
    unset: 'the one that is configured',
  },
  'dry-run': {
    type: 'boolean',
    group: WHERE,
    configurable: false,
    describe: 'Check everything, print the request and send nothing. It needs no network and no credentials.',
  },
  'log-stream': {
    type: 'string',
    value: 'NAME',
    group: WHERE,
    describe: 'Write to this stream of the log group, made if missing.',
    unset: 'COMPONENT/DATE, the UTC day',
  },
  'sink-role-arn': {
    type: 'string',
    refusesEmpty: true,
    value: 'ARN',
    group: WHERE,
    describe: 'Assume this role for the delivery alone, as in an audit account.',
    unset: 'none',
  },
  'external-id': {
    type: 'string',
    secret: true,
    value: 'TEXT',
    group: WHERE,
    describe: "Send this external id, which the channel's policy asks for.",
    unset: 'none',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
    group: WHERE,
    describe: 'Name the eventSource of the audit event.',
    unset: 'deploymarker.internal',
  },
} as const satisfies OptionTable;
