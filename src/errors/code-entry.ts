/** What an error code means: its exit code, whether the same call may succeed later, and the step that always helps. */
export interface CodeEntry {
  readonly exit: number;
  /** Default false. */
  readonly retryable?: boolean;
  /** Hint of errors that know no better one. */
  readonly hint: string;
}
