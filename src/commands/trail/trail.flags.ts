import type { OptionTable } from '../../config/option.ts';
import { DEFAULT_SERVICES } from '../../core/services/defaults.ts';
import { DEFAULT_LATE } from '../../core/time/late.ts';

/** Flags of `trace` and `query` that say what is asked for. */
export const SUBJECT_FLAGS = {
  component: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    configurable: false,
  },
  'git-sha': {
    type: 'string',
    refusesEmpty: true,
    value: 'SHA',
    configurable: false,
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    configurable: false,
  },
} as const satisfies OptionTable;

/** What counts as a deploy's own time, in every command that ties changes to deploys. */
export const WINDOW_FLAGS = {
  before: {
    type: 'string',
    value: 'DURATION',
    default: '2m',
  },
  after: {
    type: 'string',
    value: 'DURATION',
    default: '10m',
  },
  'unfinished-after': {
    type: 'string',
    value: 'DURATION',
    default: '6h',
  },
} as const satisfies OptionTable;

/** What writes an answer as a page; an audit's page has findings, and words of its own. */
export const PAGE_FLAGS = {
  html: {
    type: 'string',
    value: 'FILE',
    configurable: false,
  },
} as const satisfies OptionTable;

/** Flags that `trace` and `audit` share: where markers and changes are, and how they are tied together. */
export const TRAIL_FLAGS = {
  until: {
    type: 'string',
    value: 'TIME',
    configurable: false,
  },
  services: {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'NAME',
    default: DEFAULT_SERVICES.join(','),
  },
  ignore: {
    type: 'list',
    isNames: true,
    value: 'SERVICE:ACTION',
  },
  markers: {
    type: 'list',
    value: 'SOURCE',
  },
  changes: {
    type: 'list',
    value: 'SOURCE',
  },
  region: {
    type: 'list',
    isNames: true,
    value: 'REGION',
  },
  account: {
    type: 'list',
    isNames: true,
    // Names of roles may have commas.
    separator: /,(?=\s*(?:\d{12}|self)\s*(?:[=,]|$))/,
    refusesEmpty: true,
    value: 'ID=ROLE_ARN',
    configurable: false,
  },
  'allow-quiet': {
    type: 'boolean',
  },
  'max-pages': {
    type: 'string',
    value: 'N',
    default: '2000',
  },
  late: {
    type: 'string',
    value: 'DURATION',
    default: DEFAULT_LATE,
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
  'event-source': {
    type: 'string',
    value: 'NAME',
  },
  'deploy-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
  },
  'human-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
  },
  'service-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
  },
  'bridge-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
  },
  ...WINDOW_FLAGS,
} as const satisfies OptionTable;
