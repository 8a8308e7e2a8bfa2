import { append } from '../base/append.ts';
import { roleNameOf } from '../base/arn.ts';
import { placeOfComponent } from '../component/component.ts';
import { componentKey } from '../component/key.ts';
import { foldMarkers } from '../marker/fold.ts';
import { isFinal, type Marker } from '../marker/marker.ts';
import { recordedAtOf, type StoredMarker } from '../marker/stored.ts';
import type { TimeRange } from '../time/range.ts';
import { type Stretch, TimeSet } from '../time/set.ts';
import { type DeploySpan, type DeployWindow, momentOf, spansOf } from './span.ts';

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

/** All markers of one deploy, as one. */
export interface Deploy {
  readonly id: string;
  /** The marker that tells how it stands: a final one, the one of a component that failed before others, else the latest. */
  readonly marker: Marker;
  /** All of them, in the order of what they tell of. */
  readonly markers: readonly StoredMarker[];
  readonly uids: readonly string[];
  /** Components as the markers spell them. */
  readonly components: readonly string[];
  readonly targets: readonly Target[];
  /** Several where several jobs share a deploy id. */
  readonly identities: readonly DeployIdentity[];
  /** Several where a deploy was tried again. */
  readonly spans: readonly DeploySpan[];
  /** In which changes count as the deploy's own: all its spans, and those that markers told in time. */
  readonly open: TimeSet;
  readonly openInTime: TimeSet;
  /** In which it was under way, by what its markers tell. */
  readonly underWay: TimeSet;
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

/** Whether the range has a moment between the deploy's first opening and its last closing. */
export function isOpenWithin(
  { opens, closes }: Pick<Deploy, 'opens' | 'closes'>,
  { from, until }: TimeRange,
): boolean {
  return closes >= from && opens < until;
}

/** A person's later explanation of one change. */
export type Attestation = StoredMarker & { readonly explains: string };

/** Two copies of one marker that say different things. */
export interface MarkerConflict {
  readonly uid: string;
  readonly copies: readonly [StoredMarker, StoredMarker];
}

/** What markers say, deploys and explanations apart. */
export interface MarkerEvidence {
  readonly deploys: readonly Deploy[];
  /** By the id of the change that is explained. */
  readonly attestations: ReadonlyMap<string, readonly Attestation[]>;
  /** One for each uid that stands for more than one content. */
  readonly conflicts: readonly MarkerConflict[];
}

/**
 * Folds markers by uid and groups them into deploys by deploy id, in the order of their starts.
 *
 * @param now milliseconds since the epoch; the window of a deploy that runs ends here
 */
export function readMarkers(
  markers: Iterable<StoredMarker>,
  window: DeployWindow,
  now: number,
): MarkerEvidence {
  const groups = new Map<string, StoredMarker[]>();
  const attestations = new Map<string, Attestation[]>();
  const conflicts = new Map<string, MarkerConflict>();
  const folded = foldMarkers(markers, (one, other) => {
    if (!conflicts.has(one.uid)) conflicts.set(one.uid, { uid: one.uid, copies: [one, other] });
  });
  for (const marker of folded) {
    if (isAttestation(marker)) append(attestations, marker.explains, marker);
    else append(groups, marker.deploy_id, marker);
  }
  const deploys = [...groups].map(([id, group]) => toDeploy(id, group, window, now));
  return { deploys: deploys.sort(byStart), attestations, conflicts: [...conflicts.values()] };
}

function isAttestation(marker: StoredMarker): marker is Attestation {
  return marker.explains !== undefined;
}

/** Orders deploys by their starts. */
export function byStart(a: Deploy, b: Deploy): number {
  return a.opens - b.opens || (a.id < b.id ? -1 : 1);
}

function toDeploy(id: string, markers: readonly StoredMarker[], window: DeployWindow, now: number): Deploy {
  const ordered = inOrder(markers);
  const spans = spansOf(ordered, window, now);
  const own = ({ opens, closes }: DeploySpan): Stretch => [opens, closes];
  return {
    id,
    marker: tellingMarker(ordered) ?? fail(id),
    markers: ordered,
    uids: ordered.map(({ uid }) => uid),
    components: [...new Set(ordered.map(({ component }) => component))],
    targets: targetsOf(ordered),
    identities: identitiesOf(ordered),
    spans,
    open: new TimeSet(spans.map(own)),
    openInTime: new TimeSet(spans.filter(span => !span.isLate).map(own)),
    underWay: new TimeSet(
      spans.map(({ opens, closes, startedAt, endedAt }) => [startedAt ?? opens, endedAt ?? closes]),
    ),
    recordedAt: largest(ordered.map(recordedAtOf)) ?? fail(id),
    opens: smallest(spans.map(({ opens }) => opens)) ?? fail(id),
    closes: largest(spans.map(({ closes }) => closes)) ?? fail(id),
    startedAt: smallest(spans.map(({ startedAt }) => startedAt)),
    endedAt: largest(spans.map(({ endedAt }) => endedAt)),
  };
}

function inOrder(markers: readonly StoredMarker[]): StoredMarker[] {
  const timed = markers.map(marker => ({ marker, at: momentOf(marker) }));
  timed.sort((a, b) => a.at - b.at || compare(a.marker.recorded_at, b.marker.recorded_at));
  return timed.map(({ marker }) => marker);
}

/** The last final marker of each component counts, and one that failed before the others; without a final one the latest. */
function tellingMarker(markers: readonly Marker[]): Marker | undefined {
  const finals = new Map<string, Marker>();
  for (const marker of markers) if (isFinal(marker.status)) finals.set(marker.component, marker);
  const last = [...finals.values()].sort((a, b) => compare(a.recorded_at, b.recorded_at));
  return last.findLast(({ status }) => status !== 'success') ?? last.at(-1) ?? markers.at(-1);
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

/** What a marker says was deployed: account and Region of an ARN count before those beside it. */
export function targetOf({ component, account, region }: Marker): Target {
  const place = { account, region, ...placeOfComponent(component) };
  return { component: componentKey(component), account: place.account, region: place.region };
}

function targetsOf(markers: readonly Marker[]): Target[] {
  const targets = new Map<string, Target>();
  for (const marker of markers) {
    const target = targetOf(marker);
    targets.set(`${target.component} ${target.account} ${target.region}`, target);
  }
  return [...targets.values()];
}

/** Not Math.min: a deploy may have more markers than a call takes arguments. */
function smallest(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((a, b) => (a === undefined || (b !== undefined && b < a) ? b : a), undefined);
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((a, b) => (a === undefined || (b !== undefined && b > a) ? b : a), undefined);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function fail(id: string): never {
  throw new Error(`the deploy ${id} has no marker`);
}
