import type { Marker } from '../../src/core/marker/marker.ts';
import { assumedRole, type Caller } from './actors.ts';
import { type Deploy, type DeployOptions, markerOf, type Pipeline } from './deploys.ts';
import { type Place, toTime } from './place.ts';
import type { SeededRandom } from './seeded-random.ts';
import { assumeRole, assumeRoleWithWebIdentity } from './sts-calls.ts';
import { type Call, type MadeCall, type TrailRecord, toRecord } from './trail-record.ts';
import { type DeployTruth, type Expected, findingsOf, type RecordTruth } from './truth.ts';

/** What a scenario has left behind. */
export interface Traces {
  readonly markers: Marker[];
  readonly records: TrailRecord[];
  readonly recordTruth: Map<string, RecordTruth>;
  readonly deployTruth: Map<string, DeployTruth>;
  readonly attestations: Set<string>;
}

/** Where and when a scene plays. */
export interface Setting {
  readonly scenario: string;
  readonly random: SeededRandom;
  /** Seven digits that are the same in every copy of the scenario, so that names are, too. */
  readonly tag: string;
  readonly start: number;
  readonly now: number;
  readonly home: Place;
  readonly abroad: Place;
}

type At = Omit<MadeCall, 'place'> & { readonly place?: Place };

/** The stage on which a scenario plays: it makes calls and markers and says what is right about each. */
export type Scene = ReturnType<typeof createScene>;

/** Sets the stage. Everything that happens on it goes to `traces`. */
export function createScene(setting: Setting, traces: Traces) {
  const { scenario, random, tag, start, home } = setting;

  const record = ({ by, at, call, place = home }: At, truth: RecordTruth): string => {
    const made = toRecord(random, { by, at, call, place });
    traces.records.push(made);
    traces.recordTruth.set(made.eventID, truth);
    return made.eventID;
  };

  const skip = (made: At, why: string): void => {
    record(made, { notAChange: true, scenario, why });
  };

  /** A change; returns its eventID. */
  const change = (made: At, expected: Expected): string =>
    record(made, {
      notAChange: false,
      scenario,
      standing: expected.standing,
      ...(expected.rule ? { rule: expected.rule } : {}),
      deploys: expected.deploys,
      anyDeploy: expected.anyDeploy ?? false,
      findings: findingsOf(expected, made.by),
      component: made.call.component,
      action: made.call.name.replace(/\d{8}(v\d+)?$/, ''),
      actor: made.by.kind,
    });

  /** Several calls of one caller, `step` seconds apart. */
  const changes = (
    by: Caller,
    at: number,
    calls: readonly Call[],
    expected: Expected,
    place = home,
  ): void => {
    for (const [i, call] of calls.entries()) change({ by, at: at + i * 3000, call, place }, expected);
  };

  /** A role taken by a caller, and the session that came of it. */
  const assume = (
    by: Caller,
    {
      role,
      session,
      at,
      account = home.account,
      region = home.region,
      isRecorded = true,
      hasComposedName = false,
    }: Hop,
  ): Caller => {
    const accessKeyId = random.keyId();
    const key = { account, role, session, accessKeyId, at };
    const place = {
      account: by.identity['accountId'] === undefined ? account : String(by.identity['accountId']),
      region,
    };
    if (isRecorded) skip({ by, at, call: assumeRole(key), place }, 'a role that is taken changes nothing');
    return assumedRole(random, { account, role, session, accessKeyId, createdAt: at, hasComposedName });
  };

  /** A CI job that takes its role with a token; by default half a minute before the scene starts. */
  const pipeline = (options: PipelineOptions = {}): Pipeline => {
    const { place = home, role = `deploy-${tag}`, at = start - 30_000 } = options;
    const sha = options.sha ?? tag;
    const session = options.session ?? `ci-prod-${scenario.slice(0, 40)}-${sha}`;
    const accessKeyId = random.keyId();
    const { hasComposedName = true, path = '/' } = options;
    const parts = {
      account: place.account,
      role,
      session,
      path,
      hasComposedName,
      accessKeyId,
      createdAt: at,
    };
    const caller = assumedRole(random, { ...parts, webIdentity: true });
    const call = assumeRoleWithWebIdentity({ account: place.account, role, session, accessKeyId, at });
    skip({ by: caller, at, place, call }, 'a role that is taken changes nothing');
    return { caller, place, role: `${path.slice(1)}${role}`, session, sha };
  };

  const deploy = (options: DeployOptions): Deploy => {
    const marker = markerOf(options, random, start);
    traces.markers.push(marker);
    const { state = 'changed', findings = [] } = options;
    traces.deployTruth.set(marker.deploy_id, { scenario, state, findings });
    return { id: marker.deploy_id, marker };
  };

  return {
    ...setting,
    /** A name that no other scenario has. */
    name: (base: string): string => `${base}-${tag}`,
    /** That many minutes and seconds after the start. */
    at: (minutes: number, seconds = 0): number => start + minutes * 60_000 + seconds * 1000,
    pipeline,
    assume,
    change,
    changes,
    skip,
    deploy,
    /** One more marker as it is. */
    mark: (marker: Marker): void => void traces.markers.push(marker),
    /** The same record from a second source. */
    repeat(eventId: string): void {
      const found = traces.records.find(({ eventID }) => eventID === eventId);
      if (found) traces.records.push(structuredClone(found));
    },
    /** A person's later explanation of a change. */
    attest(eventId: string, component: string): void {
      const deploy_id = random.uuid();
      traces.attestations.add(deploy_id);
      const time = toTime(setting.now - 3_600_000);
      traces.markers.push({
        uid: random.uuid(),
        deploy_id,
        env: 'prod',
        component,
        ...home,
        git_sha: tag,
        status: 'success',
        kind: 'hotfix',
        deployed_at: time,
        recorded_at: time,
        actor: 'jane',
        reason: 'OPS-123 the queue was stuck',
        explains: eventId,
      });
    },
  };
}

interface Hop {
  readonly role: string;
  readonly session: string;
  readonly at: number;
  readonly account?: string;
  /** Where STS was called: us-east-1 with the global endpoint. */
  readonly region?: string;
  /** False where the record is missing. */
  readonly isRecorded?: boolean;
  readonly hasComposedName?: boolean;
}

interface PipelineOptions {
  readonly place?: Place;
  readonly role?: string;
  readonly path?: string;
  readonly session?: string;
  readonly hasComposedName?: boolean;
  readonly sha?: string;
  readonly at?: number;
}
