import type { OptionTable } from '../../config/option.ts';
import { DEFAULT_LATE } from '../../core/time/late.ts';
import { WINDOW_FLAGS } from '../trail/trail.flags.ts';

const STORES = 'Where to look:';
const SHOWN = 'What is asked:';

/** Flags of `query`. */
export const QUERY_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    configurable: false,
    default: '7d',
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
  },
  until: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    configurable: false,
    describe: 'End at this time, in the forms that --since takes.',
    unset: 'now',
  },
  component: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: SHOWN,
    configurable: false,
    describe: 'Ask for this component, as kind:name or ARN.',
    unset: 'all',
  },
  'git-sha': {
    type: 'string',
    refusesEmpty: true,
    value: 'SHA',
    group: SHOWN,
    configurable: false,
    describe: 'Ask for deploys of this commit, by 7 to 64 hexadecimal characters.',
    unset: 'all',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: SHOWN,
    configurable: false,
    describe: 'Ask for this STS session, by its whole name.',
    unset: 'all',
  },
  run: {
    type: 'boolean',
    group: SHOWN,
    configurable: false,
    describe: 'Run the statement and print its rows. AWS bills for what it scans.',
  },
  engine: {
    type: 'string',
    value: 'ENGINE',
    group: STORES,
    choices: ['lake', 'athena'],
    default: 'lake',
    describe: 'Write the statement for this engine, which has both markers and changes.',
  },
  'marker-store': {
    type: 'string',
    value: 'ID',
    group: STORES,
    describe: 'Find markers in this event data store, by its id or ARN.',
    unset: 'needed for Lake',
  },
  'change-store': {
    type: 'string',
    value: 'ID',
    group: STORES,
    describe: 'Find changes in this event data store of management events, by its id or ARN.',
    unset: 'needed for Lake',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
    group: STORES,
    describe: 'Find markers in CloudTrail Lake by this eventSource.',
    unset: 'deploymarker.internal',
  },
  'marker-table': {
    type: 'string',
    value: 'DB.TABLE',
    group: STORES,
    describe: 'Find markers in this table.',
    unset: 'needed for Athena',
  },
  'change-table': {
    type: 'string',
    value: 'DB.TABLE',
    group: STORES,
    describe: "Find CloudTrail's records in this table.",
    unset: 'needed for Athena',
  },
  'day-column': {
    type: 'string',
    value: 'COLUMN',
    // As DAY_COLUMNS of core/sql/athena-layouts.ts, which no start is to load.
    choices: ['timestamp', 'day', 'date', 'dt'],
    group: STORES,
    default: 'timestamp',
    describe: 'Name the column that divides the change table by days; --run finds it out by itself.',
  },
  workgroup: {
    type: 'string',
    value: 'NAME',
    group: STORES,
    describe: "Run Athena's queries in this workgroup.",
    unset: 'primary',
  },
  'output-location': {
    type: 'string',
    value: 'S3',
    group: STORES,
    // Whoever may change a file of settings must not lead results elsewhere.
    configurable: false,
    describe: 'Have Athena write results below this s3://BUCKET/PREFIX.',
    unset: 'where its workgroup says',
  },
  late: {
    type: 'string',
    value: 'DURATION',
    group: STORES,
    default: DEFAULT_LATE,
    describe:
      "Read the days of Athena's table this much past the end, for records that arrive late, such as 90m or 6h; a bare number is seconds.",
  },
  region: {
    type: 'string',
    value: 'REGION',
    group: STORES,
    describe: 'Run the statement in this Region.',
    unset: "AWS_REGION, else the profile's Region",
  },
  ...WINDOW_FLAGS,
} as const satisfies OptionTable;
