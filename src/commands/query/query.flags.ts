import type { OptionTable } from '../../config/option.ts';
import { DEFAULT_LATE } from '../../core/time/late.ts';
import { SUBJECT_FLAGS, WINDOW_FLAGS } from '../trail/trail.flags.ts';

/** Flags of `query`. */
export const QUERY_FLAGS = {
  since: {
    type: 'string',
    value: 'TIME',
    configurable: false,
    default: '7d',
  },
  until: {
    type: 'string',
    value: 'TIME',
    configurable: false,
  },
  ...SUBJECT_FLAGS,
  run: {
    type: 'boolean',
    configurable: false,
  },
  engine: {
    type: 'string',
    value: 'ENGINE',
    choices: ['lake', 'athena'],
    default: 'lake',
  },
  'marker-store': {
    type: 'string',
    value: 'ID',
  },
  'change-store': {
    type: 'string',
    value: 'ID',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
  },
  'marker-table': {
    type: 'string',
    value: 'DB.TABLE',
  },
  'change-table': {
    type: 'string',
    value: 'DB.TABLE',
  },
  'day-column': {
    type: 'string',
    value: 'COLUMN',
    // As DAY_COLUMNS of core/sql/athena-layouts.ts, which no start is to load.
    choices: ['timestamp', 'day', 'date', 'dt'],
    default: 'timestamp',
  },
  workgroup: {
    type: 'string',
    value: 'NAME',
  },
  'output-location': {
    type: 'string',
    value: 'S3',
    // Whoever may change a file of settings must not lead results elsewhere.
    configurable: false,
  },
  late: {
    type: 'string',
    value: 'DURATION',
    default: DEFAULT_LATE,
  },
  region: {
    type: 'string',
    value: 'REGION',
  },
  ...WINDOW_FLAGS,
} as const satisfies OptionTable;
