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

const NAME = 'Session name:';
const TOKEN = 'Token:';
const OUTPUT = 'Output:';

/** Flags of `assume-role`. */
export const ASSUME_ROLE_FLAGS = {
  'role-arn': { type: 'string', value: 'ARN', describe: 'role to assume' },
  duration: {
    type: 'string',
    value: 'SECONDS',
    default: '3600',
    describe: 'life of the credentials, 900 to 43200',
  },
  region: { type: 'string', value: 'REGION', describe: 'Region of STS and of later steps' },
  policy: { type: 'string', refusesEmpty: true, value: 'FILE', describe: 'session policy, JSON' },
  'policy-arn': {
    type: 'list',
    isNames: true,
    // Names of policies may have commas.
    separator: /,(?=\s*arn:)/,
    value: 'ARN',
    refusesEmpty: true,
    describe: 'managed session policy; repeatable',
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: NAME,
    describe: 'a whole name; else one is composed from:',
  },
  env: { ...SESSION_NAME_PARTS.env, group: NAME },
  'git-sha': { ...SESSION_NAME_PARTS['git-sha'], group: NAME },
  workflow: { ...SESSION_NAME_PARTS.workflow, group: NAME },
  job: { ...SESSION_NAME_PARTS.job, group: NAME },
  prefix: { ...SESSION_NAME_PARTS.prefix, group: NAME },
  strict: { ...SESSION_NAME_PARTS.strict, group: NAME },
  'token-file': {
    type: 'string',
    value: 'FILE',
    refusesEmpty: true,
    group: TOKEN,
    describe: 'file that holds the OIDC token',
  },
  'token-env': {
    type: 'string',
    refusesEmpty: true,
    secret: 'unless a name',
    value: 'NAME',
    group: TOKEN,
    describe: 'variable that holds the OIDC token',
  },
  audience: {
    type: 'string',
    refusesEmpty: true,
    value: 'TEXT',
    group: TOKEN,
    describe: 'have CI mint a token for this audience',
  },
  'repeat-with': {
    type: 'string',
    value: 'ORIGIN',
    group: TOKEN,
    choices: ['given', 'job', 'pod'],
    configurable: false,
    describe: 'token of this origin alone, flags alone: for profiles',
  },
  output: {
    type: 'string',
    value: 'WHERE',
    group: OUTPUT,
    choices: CREDENTIAL_OUTPUTS,
    configurable: false,
    describe: 'where credentials go',
  },
  profile: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    group: OUTPUT,
    configurable: false,
    describe: 'profile to write, with --output profile',
  },
  force: {
    type: 'boolean',
    group: OUTPUT,
    configurable: false,
    describe: 'replace a profile of other origin',
  },
  clear: {
    type: 'boolean',
    group: OUTPUT,
    configurable: false,
    describe: 'take back what this command left',
  },
} as const satisfies OptionTable;
