import type { TEMPLATE_FLAGS } from '../template.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';

const RESULT = 'Result:';

/** Texts of {@link TEMPLATE_FLAGS}. */
const TEMPLATE_TEXTS: FlagTexts<typeof TEMPLATE_FLAGS> = {
  param: {
    group: RESULT,
    describe: "Make this value the parameter's default.",
    unset: 'as the template has it',
  },
  out: { group: RESULT, describe: 'Write the template to this file.', unset: 'stdout' },
};

/** What help says of `template`. */
export const TEMPLATE_TEXT: CommandText<typeof TEMPLATE_FLAGS> = {
  summary: 'Print a CloudFormation template of what an account needs.',
  examples: [
    ['template lake > lake.yaml', 'A channel of CloudTrail Lake.'],
    ['template logs --param RetentionDays=731 --out logs.yaml', 'A log group, with another default.'],
    ['template circleci-role --json', 'A role, with its parameters, as JSON.'],
  ],
  flags: TEMPLATE_TEXTS,
};
