import type { Env } from '../../io/io.ts';

/** Which role to assume, by what name and with which token. */
export interface AssumeRoleOptions {
  /** ARN of the IAM role. */
  readonly roleArn: string;
  /** RoleSessionName: 2 to 64 characters of `[A-Za-z0-9_+=,.@-]`. */
  readonly sessionName: string;
  /** The OIDC token; it is sent to STS and goes nowhere else. */
  readonly webIdentityToken: string;
  /** 900 to 43,200 seconds and at most what the role allows; STS takes 3,600 when it is not given. */
  readonly durationSeconds?: number;
  /** Region of the STS endpoint; else `AWS_REGION`, `AWS_DEFAULT_REGION`, that of the profile, and at last us-east-1. */
  readonly region?: string;
  /** Session policy: a JSON document that narrows the role. */
  readonly policy?: string;
  /** Managed policies that narrow the role: at most 10 ARNs. */
  readonly policyArns?: readonly string[];
  /** Ends the call; an abort whose reason is a DeployMarkerError fails with that error. */
  readonly signal?: AbortSignal;
  /** Where region, proxy and certificates are read from. */
  readonly env?: Env;
  /** Where AWS's settings of endpoint and retries are read from; by default the variables of the process. */
  readonly settingsEnv?: Env;
  /** Takes notes for people. */
  readonly warn?: (note: string) => void;
}
