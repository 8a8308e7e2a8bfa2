import type { CodeEntry } from './code-entry.ts';

/** Error codes of who is calling: tokens, roles, credentials, permissions. They all end with exit code 3. */
export const IDENTITY_CODES = {
  OIDC_TOKEN_MISSING: {
    exit: 3,
    summary: 'no OIDC token was found',
    hint: 'name a file that holds the token with --token-file',
  },
  OIDC_TOKEN_UNREADABLE: {
    exit: 3,
    summary: 'the OIDC token cannot be read or is not a JWT',
    hint: 'give the bare token, as the CI system gave it',
  },
  OIDC_TOKEN_EXPIRED: {
    exit: 3,
    summary: 'the OIDC token has expired',
    hint: 'get a new token from the CI system',
  },
  OIDC_TOKEN_REJECTED: {
    exit: 3,
    summary: 'STS refused the OIDC token',
    hint: "compare the token's claims with the role's trust policy",
  },
  ASSUME_ROLE_DENIED: {
    exit: 3,
    summary: 'STS refused the role',
    hint: "compare the token's claims and the session name with the role's trust policy",
  },
  CREDENTIALS_MISSING: {
    exit: 3,
    summary: 'no AWS credentials were found',
    hint: 'run `deploy-marker assume-role` before this step',
  },
  CREDENTIALS_EXPIRED: {
    exit: 3,
    summary: 'the AWS credentials have expired',
    hint: 'run `deploy-marker assume-role` again before this step',
  },
  ACCESS_DENIED: {
    exit: 3,
    summary: 'AWS refused the call',
    hint: 'check the policies of the role',
  },
  IDENTITY_UNEXPECTED: {
    exit: 3,
    summary: 'the credentials belong to another role or session than is expected',
    hint: 'run `deploy-marker assume-role` before this step',
  },
  CLOCK_SKEWED: {
    exit: 3,
    summary: 'the clock of this machine is too wrong for signed requests',
    hint: 'set the clock, for example by NTP',
  },
} satisfies Record<string, CodeEntry>;
