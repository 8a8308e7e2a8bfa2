import type { Marker } from '../../src/core/marker/marker.ts';
import { assumedRole, type Caller, cloudFormation, identityCenterPerson, through } from './actors.ts';
import {
  getFunction,
  publishVersion,
  updateFunctionCode,
  updateFunctionConfiguration,
} from './lambda-calls.ts';
import { type Place, roleArn, toTime } from './place.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';
import { createChangeSet, executeChangeSet } from './stack-calls.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './sts-calls.ts';
import { type Call, type TrailRecord, toRecord } from './trail-record.ts';

/** How much of it. */
export interface ManyRequest {
  readonly seed: number;
  /** Write calls to Lambda; what comes in addition is a tenth and four records a deploy. */
  readonly count: number;
  /** Default 1000. */
  readonly deploys?: number;
}

/** Records as a stream, in time order, with their markers and what must be said of them. */
export interface ManyRecords {
  readonly markers: readonly Marker[];
  /** Makes them as they are asked for; every time anew and the same. */
  readonly records: () => Generator<TrailRecord>;
  /** Milliseconds since the epoch, of the first record and of the end of the last deploy's window. */
  readonly from: number;
  readonly until: number;
  /** Changes by how they must stand; each deploy's two calls to CloudFormation are in `session`. */
  readonly expected: { readonly session: number; readonly stack: number; readonly unexplained: number };
}

const FIRST = Date.parse('2026-06-01T00:00:00Z');
const MINUTE = 60_000;
/** Every so often a deploy starts, each in another account than the four before, so that none is ambiguous. */
const STRIDE = 10 * MINUTE;
const LENGTH = 40 * MINUTE;
const ACCOUNTS = 8;
const APPS = 50;
const FUNCTIONS = 8;
const ROLE = 'ci-deploy';
const EXEC_ROLE = 'cfn-exec';

/** Out of 100 writes: by the session itself, through CloudFormation with its session, through a service role; the rest nobody marked. */
const DIRECT = 60;
const SESSION = 90;
const EXPLAINED = 98;

/** A great many records for measuring, about 1.5 kB each. */
export function manyRecords({ seed, count, deploys = 1000 }: ManyRequest): ManyRecords {
  const random = createSeededRandom(`${seed}/many`);
  const markers = Array.from({ length: deploys }, (_, d) => markerOf(d, random));
  const hundreds = Math.floor(count / 100);
  const rest = count % 100;
  const within = (from: number, to: number): number =>
    hundreds * (to - from) + Math.min(Math.max(rest - from, 0), to - from);
  return {
    markers,
    records: () => records(seed, count, markers),
    from: FIRST,
    until: FIRST + (deploys - 1) * STRIDE + LENGTH + 10 * MINUTE,
    expected: {
      session: within(0, SESSION) + 2 * deploys,
      stack: within(SESSION, EXPLAINED),
      unexplained: within(EXPLAINED, 100),
    },
  };
}

function placeOf(d: number): Place {
  return {
    account: String(310_000_000_000 + (d % ACCOUNTS)),
    region: d % 2 === 0 ? 'eu-west-1' : 'us-east-1',
  };
}

function markerOf(d: number, random: SeededRandom): Marker {
  const place = placeOf(d);
  const sha = random.hex(40);
  const end = FIRST + d * STRIDE + LENGTH;
  return {
    uid: random.uuid(),
    deploy_id: random.uuid(),
    env: 'prod',
    component: `lambda:app${d % APPS}-fn0`,
    ...place,
    git_sha: sha,
    status: 'success',
    kind: 'deploy',
    started_at: toTime(end - LENGTH),
    deployed_at: toTime(end),
    recorded_at: toTime(end + 1000),
    actor: 'circleci',
    triggered_by: 'jane',
    repository: `acme/app${d % APPS}`,
    ref: 'main',
    run_id: random.uuid(),
    workflow: 'deploy-prod',
    job: 'sam-deploy',
    role_session_name: `ci-prod-deploy-${d}-${sha.slice(0, 7)}`,
    role_arn: roleArn(place.account, ROLE),
    url: `https://app.circleci.com/pipelines/circleci/acme/app/${d}`,
  };
}

/** Everybody who acts while a deploy runs. */
interface Cast {
  readonly place: Place;
  readonly ci: Caller;
  readonly forwarded: Caller;
  readonly service: Caller;
  readonly foreign: Caller;
  readonly person: Caller;
}

function castOf(d: number, marker: Marker, random: SeededRandom): Cast {
  const place = placeOf(d);
  const { account } = place;
  const createdAt = FIRST + d * STRIDE;
  const session = marker.role_session_name ?? '';
  const ci = assumedRole(random, {
    account,
    role: ROLE,
    session,
    createdAt,
    hasComposedName: true,
    webIdentity: true,
  });
  const stray = {
    account,
    role: 'legacy',
    session: 'botocore-session-1780300000',
    createdAt,
    hasComposedName: false,
  };
  return {
    place,
    ci,
    forwarded: through(ci, 'cloudformation.amazonaws.com', random),
    service: cloudFormation(random, { account, role: EXEC_ROLE, createdAt }),
    foreign: assumedRole(random, stray),
    person: identityCenterPerson(random, account, createdAt),
  };
}

function* records(seed: number, count: number, markers: readonly Marker[]): Generator<TrailRecord> {
  const random = createSeededRandom(`${seed}/many/records`);
  const casts: Cast[] = [];
  const span = markers.length * STRIDE;
  function* startUntil(last: number): Generator<TrailRecord> {
    for (let d = casts.length; d <= last; d++) {
      const marker = markers[d];
      if (!marker) return;
      const cast = castOf(d, marker, random);
      casts.push(cast);
      // Of those that are over nobody is needed any more.
      delete casts[d - 5];
      yield* start(d, marker, cast, random);
    }
  }
  for (let i = 0; i < count; i++) {
    const elapsed = Math.floor((i * span) / count);
    const current = Math.floor(elapsed / STRIDE);
    yield* startUntil(current);
    const d = Math.max(current - (i % 4), 0);
    const cast = casts[d];
    if (!cast) return;
    const at = FIRST + Math.floor(elapsed / 1000) * 1000;
    yield toRecord(random, { at, place: cast.place, ...write(i, d, cast) });
    if (i % 10 === 9)
      yield toRecord(random, { at, place: cast.place, by: cast.ci, call: besides(i, d, cast.place) });
  }
  yield* startUntil(markers.length - 1);
}

function* start(d: number, marker: Marker, cast: Cast, random: SeededRandom): Generator<TrailRecord> {
  const at = FIRST + d * STRIDE;
  const { place, ci } = cast;
  const stack = `app${d % APPS}`;
  const session = marker.role_session_name ?? '';
  const key = { account: place.account, role: ROLE, session, accessKeyId: ci.accessKeyId ?? '', at };
  const artifacts = { ...key, role: 'artifacts', session: 'upload', accessKeyId: random.keyId() };
  const calls = [
    assumeRoleWithWebIdentity(key),
    assumeRole(artifacts),
    createChangeSet(place, stack, { serviceRole: EXEC_ROLE }),
    executeChangeSet(place, stack),
  ];
  for (const call of calls) yield toRecord(random, { by: ci, at, place, call });
}

function write(i: number, d: number, cast: Cast): { by: Caller; call: Call } {
  const { place } = cast;
  const kind = i % 100;
  const name = `app${d % APPS}-fn${i % FUNCTIONS}`;
  if (kind === 98) return { by: cast.foreign, call: updateFunctionCode(place, `stray-${i % 20}`) };
  if (kind === 99)
    return { by: cast.person, call: updateFunctionConfiguration(place, `console-${i % 20}`, 'arn') };
  const by = kind < DIRECT ? cast.ci : kind < SESSION ? cast.forwarded : cast.service;
  const spelling = i % 7 === 0 ? 'arn' : i % 11 === 0 ? 'partial' : 'name';
  if (i % 3 === 0) return { by, call: updateFunctionConfiguration(place, name, spelling) };
  if (i % 3 === 1) return { by, call: updateFunctionCode(place, name, { spelling }) };
  return { by, call: publishVersion(place, name, String(1 + (i % 500)), spelling) };
}

function besides(i: number, d: number, place: Place): Call {
  if (i % 20 === 9) return getFunction(place, `app${d % APPS}-fn${i % FUNCTIONS}`);
  const logGroupName = `/aws/lambda/app${d % APPS}-fn0`;
  const request = { logGroupName, retentionInDays: 30 };
  return { service: 'logs', name: 'PutRetentionPolicy', request, response: null, component: '' };
}
