import type { DeployState, FindingKind } from '../../src/core/findings/report.ts';
import type { Marker, MarkerStatus } from '../../src/core/marker/marker.ts';
import type { Caller } from './actors.ts';
import { type Place, roleArn, toTime } from './place.ts';
import type { SeededRandom } from './seeded-random.ts';

/** A CI job with its session. */
export interface Pipeline {
  readonly caller: Caller;
  readonly place: Place;
  readonly role: string;
  readonly session: string;
  readonly sha: string;
}

/** A deploy to be marked, and what is right about it. */
export interface DeployOptions {
  readonly pipeline: Pipeline;
  readonly component: string;
  /** Target; by default where the pipeline's role is. */
  readonly place?: Place;
  /** By default the scene's start; null where nobody told. */
  readonly from?: number | null;
  /** By default 10 minutes after the scene's start; null while it has not ended. */
  readonly until?: number | null;
  readonly status?: MarkerStatus;
  /** Fields that the marker does not tell. */
  readonly untold?: readonly ('place' | 'session' | 'role')[];
  readonly fields?: Partial<Marker>;
  /** Default `changed`. */
  readonly state?: DeployState;
  readonly findings?: readonly FindingKind[];
}

/** A deploy that was marked. */
export interface Deploy {
  readonly id: string;
  readonly marker: Marker;
}

/** The marker of a deploy; `start` is where the scene starts. */
export function markerOf(options: DeployOptions, random: SeededRandom, start: number): Marker {
  const { pipeline, component, place = pipeline.place, from = start, until = start + 600_000 } = options;
  const { status = until === null ? 'running' : 'success', untold = [], fields = {} } = options;
  return {
    uid: random.uuid(),
    deploy_id: random.uuid(),
    env: 'prod',
    component,
    ...(untold.includes('place') ? {} : { account: place.account, region: place.region }),
    git_sha: pipeline.sha,
    status,
    kind: 'deploy',
    ...(from === null ? {} : { started_at: toTime(from) }),
    ...(until === null ? {} : { deployed_at: toTime(until) }),
    recorded_at: toTime(until === null ? (from ?? start) : until),
    actor: 'circleci',
    triggered_by: 'jane',
    repository: 'acme/app',
    ref: 'main',
    run_id: random.uuid(),
    workflow: 'deploy-prod',
    job: 'deploy',
    ...(untold.includes('session') ? {} : { role_session_name: pipeline.session }),
    ...(untold.includes('role') ? {} : { role_arn: roleArn(pipeline.place.account, pipeline.role) }),
    url: 'https://app.circleci.com/pipelines/circleci/acme/app/1',
    ...fields,
  };
}
