import type { CodeEntry } from './code-entry.ts';

/** Error codes of who is calling: tokens, roles, credentials, permissions. They all end with exit code 3. */
export function makeIdentityCodes() {
  return {
    OIDC_TOKEN_MISSING: { exit: 3, hint: 'name a file that holds the token with --token-file' },
    OIDC_TOKEN_UNREADABLE: { exit: 3, hint: 'give the bare token, as the CI system gave it' },
    OIDC_TOKEN_EXPIRED: { exit: 3, hint: 'get a new token from the CI system' },
    OIDC_TOKEN_REJECTED: { exit: 3, hint: "compare the token's claims with the role's trust policy" },
    ASSUME_ROLE_DENIED: {
      exit: 3,
      hint: "compare the token's claims and the session name with the role's trust policy",
    },
    CREDENTIALS_MISSING: { exit: 3, hint: 'run `deploy-marker assume-role` before this step' },
    CREDENTIALS_EXPIRED: { exit: 3, hint: 'run `deploy-marker assume-role` again before this step' },
    ACCESS_DENIED: { exit: 3, hint: 'check the policies of the role' },
    IDENTITY_UNEXPECTED: { exit: 3, hint: 'run `deploy-marker assume-role` before this step' },
    CLOCK_SKEWED: { exit: 3, hint: 'set the clock, for example by NTP' },
  } satisfies Record<string, CodeEntry>;
}
