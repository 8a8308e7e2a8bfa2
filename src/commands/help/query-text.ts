import type { QUERY_FLAGS } from '../query/query.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';
import { WINDOW_TEXTS } from './trail-text.ts';

const STORES = 'Where to look:';
const SHOWN = 'What is asked:';

/** Texts of {@link QUERY_FLAGS}. */
const QUERY_TEXTS: FlagTexts<typeof QUERY_FLAGS> = {
  since: {
    group: SHOWN,
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
  },
  until: { group: SHOWN, describe: 'End at this time, in the forms that --since takes.', unset: 'now' },
  component: { group: SHOWN, describe: 'Ask for this component, as kind:name or ARN.', unset: 'all' },
  'git-sha': {
    group: SHOWN,
    describe: 'Ask for deploys of this commit, by 7 to 64 hexadecimal characters.',
    unset: 'all',
  },
  'session-name': { group: SHOWN, describe: 'Ask for this STS session, by its whole name.', unset: 'all' },
  run: { group: SHOWN, describe: 'Run the statement and print its rows. AWS bills for what it scans.' },
  engine: {
    group: STORES,
    describe: 'Write the statement for this engine, which has both markers and changes.',
  },
  'marker-store': {
    group: STORES,
    describe: 'Find markers in this event data store, by its id or ARN.',
    unset: 'needed for Lake',
  },
  'change-store': {
    group: STORES,
    describe: 'Find changes in this event data store of management events, by its id or ARN.',
    unset: 'needed for Lake',
  },
  'event-source': {
    group: STORES,
    describe: 'Find markers in CloudTrail Lake by this eventSource.',
    unset: 'deploymarker.internal',
  },
  'marker-table': { group: STORES, describe: 'Find markers in this table.', unset: 'needed for Athena' },
  'change-table': {
    group: STORES,
    describe: "Find CloudTrail's records in this table.",
    unset: 'needed for Athena',
  },
  'day-column': {
    group: STORES,
    describe: 'Name the column that divides the change table by days; --run finds it out by itself.',
  },
  workgroup: { group: STORES, describe: "Run Athena's queries in this workgroup.", unset: 'primary' },
  'output-location': {
    group: STORES,
    describe: 'Have Athena write results below this s3://BUCKET/PREFIX.',
    unset: 'where its workgroup says',
  },
  late: {
    group: STORES,
    describe:
      "Read the days of Athena's table this much past the end, for records that arrive late, such as 90m or 6h; a bare number is seconds.",
  },
  region: {
    group: STORES,
    describe: 'Run the statement in this Region.',
    unset: "AWS_REGION, else the profile's Region",
  },
  ...WINDOW_TEXTS,
};

/** What help says of `query`. */
export const QUERY_TEXT: CommandText<typeof QUERY_FLAGS> = {
  summary: 'Print or run SQL that ties changes to deploys (Lake, Athena).',
  examples: [
    [
      'query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE"',
      'Print the statement for CloudTrail Lake.',
    ],
    [
      'query --marker-store "$MARKER_STORE" --change-store "$CHANGE_STORE" --since 24h --run',
      'Run it, and print its rows.',
    ],
    [
      'query --engine athena --marker-table deploys.markers --change-table deploys.trail',
      'Print the statement for Athena.',
    ],
  ],
  flags: QUERY_TEXTS,
};
