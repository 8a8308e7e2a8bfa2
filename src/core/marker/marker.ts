/** States of a deploy, in CircleCI's own words. Source: https://circleci.com/docs/guides/deploy/configure-deploy-markers/ */
export const MARKER_STATUSES = ['pending', 'running', 'success', 'failed', 'canceled'] as const;
/** A deploy's state. */
export type MarkerStatus = (typeof MARKER_STATUSES)[number];

/** States after which nothing more happens; their markers carry `deployed_at`. */
export const FINAL_STATUSES: readonly MarkerStatus[] = ['success', 'failed', 'canceled'];

/** What sort of change a deploy was. */
export const MARKER_KINDS = ['deploy', 'rollback', 'hotfix', 'config'] as const;
/** What sort of change a deploy was. */
export type MarkerKind = (typeof MARKER_KINDS)[number];

/**
 * A deploy marker: what was deployed where, from which commit, by whom, and how it ended.
 * Times are UTC whole seconds, `YYYY-MM-DDTHH:MM:SSZ`.
 */
export interface Marker {
  /** Identity: the same step always gives the same uid, however often it is retried. */
  readonly uid: string;
  /** What all markers of one deploy share, whatever their status. */
  readonly deploy_id: string;
  readonly env: string;
  /** `kind:name` or a full ARN. */
  readonly component: string;
  /** AWS account of the deployed component, 12 digits. */
  readonly account?: string;
  /** AWS Region of the deployed component. */
  readonly region?: string;
  /** Commit, 7 to 64 lowercase hexadecimal characters. */
  readonly git_sha: string;
  readonly status: MarkerStatus;
  readonly kind?: MarkerKind;
  readonly started_at?: string;
  /** When the deploy ended; always there for a final status. */
  readonly deployed_at?: string;
  /** When the marker was made. */
  readonly recorded_at: string;
  /** Who deployed: the CI system or a person. */
  readonly actor: string;
  /** Who or what started the CI run. */
  readonly triggered_by?: string;
  readonly repository?: string;
  /** Branch or tag. */
  readonly ref?: string;
  /** Id of the CI workflow run. */
  readonly run_id?: string;
  readonly workflow?: string;
  readonly job?: string;
  /** STS session name the deploy ran under; CloudTrail shows it as the actor. */
  readonly role_session_name?: string;
  /** ARN of the IAM role the deploy ran under; with the session name it is the actor that CloudTrail shows. */
  readonly role_arn?: string;
  /** What was deployed, in the target's own words: a function version, an image tag. */
  readonly target_version?: string;
  readonly previous_git_sha?: string;
  readonly reason?: string;
  /**
   * CloudTrail's `eventID` of a change, in lower case: this marker is a person's later explanation of that change, and no deploy.
   * Its `reason` is there.
   */
  readonly explains?: string;
  readonly approved_by?: string;
  readonly url?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A marker as people write it: what {@link createMarker} can fill in may be left out. */
export type MarkerInput = Omit<Marker, 'uid' | 'deploy_id' | 'recorded_at'> &
  Partial<Pick<Marker, 'uid' | 'deploy_id' | 'recorded_at'>>;

/** The fields of a marker in the order in which they are written. */
export const MARKER_FIELDS = [
  'uid',
  'deploy_id',
  'env',
  'component',
  'account',
  'region',
  'git_sha',
  'status',
  'kind',
  'started_at',
  'deployed_at',
  'recorded_at',
  'actor',
  'triggered_by',
  'repository',
  'ref',
  'run_id',
  'workflow',
  'job',
  'role_session_name',
  'role_arn',
  'target_version',
  'previous_git_sha',
  'reason',
  'explains',
  'approved_by',
  'url',
  'labels',
] as const satisfies readonly (keyof Marker)[];

/** Who made a marker, for people: who started the CI run, and only then the CI system. */
export function makerOf({ actor, triggered_by }: Pick<Marker, 'actor' | 'triggered_by'>): string {
  return triggered_by === undefined ? actor : `${triggered_by} (${actor})`;
}

/** Whether nothing more happens after this status. */
export function isFinal(status: unknown): boolean {
  return FINAL_STATUSES.some(final => final === status);
}
