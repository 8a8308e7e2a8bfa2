import type { DOCTOR_FLAGS } from '../doctor/doctor.flags.ts';
import type { CommandText, FlagTexts } from './text.ts';

const CHECKED = 'What is checked:';

/** Texts of {@link DOCTOR_FLAGS}. */
const DOCTOR_TEXTS: FlagTexts<typeof DOCTOR_FLAGS> = {
  online: {
    group: CHECKED,
    describe: 'Ask AWS too, and CI for a token where it has to be asked. Nothing is changed.',
  },
  'trust-policy': {
    group: CHECKED,
    describe: "Hold this trust policy of the role, JSON, against the job's token.",
    unset: "none, or the role's own with --online",
  },
};

/** What help says of `doctor`. */
export const DOCTOR_TEXT: CommandText<typeof DOCTOR_FLAGS> = {
  summary: 'Show each setting with its source, and check the whole chain.',
  examples: [
    ['doctor --env prod --channel-arn "$CHANNEL_ARN"', 'What would a deploy meet here?'],
    [
      'doctor --env prod --role-arn arn:aws:iam::123456789012:role/deploy --trust-policy trust.json',
      'Does the role let this job in?',
    ],
    ['doctor --online', 'Ask AWS, too.'],
  ],
  flags: DOCTOR_TEXTS,
};
