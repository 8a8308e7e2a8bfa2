import type { PAGE_FLAGS, TRAIL_FLAGS, WINDOW_FLAGS } from '../trail/trail.flags.ts';
import type { FlagTexts } from './text.ts';

/** Headings that commands about the trail share. */
export const TRAIL_GROUPS = { asked: 'What is asked:', result: 'Result:' } as const;
const SOURCES = 'Where to look:';
const RULES = 'How changes are judged:';

/** Texts of {@link WINDOW_FLAGS}. */
export const WINDOW_TEXTS: FlagTexts<typeof WINDOW_FLAGS> = {
  before: {
    group: RULES,
    describe:
      "Count a change up to this long before a deploy's start as its own, such as 30s or 2m; a bare number is seconds.",
  },
  after: {
    group: RULES,
    describe:
      "Count a change up to this long after a deploy's end as its own, such as 30s or 10m; a bare number is seconds.",
  },
  'unfinished-after': {
    group: RULES,
    describe:
      'Take a deploy for unfinished if it has not ended after this time, such as 45m or 6h; a bare number is seconds.',
  },
};

/** Texts of {@link PAGE_FLAGS}. */
export const PAGE_TEXTS: FlagTexts<typeof PAGE_FLAGS> = {
  html: {
    group: TRAIL_GROUPS.result,
    describe: 'Write the answer as one page to this file too.',
    unset: 'none',
  },
};

/** Texts of {@link TRAIL_FLAGS}. */
export const TRAIL_TEXTS: FlagTexts<typeof TRAIL_FLAGS> = {
  until: {
    group: TRAIL_GROUPS.asked,
    describe: 'End at this time, in the forms that --since takes.',
    unset: 'now',
  },
  services: {
    group: TRAIL_GROUPS.asked,
    describe: 'Count the changes of these services, as eventSource calls them, or of all.',
  },
  ignore: {
    group: TRAIL_GROUPS.asked,
    describe: 'Leave out these calls, such as states:StartExecution; * and ? stand for anything.',
    unset: 'none',
  },
  markers: {
    group: SOURCES,
    describe:
      'Read markers here: a file, a folder, lake:ID, logs:GROUP, s3://BUCKET/PREFIX or athena:DB.TABLE.',
    unset: './deploy-markers.jsonl where it is, but not for an audit in CI',
  },
  changes: {
    group: SOURCES,
    describe:
      "Read CloudTrail's records here: event-history, lake:ID, logs:GROUP, s3://BUCKET, athena:DB.TABLE, a file or a folder.",
    unset: 'event-history',
  },
  region: {
    group: SOURCES,
    describe: 'Read these Regions; the first is also where lake:ID and logs:GROUP are, which are read whole.',
    unset: "AWS_REGION, else the profile's Region; of files, a bucket or a table, all",
  },
  account: {
    group: SOURCES,
    describe:
      'Read this account with that role; self is your own; of anything but event-history, an ID alone will do.',
    unset: 'your own of event-history; of anything else, all',
  },
  'allow-quiet': {
    group: SOURCES,
    describe: 'Accept that nothing, or nothing new, was seen, which else makes the answer incomplete.',
  },
  'max-pages': {
    group: SOURCES,
    describe: 'Read at most this many pages of 50 events of the event history of each account and Region.',
  },
  late: {
    group: SOURCES,
    describe:
      'Read S3, Athena and log groups this much past the end, for records that arrive late, such as 90m or 6h; a bare number is seconds.',
  },
  workgroup: { group: SOURCES, describe: "Run Athena's queries in this workgroup.", unset: 'primary' },
  'output-location': {
    group: SOURCES,
    describe: 'Have Athena write results below this s3://BUCKET/PREFIX.',
    unset: 'where its workgroup says',
  },
  'event-source': {
    group: SOURCES,
    describe: 'Find markers in CloudTrail Lake by this eventSource.',
    unset: 'deploymarker.internal',
  },
  'deploy-role': {
    group: RULES,
    describe: 'Expect these roles to deploy, by name, with * and ?.',
    unset: 'none but those that markers name',
  },
  'human-role': {
    group: RULES,
    describe: "Take these roles, by name, with * and ?, for people's.",
    unset: "none but Identity Center's",
  },
  'service-role': {
    group: RULES,
    describe: 'Take these roles, by name, with * and ?, for what CloudFormation works with.',
    unset: 'none',
  },
  'bridge-role': {
    group: RULES,
    describe: "Take these roles, by name, with * and ?, for steps on the way to it, as CDK's.",
    unset: 'none',
  },
  ...WINDOW_TEXTS,
};
