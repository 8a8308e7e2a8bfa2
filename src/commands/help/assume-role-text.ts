import type { ASSUME_ROLE_FLAGS } from '../assume-role/assume-role.flags.ts';
import { SESSION_NAME_PARTS_TEXTS } from './session-name-text.ts';
import type { CommandText, FlagTexts } from './text.ts';

const ROLE = 'Role:';
const TOKEN = 'Token:';
const OUTPUT = 'Where credentials go:';

/** Texts of {@link ASSUME_ROLE_FLAGS}. */
const ASSUME_ROLE_TEXTS: FlagTexts<typeof ASSUME_ROLE_FLAGS> = {
  'role-arn': { group: ROLE, describe: 'Assume this role.', unset: 'needed unless --clear is given' },
  duration: {
    group: ROLE,
    describe: 'Let the credentials live for this many seconds, 900 to 43200; the role may allow less.',
  },
  region: {
    group: ROLE,
    describe: 'Ask STS in this Region, and set it for later steps.',
    unset: "AWS_REGION, else the profile's Region",
  },
  policy: {
    group: ROLE,
    describe: 'Narrow the session by the JSON policy in this file, at most 2048 characters.',
    unset: 'none',
  },
  'policy-arn': {
    group: ROLE,
    describe: 'Narrow the session by this managed policy; STS takes at most 10.',
    unset: 'none',
  },
  output: {
    group: OUTPUT,
    describe: 'Leave the credentials there.',
    unset: 'github-env in a GitHub job, bash-env where BASH_ENV is set; else needed',
  },
  profile: {
    group: OUTPUT,
    describe: 'Write this profile of the AWS configuration file.',
    unset: 'needed with --output profile',
  },
  force: {
    group: OUTPUT,
    describe:
      'Replace a profile that another tool wrote, and make comments of settings that would hide it. --clear brings those back.',
  },
  clear: { group: OUTPUT, describe: 'Take back what this command left, and assume no role.' },
  'session-name': {
    group: 'Session name:',
    describe: 'Take this whole name of 2 to 64 characters.',
    unset: 'one composed of the six below',
  },
  ...SESSION_NAME_PARTS_TEXTS,
  'token-file': {
    group: TOKEN,
    describe: 'Read the OIDC token from this file.',
    unset: "none, so that CI's own token is taken",
  },
  'token-env': {
    group: TOKEN,
    describe: 'Read the OIDC token from the variable of this name.',
    unset: "DEPLOY_MARKER_ID_TOKEN, else CI's own token",
  },
  audience: {
    group: TOKEN,
    describe: 'Have CircleCI or GitHub make a new token for this audience.',
    unset: 'none',
  },
  'repeat-with': {
    group: TOKEN,
    describe:
      'Take the token of this origin only, and no setting but flags. Profiles that this command writes have it.',
    unset: 'none',
  },
};

/** What help says of `assume-role`. */
export const ASSUME_ROLE_TEXT: CommandText<typeof ASSUME_ROLE_FLAGS> = {
  summary: "Assume a role for later steps, by the CI job's OIDC token.",
  examples: [
    [
      'assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod',
      'Leave credentials for later steps.',
    ],
    [
      'assume-role --role-arn arn:aws:iam::123456789012:role/deploy --env prod --output env',
      'Print them as export lines for a shell, instead.',
    ],
    ['assume-role --clear', 'Take it all back after the deploy.'],
  ],
  flags: ASSUME_ROLE_TEXTS,
};
