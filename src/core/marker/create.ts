import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeProblems } from '../base/problem.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { Marker, MarkerInput } from './marker.ts';
import { parseMarkerInput } from './schema.ts';
import { namespaceOf, UID_NAMESPACE, uuidV5 } from './uuid.ts';

const NAMESPACE = namespaceOf(UID_NAMESPACE);

/** What a marker's identity is made from, besides its own fields. */
export interface MarkerRun {
  /** CI system, for example `circleci`. Absent outside CI. */
  readonly system?: string | undefined;
  /** Id of this run of this job, for example CircleCI's `CIRCLE_WORKFLOW_JOB_ID`. */
  readonly jobRunId?: string | undefined;
  /** Id of the workflow run that all jobs share. */
  readonly workflowRunId?: string | undefined;
}

/** How {@link createMarker} makes a marker's identity and times. */
export interface CreateMarkerOptions {
  /** The present, for `recorded_at`; default the system clock. */
  readonly now?: Date;
  /** The CI run; without one, `deployed_at` takes its place in the identity. */
  readonly run?: MarkerRun;
  /** Takes the job run's place in the UID, for steps that know better what makes them the same. */
  readonly idempotencyKey?: string | undefined;
}

/**
 * Makes a marker: checks the input, writes times as UTC, and gives it its identity.
 *
 * The same input in the same CI job run gives the same `uid`, so that a repeated step is recognised. A `uid`,
 * `deploy_id` or `recorded_at` that the input brings is kept.
 *
 * @throws DeployMarkerError MARKER_INVALID naming every problem with its path.
 * @example
 * createMarker(
 *   { env: 'prod', component: 'lambda:resize-image', git_sha: 'a1b2c3d', status: 'success', actor: 'circleci',
 *     deployed_at: '2025-12-14T17:12:34+09:00' },
 *   { run: { system: 'circleci', jobRunId: '7c0f…', workflowRunId: '9b1d…' } },
 * );
 */
export function createMarker(input: MarkerInput, options: CreateMarkerOptions = {}): Marker {
  const { value, problems } = parseMarkerInput(input);
  if (value === undefined) {
    throw new DeployMarkerError('MARKER_INVALID', `marker does not hold: ${describeProblems(problems)}`, {
      hint: 'correct the named fields and run the same command again',
    });
  }
  const { now = new Date(), run, idempotencyKey } = options;
  return completeMarker(value, { recordedAt: formatUtcTime(now.getTime()), run, idempotencyKey });
}

/** What {@link completeMarker} fills in. */
export interface Completion {
  /** UTC whole seconds. */
  readonly recordedAt: string;
  readonly run?: MarkerRun | undefined;
  readonly idempotencyKey?: string | undefined;
}

/** Gives a checked marker the fields that we fill in ourselves. */
export function completeMarker(input: MarkerInput, options: Completion): Marker {
  const recorded_at = input.recorded_at ?? options.recordedAt;
  const { system, jobRunId, workflowRunId } = options.run ?? {};
  const { env, component, account, region, git_sha, status, target_version, explains } = input;
  const ended = input.deployed_at ?? recorded_at;
  // Outside CI all markers of one deploy share its start; its end is the next best thing that a repeat knows.
  const began = input.started_at ?? ended;
  const place = [account, region, env, component, git_sha];
  // At the end and only where it is given, so that a deploy's identity is what it always was, and never an explanation's.
  const explained = explains === undefined ? [] : [explains];
  // The parser has kept a place for these three, so that fields stay in the order in which they are written.
  return {
    ...input,
    uid:
      input.uid ??
      toUuid([
        system,
        options.idempotencyKey ?? jobRunId ?? ended,
        ...place,
        status,
        target_version,
        ...explained,
      ]),
    deploy_id: input.deploy_id ?? toUuid([system, workflowRunId ?? began, ...place, ...explained]),
    recorded_at,
  };
}

function toUuid(parts: readonly (string | undefined)[]): string {
  // In a list, JSON writes null for what is undefined.
  return uuidV5(NAMESPACE, JSON.stringify(parts));
}
