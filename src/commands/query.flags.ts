import type { OptionTable } from '../config/option.ts';
import { DEFAULT_LATE } from '../core/time/late.ts';

const STORES = 'Where to look:';
const SHOWN = 'What is shown:';

/** Flags of `query`. */
export const QUERY_FLAGS = {
  engine: {
    type: 'string',
    group: STORES,
    choices: ['lake', 'athena'],
    default: 'lake',
    describe: 'where both lie',
  },
  'marker-table': {
    type: 'string',
    value: 'DB.TABLE',
    group: STORES,
    describe: "Athena's table of markers",
  },
  'change-table': {
    type: 'string',
    value: 'DB.TABLE',
    group: STORES,
    describe: "Athena's table of CloudTrail's records",
  },
  'day-column': {
    type: 'string',
    // As DAY_COLUMNS of core/sql/athena-layouts.ts, which no start is to load.
    choices: ['timestamp', 'day', 'date', 'dt'],
    group: STORES,
    default: 'timestamp',
    describe: 'by which that table is divided; --run finds it out',
  },
  workgroup: { type: 'string', value: 'NAME', group: STORES, describe: 'of Athena (default: primary)' },
  'output-location': {
    type: 'string',
    value: 'S3',
    group: STORES,
    // Whoever may change a file of settings must not lead results elsewhere.
    configurable: false,
    describe: 'where Athena writes results, if its workgroup does not say',
  },
  late: {
    type: 'string',
    value: 'TIME',
    group: STORES,
    default: DEFAULT_LATE,
    describe: "the days of Athena's table are read this much past the end, for records that arrive late",
  },
  'marker-store': {
    type: 'string',
    value: 'ID',
    group: STORES,
    describe: 'event data store of markers, id or ARN',
  },
  'change-store': {
    type: 'string',
    value: 'ID',
    group: STORES,
    describe: 'event data store of management events',
  },
  'event-source': { type: 'string', value: 'NAME', group: STORES, describe: 'eventSource of markers' },
  region: {
    type: 'string',
    value: 'REGION',
    group: STORES,
    describe: 'of both (default: AWS_REGION)',
  },
  since: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    configurable: false,
    default: '7d',
    describe: 'how far back: 7d, yesterday, 14:05, ISO 8601',
  },
  until: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    configurable: false,
    describe: 'end (default: now)',
  },
  component: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: SHOWN,
    configurable: false,
    describe: 'kind:name or ARN',
  },
  'git-sha': {
    type: 'string',
    refusesEmpty: true,
    value: 'SHA',
    group: SHOWN,
    configurable: false,
    describe: 'commit, 7 characters or more',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: SHOWN,
    configurable: false,
    describe: 'STS session',
  },
  before: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    default: '2m',
    describe: 'before a start that counts',
  },
  after: {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    default: '10m',
    describe: 'after an end that counts',
  },
  'unfinished-after': {
    type: 'string',
    value: 'TIME',
    group: SHOWN,
    default: '6h',
    describe: 'when a deploy will not end any more',
  },
  run: {
    type: 'boolean',
    group: 'Result:',
    configurable: false,
    describe: 'run it and print the rows (both bill for what they scan)',
  },
} as const satisfies OptionTable;
