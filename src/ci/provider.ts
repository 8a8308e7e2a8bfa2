import type { Env } from '../io/io.ts';

/** What a CI system tells about the running job. Absent, empty and `<nil>` values are left out. */
export interface CiFacts {
  /** Id of the system: `circleci`, `github`, `gitlab`, `buildkite`, `ci` for an unknown one. */
  readonly system: string;
  /** Id of this run of this job; the same when a step is retried, another one when the job is rerun. */
  readonly jobRunId?: string;
  /** Id of the workflow, pipeline or build that all jobs of the run share. */
  readonly workflowRunId?: string;
  /** What makes the run unique in a session name, short enough for one. */
  readonly uniqueRun?: string;
  /** Name of the workflow, where the system tells it. */
  readonly workflow?: string;
  /** Name of the job. */
  readonly job?: string;
  /** Commit, as given: not checked to be a hash. */
  readonly sha?: string;
  /** Branch or tag. */
  readonly ref?: string;
  /** `owner/name` (with GitLab's subgroups between), or a URL; never with credentials. */
  readonly repository?: string;
  /** Who or what started the run. */
  readonly triggeredBy?: string;
  /** Page of the job, an http(s) URL without credentials. */
  readonly url?: string;
}

/** One CI system: pure functions over the environment, which never throw. */
export interface CiProvider {
  /** What {@link CiFacts.system} says. */
  readonly id: string;
  /** Name for people. */
  readonly title: string;
  /** Whether the environment is one of this system's jobs. */
  detect(env: Env): boolean;
  /** Everything the environment tells; called only where `detect` holds. */
  describe(env: Env): CiFacts;
}
