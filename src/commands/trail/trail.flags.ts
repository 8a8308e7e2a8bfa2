import type { OptionTable } from '../../config/option.ts';
import { DEFAULT_SERVICES } from '../../core/services/defaults.ts';
import { DEFAULT_LATE } from '../../core/time/late.ts';

/** Headings that the flags of `trace`, `audit` and `investigate` share. */
export const TRAIL_GROUPS = { asked: 'What is asked:', result: 'Result:' } as const;

const SOURCES = 'Where to look:';
const RULES = 'How changes are judged:';

/** What counts as a deploy's own time, in every command that ties changes to deploys. */
export const WINDOW_FLAGS = {
  before: {
    type: 'string',
    value: 'DURATION',
    group: RULES,
    default: '2m',
    describe:
      "Count a change up to this long before a deploy's start as its own, such as 30s or 2m; a bare number is seconds.",
  },
  after: {
    type: 'string',
    value: 'DURATION',
    group: RULES,
    default: '10m',
    describe:
      "Count a change up to this long after a deploy's end as its own, such as 30s or 10m; a bare number is seconds.",
  },
  'unfinished-after': {
    type: 'string',
    value: 'DURATION',
    group: RULES,
    default: '6h',
    describe:
      'Take a deploy for unfinished if it has not ended after this time, such as 45m or 6h; a bare number is seconds.',
  },
} as const satisfies OptionTable;

/** What writes an answer as a page; an audit's page has findings, and words of its own. */
export const PAGE_FLAGS = {
  html: {
    type: 'string',
    value: 'FILE',
    group: TRAIL_GROUPS.result,
    configurable: false,
    describe: 'Write the answer as one page to this file too.',
    unset: 'none',
  },
} as const satisfies OptionTable;

/** Flags that `trace` and `audit` share: where markers and changes are, and how they are tied together. */
export const TRAIL_FLAGS = {
  until: {
    type: 'string',
    value: 'TIME',
    group: TRAIL_GROUPS.asked,
    configurable: false,
    describe: 'End at this time, in the forms that --since takes.',
    unset: 'now',
  },
  services: {
    type: 'list',
    isNames: true,
    refusesEmpty: true,
    value: 'NAME',
    group: TRAIL_GROUPS.asked,
    default: DEFAULT_SERVICES.join(','),
    describe: 'Count the changes of these services, as eventSource calls them, or of all.',
  },
  ignore: {
    type: 'list',
    isNames: true,
    value: 'SERVICE:ACTION',
    group: TRAIL_GROUPS.asked,
    describe: 'Leave out these calls, such as states:StartExecution; * and ? stand for anything.',
    unset: 'none',
  },
  markers: {
    type: 'list',
    value: 'SOURCE',
    group: SOURCES,
    describe:
      'Read markers here: a file, a folder, lake:ID, logs:GROUP, s3://BUCKET/PREFIX or athena:DB.TABLE.',
    unset: './deploy-markers.jsonl where it is, but not for an audit in CI',
  },
  changes: {
    type: 'list',
    value: 'SOURCE',
    group: SOURCES,
    describe:
      "Read CloudTrail's records here: event-history, lake:ID, logs:GROUP, s3://BUCKET, athena:DB.TABLE, a file or a folder.",
    unset: 'event-history',
  },
  region: {
    type: 'list',
    isNames: true,
    value: 'REGION',
    group: SOURCES,
    describe: 'Read these Regions; the first is also where lake:ID and logs:GROUP are, which are read whole.',
    unset: "AWS_REGION, else the profile's Region; of files, a bucket or a table, all",
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
    describe:
      'Read this account with that role; self is your own; of anything but event-history, an ID alone will do.',
    unset: 'your own of event-history; of anything else, all',
  },
  'allow-quiet': {
    type: 'boolean',
    group: SOURCES,
    describe: 'Accept that nothing, or nothing new, was seen, which else makes the answer incomplete.',
  },
  'max-pages': {
    type: 'string',
    value: 'N',
    group: SOURCES,
    default: '2000',
    describe: 'Read at most this many pages of 50 events of the event history of each account and Region.',
  },
  late: {
    type: 'string',
    value: 'DURATION',
    group: SOURCES,
    default: DEFAULT_LATE,
    describe:
      'Read S3, Athena and log groups this much past the end, for records that arrive late, such as 90m or 6h; a bare number is seconds.',
  },
  workgroup: {
    type: 'string',
    value: 'NAME',
    group: SOURCES,
    describe: "Run Athena's queries in this workgroup.",
    unset: 'primary',
  },
  'output-location': {
    type: 'string',
    value: 'S3',
    group: SOURCES,
    // Whoever may change a file of settings must not lead results elsewhere.
    configurable: false,
    describe: 'Have Athena write results below this s3://BUCKET/PREFIX.',
    unset: 'where its workgroup says',
  },
  'event-source': {
    type: 'string',
    value: 'NAME',
    group: SOURCES,
    describe: 'Find markers in CloudTrail Lake by this eventSource.',
    unset: 'deploymarker.internal',
  },
  'deploy-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: 'Expect these roles to deploy, by name, with * and ?.',
    unset: 'none but those that markers name',
  },
  'human-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: "Take these roles, by name, with * and ?, for people's.",
    unset: "none but Identity Center's",
  },
  'service-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: 'Take these roles, by name, with * and ?, for what CloudFormation works with.',
    unset: 'none',
  },
  'bridge-role': {
    type: 'list',
    isNames: true,
    value: 'PATTERN',
    group: RULES,
    describe: "Take these roles, by name, with * and ?, for steps on the way to it, as CDK's.",
    unset: 'none',
  },
  ...WINDOW_FLAGS,
} as const satisfies OptionTable;
