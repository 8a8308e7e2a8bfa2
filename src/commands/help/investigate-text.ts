import type { INVESTIGATE_FLAGS } from '../investigate/investigate.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';
import { PAGE_TEXTS, TRAIL_GROUPS, TRAIL_TEXTS } from './trail-text.ts';

/** Texts of {@link INVESTIGATE_FLAGS}. */
const INVESTIGATE_TEXTS: FlagTexts<typeof INVESTIGATE_FLAGS> = {
  since: {
    group: TRAIL_GROUPS.asked,
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
    unset: '24h',
  },
  ...TRAIL_TEXTS,
  at: {
    group: TRAIL_GROUPS.asked,
    describe:
      'Ask what was in force at this time, in the forms that --since takes; 03:12 is all of that minute. A day before and an hour after are read.',
    unset: 'none',
  },
  drift: {
    group: TRAIL_GROUPS.asked,
    describe: 'Have CloudFormation look now whether the resource still is as its stack has it.',
  },
  timeout: {
    group: TRAIL_GROUPS.asked,
    describe:
      'Wait this long for AWS Config and CloudFormation, such as 30s or 2m; a bare number is seconds.',
  },
  ...PAGE_TEXTS,
};

/** What help says of `investigate`. */
export const INVESTIGATE_TEXT: CommandText<typeof INVESTIGATE_FLAGS> = {
  summary: 'Say who changed a component, how, and whether it was meant.',
  examples: [
    ['investigate resize-image --markers deploys.jsonl', 'What happened to it in a day?'],
    [
      'investigate lambda:resize-image --markers deploys.jsonl --at 2h --drift',
      'What was in force two hours ago, and what is now?',
    ],
    ['investigate stack:billing --since 7d --html billing.html', 'A week of a stack, as a page.'],
  ],
  flags: INVESTIGATE_TEXTS,
};
