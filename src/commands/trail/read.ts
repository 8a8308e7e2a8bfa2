import { matchesAny, type NameTest } from '../../core/base/pattern.ts';
import { quote } from '../../core/base/quote.ts';
import type { RoleChain } from '../../core/change/change.ts';
import { createChosenReader } from '../../core/change/chosen-reader.ts';
import { ChangeStore } from '../../core/change/store.ts';
import { UnreadRecords } from '../../core/change/unread.ts';
import type { SourceIntegrity } from '../../core/findings/integrity.ts';
import type { ReportSource } from '../../core/findings/report.ts';
import type { StoredMarker } from '../../core/marker/stored.ts';
import { IdleCalls } from '../../core/no-change/idle-calls.ts';
import type { ServiceChoice } from '../../core/services/choice.ts';
import type { LeftOut, ReportGap } from '../../core/source/gap.ts';
import type { LogIntegrity } from '../../core/source/integrity.ts';
import { joinChoices, type PlaceChoice } from '../../core/source/place-choice.ts';
import type { HistoryPlace } from '../../core/source/place-sighting.ts';
import { Sighting } from '../../core/source/sighting.ts';
import type { Gaps, ReadOptions } from '../../core/source/source.ts';
import { isWithin, type TimeRange } from '../../core/time/range.ts';
import { type DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { withTitle } from '../failures.ts';
import { openReadingProgress } from './progress.ts';
import type { KeptRequests } from './requests.ts';
import { type OpenedChanges, openChangeSources, openMarkerSources, type TrailFlags } from './sources.ts';

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html (maximum session duration) */
const LONGEST_SESSION = 12 * 3_600_000;

/** What is read, beside what flags say. */
export interface TrailQuestion {
  /** What the answer is about; more is read to judge it. */
  readonly asked: TimeRange;
  readonly changes: TimeRange;
  readonly markers: TimeRange;
  readonly services: ServiceChoice;
  /** A component that sources may look up. */
  readonly component?: string | undefined;
  /** Whether an incomplete answer will do if it comes fast. */
  readonly isQuick?: boolean | undefined;
  /** Keeps what changes asked for. */
  readonly requests?: KeptRequests | undefined;
}

/** All that sources gave, and why some gave less than they have. */
export interface TrailEvidence {
  readonly markers: readonly StoredMarker[];
  /** Those in the time that was asked for. */
  readonly changes: ChangeStore;
  readonly chains: readonly RoleChain[];
  readonly sources: readonly ReportSource[];
  /** What is not among the above; each that leaves the answer incomplete has an error. */
  readonly gaps: readonly ReportGap[];
  readonly errors: readonly DeployMarkerError[];
  /** What was seen of each source of changes that did not fail. */
  readonly sightings: readonly Sighting[];
  /** What became of verifying logs, by source. */
  readonly integrity: readonly SourceIntegrity[];
  /** Accounts and Regions beyond which no source was asked for changes. */
  readonly places: PlaceChoice;
  /** Of which event histories were read. */
  readonly histories: readonly HistoryPlace[];
}

/** What a source gave. */
interface Counter {
  records: number;
  /** Changes that lie outside the time that was asked for. */
  outside: number;
}

/** What came of one source. */
interface Ending {
  readonly source: ReportSource;
  readonly gaps: readonly ReportGap[];
  readonly errors: Gaps;
  readonly sighting: Sighting | undefined;
  readonly integrity: readonly SourceIntegrity[];
}

/** One source while it is read. */
interface Reading {
  readonly title: string;
  readonly side: ReportSource['side'];
  /** Of a source of changes. */
  readonly sighting?: Sighting;
  read(counter: Counter, options: ReadOptions): Promise<Gaps>;
}

/**
 * Reads all sources side by side. A source that fails does not keep the others from being read.
 *
 * @param verifies whether logs in a bucket are held against CloudTrail's digests
 * @throws DeployMarkerError USAGE or ARN_INVALID before anything is read, and CANCELLED
 */
export async function readTrail(
  flags: TrailFlags,
  question: TrailQuestion,
  context: CommandContext,
  verifies = false,
): Promise<TrailEvidence> {
  const markers: StoredMarker[] = [];
  const changes = new ChangeStore();
  const chains: RoleChain[] = [];
  const ofMarkers = await markerReadings(flags, question, context, markers);
  const sources = await openChangeSources(flags, context, verifies);
  const into = { changes, chains, isHumanRole: matchesAny(flags['human-role']) };
  const readings = [...ofMarkers, ...sources.map(source => changeReading(source, question, into))];
  const progress = await openReadingProgress(readings.length, context);
  // What fails in a way that nobody expected ends the others too: a query that goes on costs money.
  const stop = new AbortController();
  const signal = AbortSignal.any([context.io.signal, stop.signal]);
  try {
    const ends = await Promise.all(
      readings.map((reading, rank) => finish(reading, { signal, onProgress: progress.part(rank) }, context)),
    );
    context.io.signal.throwIfAborted();
    return {
      markers,
      changes,
      chains,
      sources: ends.map(end => end.source),
      gaps: ends.flatMap(end => end.gaps),
      errors: ends.flatMap(end => end.errors),
      integrity: ends.flatMap(end => end.integrity),
      places: joinChoices(sources.map(({ asked }) => asked)),
      histories: sources.flatMap(({ history }) => history ?? []),
      sightings: ends.flatMap(end => (end.errors.length === 0 ? (end.sighting ?? []) : [])),
    };
  } finally {
    stop.abort();
    progress.stop();
  }
}

async function markerReadings(
  flags: TrailFlags,
  { markers: range }: TrailQuestion,
  context: CommandContext,
  markers: StoredMarker[],
): Promise<Reading[]> {
  const sources = await openMarkerSources(flags, context);
  return sources.map(source => ({
    title: source.title,
    side: 'markers',
    read(counter, options) {
      const take = (marker: StoredMarker): void => {
        counter.records += 1;
        markers.push(marker);
      };
      return source.read(range, take, options);
    },
  }));
}

function changeReading(
  { source, asked: places }: OpenedChanges,
  question: TrailQuestion,
  into: { readonly changes: ChangeStore; readonly chains: RoleChain[]; readonly isHumanRole: NameTest },
): Reading {
  const { asked, changes: range, services, component, isQuick, requests } = question;
  const interests = { places, asked, services, isHumanRole: into.isHumanRole };
  const sighting = new Sighting(source.title, source.kind, asked);
  return {
    title: source.title,
    side: 'changes',
    sighting,
    async read(counter, options) {
      const idle = new IdleCalls();
      const unread = new UnreadRecords();
      const reader = createChosenReader(interests, {
        change(change, parameters) {
          const isInside = isWithin(change.time, range);
          counter[isInside ? 'records' : 'outside'] += 1;
          if (!isInside) return;
          into.changes.add(change, () => unread.addTwin(change));
          requests?.add(change, parameters);
        },
        idle(call) {
          if (isWithin(call.time, range)) idle.add(call);
        },
        chain(chain) {
          const from = range.from - LONGEST_SESSION;
          if (isWithin(chain.time, { ...range, from })) into.chains.push(chain);
        },
        record: (service, time, account, region) => sighting.add(service, time, account, region),
        unread: record => unread.add(record),
      });
      const gaps = await source.read({ ...range, services, component, isQuick }, reader.read, options);
      for (const leftOut of [idle.told('calls that change nothing'), reader.leftOut()])
        if (leftOut !== undefined) options.onLeftOut?.(leftOut);
      return [...gaps, ...unread.toErrors(source.title)];
    },
  };
}

async function finish(
  reading: Reading,
  options: ReadOptions,
  { out, redactor }: CommandContext,
): Promise<Ending> {
  const { title, side, sighting } = reading;
  const counter: Counter = { records: 0, outside: 0 };
  const gaps: ReportGap[] = [];
  const onLeftOut = (leftOut: LeftOut): void => {
    gaps.push({ ...leftOut, subject: title, incomplete: false });
  };
  const integrity: SourceIntegrity[] = [];
  const onIntegrity = (told: LogIntegrity): void => {
    integrity.push({ ...told, source: title });
  };
  const errors: DeployMarkerError[] = [];
  try {
    const given = await reading.read(counter, { ...options, onLeftOut, onIntegrity });
    for (const error of given) errors.push(error);
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    errors.push(error);
  }
  options.onProgress?.(1);
  if (counter.records === 0 && counter.outside > 0) {
    const all = counter.outside === 1 ? 'the one change' : `all ${counter.outside} changes`;
    const lie = counter.outside === 1 ? 'lies' : 'lie';
    out.note(`note: ${all} in ${quote(title)} ${lie} outside the time that is asked for`);
  }
  // Reports go into files and notices as well, which no redactor sees.
  const messages = errors.map(({ message }) => redactor.redact(message));
  for (const [rank, message] of messages.entries()) {
    const kind = errors[rank]?.code === 'TRAIL_NOT_SEEN' ? 'not-seen' : 'failed';
    gaps.push({ kind, subject: title, message, incomplete: true });
  }
  const [first] = errors;
  const failure = first === undefined ? {} : { error: { code: first.code, message: messages[0] ?? '' } };
  return {
    source: {
      source: title,
      side,
      records: counter.records,
      ...sighting?.told(),
      complete: errors.length === 0,
      ...failure,
    },
    gaps,
    errors: errors.map(error => withTitle(error, title)),
    sighting,
    integrity,
  };
}
