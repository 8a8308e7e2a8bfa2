import type { TRACE_FLAGS } from '../trail/trace.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';
import { PAGE_TEXTS, TRAIL_GROUPS, TRAIL_TEXTS } from './trail-text.ts';

/** Texts of {@link TRACE_FLAGS}. */
const TRACE_TEXTS: FlagTexts<typeof TRACE_FLAGS> = {
  since: {
    group: TRAIL_GROUPS.asked,
    describe: 'Begin at this time: how long ago, such as 2h or 7d, yesterday, 14:05 or ISO 8601.',
  },
  ...TRAIL_TEXTS,
  component: {
    group: TRAIL_GROUPS.asked,
    describe: 'Ask for this component, as the argument does.',
    unset: 'all',
  },
  'git-sha': {
    group: TRAIL_GROUPS.asked,
    describe: 'Ask for deploys of this commit, by 7 characters of it or more.',
    unset: 'all',
  },
  'session-name': {
    group: TRAIL_GROUPS.asked,
    describe: 'Ask for this STS session, by its whole name.',
    unset: 'all',
  },
  'deploy-id': {
    group: TRAIL_GROUPS.asked,
    describe: 'Ask for the deploy with this deploy_id.',
    unset: 'all',
  },
  uid: {
    group: TRAIL_GROUPS.asked,
    describe: 'Ask for the deploy of the marker with this uid.',
    unset: 'all',
  },
  quick: {
    group: TRAIL_GROUPS.asked,
    describe:
      'Look one function up by its name alone in event history. It takes seconds, and is never complete (exit code 8).',
  },
  ...PAGE_TEXTS,
};

/** What help says of `trace`. */
export const TRACE_TEXT: CommandText<typeof TRACE_FLAGS> = {
  summary: 'Say which deploy made a change, and what no deploy explains.',
  examples: [
    ['trace resize-image', 'Who changed this function in a week?'],
    [
      'trace --git-sha a1b2c3d --markers deploys.jsonl --changes trail/',
      'What did a commit change? Offline, from a folder of logs.',
    ],
    ['trace --since 24h --markers deploys.jsonl --html trace.html', 'All of a day, as a page.'],
  ],
  flags: TRACE_TEXTS,
};
