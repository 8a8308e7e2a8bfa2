import type { CredentialOutput } from './assume-role.flags.ts';

/** Where this call's credentials go. */
export interface CredentialTarget {
  readonly output: CredentialOutput;
  /** Name of the place for people. */
  readonly title: string;
  /** The file, for outputs that write one. */
  readonly path: string;
  readonly profile: string;
  readonly force: boolean;
  /** The credentials themselves are printed, so that nothing else may be. */
  readonly takesStdout: boolean;
}
