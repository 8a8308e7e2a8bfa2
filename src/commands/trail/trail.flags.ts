import type { OptionTable } from '../../config/option.ts';
import { DEFAULT_SERVICES } from '../../core/services/defaults.ts';
import { DEFAULT_LATE } from '../../core/time/late.ts';

const SOURCES = 'Where to look:';
const RULES = 'How changes are judged:';

/** Flags that `trace` and `audit` share: where markers and changes are, and how they are tied together. */
export const TRAIL_FLAGS = {
  markers: {
    type: 'list',
    value: 'SOURCE',
    group: SOURCES,
    describe: 'file, folder, lake:ID, logs:GROUP, s3://BUCKET/PREFIX or athena:DB.TABLE',
  },
  changes: {
    type: 'list',
    value: 'SOURCE',
    group: SOURCES,
    describe: 'event-history (default), lake:ID, logs:GROUP, s3://BUCKET, athena:DB.TABLE, or logs',
  },
  services: {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'NAME',
    group: SOURCES,
    default: DEFAULT_SERVICES.join(','),
    describe: 'whose changes count, or all',
  },
  ignore: {
    type: 'list',
    isNames: true,
    value: 'SERVICE:ACTION',
    group: SOURCES,
    describe: 'calls that do not count; patterns; repeatable',
  },
  region: {
    type: 'list',
    isNames: true,
    value: 'REGION',
    group: SOURCES,
    describe: 'Region (default: AWS_REGION); repeatable',
  },
  account: {
    type: 'list',
    isNames: true,
    // Names of roles may have commas.
    separator: /,(?=\s*(?:\d{12}|self)\s*(?:[=,]|$))/,
    refusesEmpty: true,
    value: 'ID=ROLE_ARN',
    group: SOURCES,
    configurable: false,
    describe: 'account, read with that role; or self; of S3 also ID; repeatable',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
    group: SOURCES,
    describe: 'eventSource of markers in Lake',
  },
  workgroup: {
    type: 'string',
    value: 'NAME',
    group: SOURCES,
    describe: 'of Athena (default: primary)',
  },
  'output-location': {
    type: 'string',
    value: 'S3',
    group: SOURCES,
    // Whoever may change a file of settings must not lead results elsewhere.
    configurable: false,
    describe: 'where Athena writes results, if its workgroup does not say',
  },
  'max-pages': {
    type: 'string',
    value: 'N',
    group: SOURCES,
    default: '2000',
    describe: 'of event history, an account and Region',
  },
  late: {
    type: 'string',
    value: 'TIME',
    group: SOURCES,
    default: DEFAULT_LATE,
    describe: 'S3, Athena and log groups are read this much past the end, for records that arrive late',
  },
  until: {
    type: 'string',
    value: 'TIME',
    group: SOURCES,
    configurable: false,
    describe: 'end (default: now)',
  },
  'allow-quiet': {
    type: 'boolean',
    group: SOURCES,
    describe: 'nothing seen, or nothing new, is an answer',
  },
  before: {
    type: 'string',
    value: 'TIME',
    group: RULES,
    default: '2m',
    describe: 'before a start that counts',
  },
  after: {
    type: 'string',
    value: 'TIME',
    group: RULES,
    default: '10m',
    describe: 'after an end that counts',
  },
  'unfinished-after': {
    type: 'string',
    value: 'TIME',
    group: RULES,
    default: '6h',
    describe: 'when a deploy will not end any more',
  },
  'deploy-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: 'roles that deploy; repeatable',
  },
  'service-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: "CloudFormation's service roles",
  },
  'bridge-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: "roles on the way to it, as CDK's",
  },
  'human-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: 'roles that people use',
  },
} as const satisfies OptionTable;
