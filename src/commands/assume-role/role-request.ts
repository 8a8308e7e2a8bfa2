/** What STS is asked for, checked; with the token's source it is also what a profile's `credential_process` repeats. */
export interface RoleRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly region: string | undefined;
  readonly policy: string | undefined;
  readonly policyArns: readonly string[];
  /** Flags that a process must be given to ask for the same again. */
  readonly repeat: readonly string[];
}
