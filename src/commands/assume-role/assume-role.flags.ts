import type { OptionTable } from '../../config/option.ts';
import { SESSION_NAME_PARTS } from '../session-name.flags.ts';

/** Where credentials can go. */
const CREDENTIAL_OUTPUTS = [
  'bash-env',
  'github-env',
  'env',
  'json',
  'credential-process',
  'profile',
] as const;
/** Where credentials go. */
export type CredentialOutput = (typeof CREDENTIAL_OUTPUTS)[number];

/** Flags of `assume-role`. */
export const ASSUME_ROLE_FLAGS = {
  'role-arn': {
    type: 'string',
    value: 'ARN',
  },
  duration: {
    type: 'string',
    value: 'SECONDS',
    default: '3600',
  },
  region: {
    type: 'string',
    value: 'REGION',
  },
  policy: {
    type: 'string',
    refusesEmpty: true,
    value: 'FILE',
  },
  'policy-arn': {
    type: 'list',
    isNames: true,
    // Names of policies may have commas.
    separator: /,(?=\s*arn:)/,
    value: 'ARN',
    refusesEmpty: true,
  },
  output: {
    type: 'string',
    value: 'WHERE',
    choices: CREDENTIAL_OUTPUTS,
    configurable: false,
  },
  profile: {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
    configurable: false,
  },
  force: {
    type: 'boolean',
    configurable: false,
  },
  clear: {
    type: 'boolean',
    configurable: false,
  },
  'session-name': {
    type: 'string',
    refusesEmpty: true,
    value: 'NAME',
  },
  ...SESSION_NAME_PARTS,
  'token-file': {
    type: 'string',
    value: 'FILE',
    refusesEmpty: true,
  },
  'token-env': {
    type: 'string',
    refusesEmpty: true,
    secret: 'unless a name',
    value: 'NAME',
  },
  audience: {
    type: 'string',
    refusesEmpty: true,
    value: 'TEXT',
  },
  'repeat-with': {
    type: 'string',
    value: 'ORIGIN',
    choices: ['given', 'job', 'pod'],
    configurable: false,
  },
} as const satisfies OptionTable;
