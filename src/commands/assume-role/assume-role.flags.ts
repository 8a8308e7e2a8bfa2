import type { OptionTable } from '../../config/option.ts';
import { SESSION_NAME_PARTS } from '../session-name.flags.ts';

/** Where credentials can go. */
export const CREDENTIAL_OUTPUTS = [
  'bash-env',
  'github-env',
  'env',
  'json',
  'credential-process',
  'profile',
] as const;
/** Where credentials go. */
export type CredentialOutput = (typeof CREDENTIAL_OUTPUTS)[number];

const ROLE = 'Role:';
const TOKEN = 'Token:';
const OUTPUT = 'Where credentials go:';

/** Flags of `assume-role`. */
export const ASSUME_ROLE_FLAGS = {
  'role-arn': {
    type: 'string',
    value: 'ARN',
    group: ROLE,
    describe: 'Assume this role.',
    unset: 'needed unless --clear is given',
  },
  duration: {
    type: 'string',
    value: 'SECONDS',
    default: '3600',
    group: ROLE,
    describe: 'Let the credentials live for this many seconds, 900 to 43200; the role may allow less.',
  },
  region: {
    type: 'string',
    value: 'REGION',
    group: ROLE,
    describe: 'Ask STS in this Region, and set it for later steps.',
    unset: "AWS_REGION, else the profile's Region",
  },
  policy: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
    group: ROLE,
    describe: 'Narrow the session by the JSON policy in this file, at most 2048 characters.',
    unset: 'none',
  },
  'policy-arn': {
    type: 'list',
    isNames: true,
    // Names of policies may have commas.
    separator: /,(?=\s*arn:)/,
    value: 'ARN',
    refusesEmpty: true,
    group: ROLE,
    describe: 'Narrow the session by this managed policy; STS takes at most 10.',
    unset: 'none',
  },
  output: {
    type: 'string',
    value: 'WHERE',
    group: OUTPUT,
    choices: CREDENTIAL_OUTPUTS,
    configurable: false,
    describe: 'Leave the credentials there.',
    unset: 'github-env in a GitHub job, bash-env where BASH_ENV is set; else needed',
  },
  profile: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: OUTPUT,
    configurable: false,
    describe: 'Write this profile of the AWS configuration file.',
    unset: 'needed with --output profile',
  },
  force: {
    type: 'boolean',
    group: OUTPUT,
    configurable: false,
    describe:
      'Replace a profile that another tool wrote, and make comments of settings that would hide it. --clear brings those back.',
  },
  clear: {
    type: 'boolean',
    group: OUTPUT,
    configurable: false,
    describe: 'Take back what this command left, and assume no role.',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: 'Session name:',
    describe: 'Take this whole name of 2 to 64 characters.',
    unset: 'one composed of the six below',
  },
  ...SESSION_NAME_PARTS,
  'token-file': {
    type: 'string',
    value: 'FILE',
    refusesEmpty: true,
    group: TOKEN,
    describe: 'Read the OIDC token from this file.',
    unset: "none, so that CI's own token is taken",
  },
  'token-env': {
    type: 'string',
    refusesEmpty: true,
    secret: 'unless a name',
    value: 'NAME',
    group: TOKEN,
    describe: 'Read the OIDC token from the variable of this name.',
    unset: "DEPLOY_MARKER_ID_TOKEN, else CI's own token",
  },
  audience: {
    type: 'string',
    refusesEmpty: true,
    value: 'TEXT',
    group: TOKEN,
    describe: 'Have CircleCI or GitHub make a new token for this audience.',
    unset: 'none',
  },
  'repeat-with': {
    type: 'string',
    value: 'ORIGIN',
    group: TOKEN,
    choices: ['given', 'job', 'pod'],
    configurable: false,
    describe:
      'Take the token of this origin only, and no setting but flags. Profiles that this command writes have it.',
    unset: 'none',
  },
} as const satisfies OptionTable;
