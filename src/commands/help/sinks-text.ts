import type { SINK_FLAGS } from '../sinks/sinks.flags.ts';
import type { FlagTexts } from './text.ts';

const WHERE = 'Where the marker goes:';

/** Texts of {@link SINK_FLAGS}. */
export const SINK_TEXTS: FlagTexts<typeof SINK_FLAGS> = {
  'channel-arn': {
    group: WHERE,
    describe: 'Send the marker to this channel of CloudTrail Lake.',
    unset: 'none',
  },
  'log-group': {
    group: WHERE,
    describe: 'Send the marker to this CloudWatch Logs group, which must exist.',
    unset: 'none',
  },
  bucket: { group: WHERE, describe: 'Store each marker as one S3 object below this prefix.', unset: 'none' },
  file: {
    group: WHERE,
    describe: 'Append the marker to this JSON Lines file.',
    unset: 'deploy-markers.jsonl outside CI, if no other place is set',
  },
  sink: {
    group: WHERE,
    describe: 'Say which of several places to use.',
    unset: 'the one that is configured',
  },
  'dry-run': {
    group: WHERE,
    describe: 'Check everything, print the request and send nothing. It needs no network and no credentials.',
  },
  'log-stream': {
    group: WHERE,
    describe: 'Write to this stream of the log group, made if missing.',
    unset: 'COMPONENT/DATE, the UTC day',
  },
  'sink-role-arn': {
    group: WHERE,
    describe: 'Assume this role for the delivery alone, as in an audit account.',
    unset: 'none',
  },
  'external-id': {
    group: WHERE,
    describe: "Send this external id, which the channel's policy asks for.",
    unset: 'none',
  },
  'event-source': {
    group: WHERE,
    describe: 'Name the eventSource of the audit event.',
    unset: 'deploymarker.internal',
  },
};
