import { completeMarker, type MarkerRun } from '../core/create-marker.ts';
import { isFinal, type Marker } from '../core/marker.ts';
import { parseMarkerInput } from '../core/marker-schema.ts';
import type { MarkerSink } from '../core/ports.ts';
import type { Problem } from '../core/problem.ts';
import { UidIndex } from '../core/uid-index.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import type { ErrorCode } from '../errors/codes.ts';
import { DeployMarkerError, isDeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type MarkerFields, toFlagName, withSharedFields } from './emit-fields.ts';
import type { RecordSource, SourceRecord } from './emit-source.ts';

/** What turns records into markers. The same context gives the same markers on every pass. */
export interface MarkerContext {
  readonly shared: MarkerFields;
  readonly run: MarkerRun;
  readonly idempotencyKey: string | undefined;
  /** The present, fixed for the whole call; milliseconds since the epoch. */
  readonly now: number;
  readonly sinks: readonly MarkerSink[];
}

/** A record that cannot become a marker: the code of its failure, and a line for each problem. */
interface BadRecord {
  readonly code: ErrorCode;
  readonly problems: readonly string[];
}

/** What the first pass found. */
export interface CheckedRecords {
  /** Markers to send: copies of one marker count once. */
  readonly markers: number;
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
  const problems: string[] = [];
  const codes: ErrorCode[] = [];
  let markers = 0;
  let records = 0;
  for await (const outcome of readOutcomes(source, context)) {
    records += 1;
    if (outcome.kind === 'marker') markers += 1;
    if (outcome.kind !== 'bad') continue;
    codes.push(outcome.bad.code);
    problems.push(...outcome.bad.problems);
  }
  if (records === 0) {
    codes.push('MARKER_INVALID');
    problems.push(`${source.name ?? 'the call'} has no record`);
  }
  return { markers, bad: toError(codes, problems, source, keepGoing) };
}

/** Second pass: the markers, in order, without copies and without the records that the first pass refused. */
export async function* readMarkers(source: RecordSource, context: MarkerContext): AsyncGenerator<Marker> {
  for await (const outcome of readOutcomes(source, context)) {
    if (outcome.kind === 'marker') yield outcome.marker;
  }
}

type Outcome =
  | { readonly kind: 'marker'; readonly marker: Marker }
  | { readonly kind: 'copy' }
  | { readonly kind: 'bad'; readonly bad: BadRecord };

async function* readOutcomes(source: RecordSource, context: MarkerContext): AsyncGenerator<Outcome> {
  const seen = new UidIndex();
  for await (const record of source.records()) yield toOutcome(record, source, context, seen);
}

function toOutcome(
  record: SourceRecord,
  source: RecordSource,
  context: MarkerContext,
  seen: UidIndex,
): Outcome {
  const place = (problem: Problem): string => describePlace(problem, record, source);
  const bad = (code: ErrorCode, problems: readonly Problem[]): Outcome => ({
    kind: 'bad',
    bad: { code, problems: problems.map(place) },
  });
  if (record.problem) return bad('MARKER_INVALID', [record.problem]);
  const { value, problems } = parseMarkerInput(
    withPresent(withSharedFields(record.value, context.shared), context.now),
  );
  if (value === undefined) return bad('MARKER_INVALID', problems);
  const marker = completeMarker(value, { ...context, now: new Date(context.now) });
  try {
    for (const sink of context.sinks) sink.check(marker);
  } catch (error) {
    if (isDeployMarkerError(error)) return bad(error.code, [{ path: '', message: error.message }]);
    throw error;
  }
  const verdict = seen.add(marker, record.position);
  if (verdict.kind === 'clash') {
    const earlier = source.name === undefined ? `component ${verdict.earlier}` : `line ${verdict.earlier}`;
    const message = `${marker.component} has the UID ${marker.uid} of ${earlier}, and other content`;
    return bad('MARKER_CONFLICT', [{ path: '', message }]);
  }
  return verdict.kind === 'copy' ? { kind: 'copy' } : { kind: 'marker', marker };
}

/** Fills in when the deploy ended: now, unless the record says so itself or is a whole marker already. */
function withPresent(record: unknown, now: number): unknown {
  if (typeof record !== 'object' || record === null || 'uid' in record || 'deployed_at' in record)
    return record;
  const isOver = 'status' in record && isFinal(record.status);
  return isOver ? { ...record, deployed_at: formatUtcTime(now) } : record;
}

function describePlace({ path, message }: Problem, record: SourceRecord, source: RecordSource): string {
  if (source.name === undefined) return path === '' ? message : `${toFlagName(path)} ${message}`;
  const line = `${source.name}:${record.lineOf(path)}`;
  return path === '' ? `${line}: ${message}` : `${line}: ${path} ${message}`;
}

function toError(
  codes: readonly ErrorCode[],
  problems: readonly string[],
  source: RecordSource,
  keepGoing: boolean,
): DeployMarkerError | undefined {
  const [code] = codes;
  const [problem] = problems;
  if (code === undefined || problem === undefined) return undefined;
  if (problems.length === 1) return new DeployMarkerError(code, problem, { hint: hintOf(code) });
  const where = source.name === undefined ? 'the marker' : source.name;
  const outcome = keepGoing ? 'these records were left out' : 'nothing was sent';
  return new DeployMarkerError(code, `${problems.length} problems in ${where}; ${outcome}`, {
    hint: hintOf(code),
    problems,
  });
}

function hintOf(code: ErrorCode): string {
  if (code === 'EVENT_TOO_LARGE') return 'shorten the largest field; --reason and --label are the usual ones';
  if (code === 'MARKER_CONFLICT') return 'give the later one another --idempotency-key, or leave it out';
  return 'correct it and run the same command again; deploy-marker validate checks files';
}
