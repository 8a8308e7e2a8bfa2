import { append } from './append.ts';
import { roleNameOf } from './arn.ts';
import { placeOfComponent } from './component.ts';
import { componentKey } from './component-key.ts';
import { foldMarkers } from './fold.ts';
import { isFinal, type Marker } from './marker.ts';

/** Spans of time around a deploy, milliseconds. */
export interface DeployWindow {
  /** Changes this long before its start still count as its own. */
  readonly before: number;
  /** And this long after its end. */
  readonly after: number;
  /** How long before its end a deploy began where nothing says when. */
  readonly assumed: number;
  /** A deploy that has not ended after this time never will. */
  readonly unfinishedAfter: number;
}

/** Two minutes for clocks that differ; ten after the end, since the last calls of a deploy come after its marker. */
export const DEFAULT_WINDOW: DeployWindow = {
  before: 2 * 60_000,
  after: 10 * 60_000,
  assumed: 60 * 60_000,
  unfinishedAfter: 6 * 3_600_000,
};

/** A component that a deploy says it changed. Account and Region are undefined where the marker does not tell. */
export interface Target {
  /** In the spelling that changes have: `lambda:NAME`, `stack:NAME`. */
  readonly component: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Under which session a deploy ran. What the markers do not tell is undefined. */
export interface DeployIdentity {
  readonly session: string | undefined;
  /** Name of the deploy role, without its path. */
  readonly role: string | undefined;
  /** Account of the role. */
  readonly account: string | undefined;
}

/** A stretch of time in which a deploy was under way. Milliseconds since the epoch. */
export interface DeploySpan {
  /** Changes from here… */
  readonly opens: number;
  /** …to here count as the deploy's own, both ends included. */
  readonly closes: number;
  /** What markers tell of it; undefined where they do not. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
}

/** All markers of one deploy, as one. */
export interface Deploy {
  readonly id: string;
  /** The marker that tells how it stands: a final one, the one of a component that failed before others, else the latest. */
  readonly marker: Marker;
  readonly uids: readonly string[];
  /** Components as the markers spell them. */
  readonly components: readonly string[];
  readonly targets: readonly Target[];
  /** Several where several jobs share a deploy id. */
  readonly identities: readonly DeployIdentity[];
  /** Several where a deploy was tried again. */
  readonly spans: readonly DeploySpan[];
  /** When its last marker was made. Milliseconds since the epoch. */
  readonly recordedAt: number;
  /** The first opening and the last closing of its spans. */
  readonly opens: number;
  readonly closes: number;
  /** Undefined where no marker tells. */
  readonly startedAt: number | undefined;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
}

/** A person's later explanation of one change. */
export type Attestation = Marker & { readonly explains: string };

/** What markers say, deploys and explanations apart. */
export interface MarkerEvidence {
  readonly deploys: readonly Deploy[];
  /** By the id of the change that is explained. */
  readonly attestations: ReadonlyMap<string, Attestation>;
}

/**
 * Folds markers by uid and groups them into deploys by deploy id, in the order of their starts.
 *
 * @param now milliseconds since the epoch; the window of a deploy that runs ends here
 */
export function readMarkers(markers: Iterable<Marker>, window: DeployWindow, now: number): MarkerEvidence {
  const groups = new Map<string, Marker[]>();
  const attestations = new Map<string, Attestation>();
  for (const marker of foldMarkers(markers)) {
    if (isAttestation(marker)) {
      attestations.set(marker.explains, marker);
      continue;
    }
    append(groups, marker.deploy_id, marker);
  }
  const deploys = [...groups].map(([id, group]) => toDeploy(id, group, window, now));
  return { deploys: deploys.sort(byStart), attestations };
}

function isAttestation(marker: Marker): marker is Attestation {
  return marker.explains !== undefined;
}

function byStart(a: Deploy, b: Deploy): number {
  return a.opens - b.opens || (a.id < b.id ? -1 : 1);
}

function toDeploy(id: string, markers: readonly Marker[], window: DeployWindow, now: number): Deploy {
  const ordered = markers.toSorted(
    (a, b) => momentOf(a) - momentOf(b) || compare(a.recorded_at, b.recorded_at),
  );
  const spans = spansOf(ordered, window, now);
  const starts = spans.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = spans.flatMap(({ endedAt }) => endedAt ?? []);
  return {
    id,
    marker: tellingMarker(ordered) ?? fail(id),
    uids: ordered.map(({ uid }) => uid),
    components: [...new Set(ordered.map(({ component }) => component))],
    targets: targetsOf(ordered),
    identities: identitiesOf(ordered),
    spans,
    recordedAt: Math.max(...ordered.map(({ recorded_at }) => Date.parse(recorded_at))),
    opens: Math.min(...spans.map(({ opens }) => opens)),
    closes: Math.max(...spans.map(({ closes }) => closes)),
    startedAt: starts.length === 0 ? undefined : Math.min(...starts),
    endedAt: ends.length === 0 ? undefined : Math.max(...ends),
  };
}

/** What a marker tells of: the end of a deploy, or its start. */
function momentOf({ status, started_at, deployed_at, recorded_at }: Marker): number {
  return Date.parse((isFinal(status) ? deployed_at : started_at) ?? recorded_at);
}

/** The last final marker of each component counts, and one that failed before the others; without a final one the latest. */
function tellingMarker(markers: readonly Marker[]): Marker | undefined {
  const finals = new Map<string, Marker>();
  for (const marker of markers) if (isFinal(marker.status)) finals.set(marker.component, marker);
  const last = [...finals.values()].sort((a, b) => compare(a.recorded_at, b.recorded_at));
  return last.findLast(({ status }) => status !== 'success') ?? last.at(-1) ?? markers.at(-1);
}

/**
 * One span for each final marker, from its start or that of the marker `running` of its component, and one for each component
 * that still runs.
 */
function spansOf(markers: readonly Marker[], window: DeployWindow, now: number): DeploySpan[] {
  const spans: DeploySpan[] = [];
  const running = new Map<string, readonly number[]>();
  let first: readonly number[] | undefined;
  for (const marker of markers) {
    const { status, component, started_at } = marker;
    const told = started_at === undefined ? [] : [Date.parse(started_at)];
    if (isFinal(status)) {
      const starts = [...told, ...(running.get(component) ?? first ?? [])];
      spans.push(spanOf(marker, starts.length === 0 ? undefined : Math.min(...starts), window));
      running.delete(component);
    } else if (status === 'running' || told.length > 0) {
      // What is pending has not started.
      const starts = [momentOf(marker)];
      running.set(component, [...starts, ...(running.get(component) ?? [])]);
      first ??= starts;
    }
  }
  for (const starts of running.values()) spans.push(openSpan(Math.min(...starts), window, now));
  return spans.length > 0 ? spans : [{ ...openSpan(now, window, now), startedAt: undefined }];
}

function openSpan(startedAt: number, window: DeployWindow, now: number): DeploySpan {
  const closes = Math.min(now, startedAt + window.unfinishedAfter);
  return { opens: startedAt - window.before, closes, startedAt, endedAt: undefined };
}

/** A deploy ends no later than its marker was made, and takes no longer than one that will not end any more. */
function spanOf(marker: Marker, startedAt: number | undefined, window: DeployWindow): DeploySpan {
  const recorded = Date.parse(marker.recorded_at);
  const endedAt = Math.min(Date.parse(marker.deployed_at ?? marker.recorded_at), recorded);
  const start = startedAt === undefined ? endedAt - window.assumed : startedAt - window.before;
  const opens = Math.max(start, endedAt - window.unfinishedAfter - window.before);
  return { opens, closes: endedAt + window.after, startedAt, endedAt };
}

function identitiesOf(markers: readonly Marker[]): DeployIdentity[] {
  const identities = new Map<string, DeployIdentity>();
  for (const { role_session_name: session, role_arn } of markers) {
    if (session === undefined && role_arn === undefined) continue;
    const role = role_arn && roleNameOf(role_arn);
    identities.set(JSON.stringify([session, role_arn]), { session, role, account: role_arn?.split(':')[4] });
  }
  return [...identities.values()];
}

function targetsOf(markers: readonly Marker[]): Target[] {
  const targets = new Map<string, Target>();
  for (const { component, account, region } of markers) {
    const place = { account, region, ...placeOfComponent(component) };
    const target = { component: componentKey(component), account: place.account, region: place.region };
    targets.set(`${target.component} ${target.account} ${target.region}`, target);
  }
  return [...targets.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fail(id: string): never {
  throw new Error(`the deploy ${id} has no marker`);
}
