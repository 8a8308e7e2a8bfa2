import type { OptionSources } from '../../config/resolve.ts';
import { describeInFile, type Problem } from '../../core/base/problem.ts';
import { ProblemList } from '../../core/base/problem-list.ts';
import { RankSet } from '../../core/compact/rank-set.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { completeMarker, type MarkerRun } from '../../core/marker/create.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { createMarkerParser, type MarkerParser, type StandIns } from '../../core/marker/schema.ts';
import { UidIndex } from '../../core/marker/uid-index.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import {
  DeployMarkerError,
  type ErrorDetails,
  isDeployMarkerError,
} from '../../errors/deploy-marker-error.ts';
import type { Io } from '../../io/io.ts';
import type { JsonRecord } from '../../io/records/json-records.ts';
import type { CommandInput } from '../command.ts';
import type { JobFacts } from '../job-facts.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import { type MarkerFields, namePlace, runOf, sharedFields } from './fields.ts';
import type { RecordSource } from './source.ts';

/** What turns records into markers. The same context gives the same markers on every pass. */
export interface MarkerContext {
  readonly shared: MarkerFields;
  readonly run: MarkerRun;
  readonly idempotencyKey: string | undefined;
  /** The present, fixed for the whole call; UTC whole seconds. */
  readonly now: string;
  readonly sinks: readonly MarkerSink[];
  readonly parse: MarkerParser;
  /** Where flags, variables and settings come from, for messages. */
  readonly sources: OptionSources;
}

/** What flags, CI and the present make of records. */
export function markerContextOf(
  { values: flags, sources }: Pick<CommandInput<typeof EMIT_FLAGS>, 'values' | 'sources'>,
  facts: JobFacts,
  { env, now }: Pick<Io, 'env' | 'now'>,
  sinks: readonly MarkerSink[],
): MarkerContext {
  return {
    shared: sharedFields(flags, facts, env),
    run: runOf(facts),
    idempotencyKey: flags['idempotency-key'],
    now: formatUtcTime(now()),
    sinks,
    parse: createMarkerParser(),
    sources,
  };
}

/** A record that cannot become a marker: the code of its failure, and what is wrong. */
interface BadRecord {
  readonly code: ErrorCode;
  readonly problems: readonly Problem[];
}

/** What the first pass found. */
export interface CheckedRecords {
  /** How many records there are. */
  readonly count: number;
  /** Records that are not to be sent: copies of an earlier one, and those that do not hold. By rank from 0. */
  readonly left: RankSet;
  readonly bad: DeployMarkerError | undefined;
}

/**
 * First pass: checks every record against the schema, the sinks' limits and each other, and sends nothing.
 *
 * @param keepGoing the good records will be sent all the same, which the error then says
 */
export async function checkRecords(
  source: RecordSource,
  context: MarkerContext,
  keepGoing: boolean,
): Promise<CheckedRecords> {
  const seen = new UidIndex();
  const left = new RankSet();
  const origin = { source, sources: context.sources };
  const problems = new ProblemList();
  let code: ErrorCode | undefined;
  let rank = 0;
  for await (const block of source.records('check')) {
    for (const record of block) {
      const bad = findFault(record, source, context, seen);
      if (bad !== undefined) left.add(rank);
      if (bad !== undefined && bad !== 'copy') {
        code ??= bad.code;
        for (const problem of bad.problems) problems.add(() => describePlace(problem, record, origin));
      }
      rank += 1;
    }
  }
  if (rank === 0) {
    code = 'MARKER_INVALID';
    problems.add(`${source.name ?? 'the call'} has no record`);
  }
  return { count: rank, left, bad: toError(code, problems, source, keepGoing) };
}

/**
 * Second pass: the markers in order and in blocks, without the records that the first pass left out.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE if the file has changed since the first pass
 */
export async function* readMarkers(
  source: RecordSource,
  context: MarkerContext,
  { count, left }: Pick<CheckedRecords, 'count' | 'left'>,
): AsyncGenerator<readonly Marker[]> {
  const changed = (): DeployMarkerError =>
    new DeployMarkerError('INPUT_UNREADABLE', `${source.name ?? 'the call'} changed while it was read`, {
      hint: 'run the same command again on a file that nobody writes to',
    });
  let rank = 0;
  for await (const block of source.records('send')) {
    const first = rank;
    rank += block.length;
    const kept = block.filter((_, index) => !left.has(first + index));
    yield kept.map(record => {
      const { marker } = toMarker(record, context);
      if (marker === undefined) throw changed();
      return marker;
    });
  }
  if (rank !== count) throw changed();
}

interface Made {
  readonly marker: Marker | undefined;
  readonly problems: readonly Problem[];
}

function toMarker(record: JsonRecord, context: MarkerContext): Made {
  if (record.problem) return { marker: undefined, problems: [record.problem] };
  const { now, run, idempotencyKey } = context;
  const { value, problems } = context.parse(record.value, standInsOf(record.value, context));
  if (value === undefined) return { marker: undefined, problems };
  return { marker: completeMarker(value, { recordedAt: now, run, idempotencyKey }), problems };
}

/** A record that has a uid is a marker already, perhaps of another run: nothing of this run is put into it. */
function standInsOf(record: unknown, { shared, now }: MarkerContext): StandIns | undefined {
  const isWhole = typeof record === 'object' && record !== null && 'uid' in record;
  return isWhole ? undefined : { fields: shared, endedAt: now };
}

/** The marker of a record, or what keeps it from being sent, whatever else is. */
function judge(record: JsonRecord, context: MarkerContext): Marker | BadRecord {
  const { marker, problems } = toMarker(record, context);
  if (marker === undefined) return { code: 'MARKER_INVALID', problems };
  try {
    for (const sink of context.sinks) sink.check(marker);
  } catch (error) {
    if (isDeployMarkerError(error))
      return { code: error.code, problems: [{ path: '', message: error.message }] };
    throw error;
  }
  return marker;
}

/** The marker of one component by itself; undefined where something keeps it from being sent, which {@link checkRecords} tells. */
export function makeMarker(component: string, context: MarkerContext): Marker | undefined {
  const judged = judge({ line: 1, value: { component }, lineOf: () => 1 }, context);
  return 'problems' in judged ? undefined : judged;
}

/** What keeps a record from being sent, if anything. */
function findFault(
  record: JsonRecord,
  source: RecordSource,
  context: MarkerContext,
  seen: UidIndex,
): BadRecord | 'copy' | undefined {
  const judged = judge(record, context);
  if ('problems' in judged) return judged;
  const verdict = seen.add(judged, record.line);
  if (verdict.kind !== 'clash') return verdict.kind === 'copy' ? 'copy' : undefined;
  const earlier = source.name === undefined ? `component ${verdict.earlier}` : `line ${verdict.earlier}`;
  const message = `${judged.component} has the UID ${judged.uid} of ${earlier}, and other content`;
  return { code: 'MARKER_CONFLICT', problems: [{ path: '', message }] };
}

function describePlace(
  { path, message }: Problem,
  record: JsonRecord,
  { source, sources }: { readonly source: RecordSource; readonly sources: OptionSources },
): string {
  if (source.name === undefined) return path === '' ? message : `${namePlace(path, sources)} ${message}`;
  return describeInFile(source.name, record.lineOf(path), { path, message });
}

function toError(
  code: ErrorCode | undefined,
  problems: ProblemList,
  source: RecordSource,
  keepGoing: boolean,
): DeployMarkerError | undefined {
  const { first, count } = problems;
  if (code === undefined || first === undefined) return undefined;
  if (count === 1) return new DeployMarkerError(code, first, hintOf(code));
  const where = source.name === undefined ? 'the marker' : source.name;
  const outcome = keepGoing ? 'these records were left out' : 'nothing was sent';
  return new DeployMarkerError(code, `${count} problems in ${where}; ${outcome}`, {
    ...hintOf(code),
    problems: problems.toLines(),
  });
}

/** The table of codes knows the next step for all but this one. */
function hintOf(code: ErrorCode): ErrorDetails {
  if (code !== 'MARKER_INVALID') return {};
  return { hint: 'correct it and run the same command again; deploy-marker validate checks files' };
}
