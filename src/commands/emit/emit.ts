import { resolve } from 'node:path';
import { detectCi } from '../../ci/detect.ts';
import { quote } from '../../core/base/quote.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import type { Marker } from '../../core/marker/marker.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { formatUtcTime, parseUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { toDeployMarkerError } from '../../errors/render.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { type Consignment, deliverAll, throwWorst, writeWarning } from '../delivery/delivery.ts';
import { chunksOf, type Parcel } from '../delivery/run.ts';
import { readJobFacts, requireCommit, requireEnvironment } from '../job-facts.ts';
import { openSinks } from '../sinks/sinks.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import { type EmitFlags, isAnonymous } from './fields.ts';
import { noticeKinds } from './kind-notice.ts';
import { checkRecords, markerContextOf, readMarkers } from './marker-stream.ts';
import { createFlagSource, type RecordSource } from './source.ts';

/** Exit codes that `--on-error` may turn into 0: the other side's trouble, never bad input. */
const FORGIVABLE: readonly number[] = [3, 4, 5, 8, 9];

/** A spool that cannot be written is bad input: it was named so that nothing is lost. */
function isForgivable({ code, exitCode }: DeployMarkerError): boolean {
  return FORGIVABLE.includes(exitCode) && code !== 'SPOOL_UNWRITABLE';
}

/** Creates markers and delivers them. */
export async function run(input: CommandInput<typeof EMIT_FLAGS>, context: CommandContext): Promise<void> {
  const policy = input.values['on-error'];
  try {
    const folder = input.values.drain;
    if (folder === undefined) await emit(input, context);
    else await (await import('./drain.ts')).drain(folder, input, context);
  } catch (caught) {
    const error = toDeployMarkerError(caught);
    if (policy === 'fail' || !isForgivable(error)) throw error;
    if (policy === 'warn') writeWarning(error, context);
  }
}

async function emit(input: CommandInput<typeof EMIT_FLAGS>, context: CommandContext): Promise<void> {
  const flags = withoutOddStart(input, context);
  const { io } = context;
  const timeout = parseDuration(flags.timeout, '--timeout');
  const ignoresErrors = flags['on-error'] === 'ignore';
  const { sinks, notice } = await openSinks(input, context, detectCi(io.env) !== undefined);
  const source = await openSource(flags, context);
  try {
    const facts = await readJobFacts(io, {
      needsCommit: flags['git-sha'] === undefined && flags.from === undefined,
      warn: context.out.warn,
    });
    const markers = markerContextOf({ ...input, values: flags }, facts, io, sinks);
    if (flags.from === undefined) {
      requireEnvironment(markers.shared['env']);
      requireCommit(markers.shared['git_sha'], flags.explains !== undefined);
      if (flags.explains !== undefined) (await import('./own-words.ts')).requireOwnWords(flags);
    }
    if (isAnonymous(flags, facts, io.env)) {
      context.out.warn('this explanation names nobody; name who explains it with --actor');
    }
    warnOfFuture(flags, context);
    const start = io.now();
    const checked = await checkRecords(source, markers, flags['keep-going']);
    // Looking up stacks is part of what the deadline is for; checking a long file is not.
    const spent = flags.stack.length === 0 ? 0 : io.now() - start;
    const { bad } = checked;
    if (bad !== undefined && !flags['keep-going']) throw bad;
    if (notice !== undefined) context.out.note(notice);
    const errors = bad === undefined ? [] : [bad];
    const shipment = { sinks, read: () => readMarkers(source, markers, checked) };
    if (flags['dry-run']) await preview(shipment, flags.stack, context);
    else {
      const total = flags.from === undefined ? undefined : checked.count - checked.left.size;
      const options = { timeout: timeout - spent, ignoresErrors, spoolFolder: flags.spool, total };
      const failures = await deliverAll(await toConsignments(shipment, flags, context), options, context);
      for (const failure of failures) errors.push(failure);
    }
    throwWorst(errors, ignoresErrors, context);
  } finally {
    await source.close();
  }
}

/**
 * A start that an earlier step left in the environment is nobody's word for this marker: where it contradicts the end, the marker
 * goes without it. Of flags and records the contradiction is told as an error.
 */
function withoutOddStart(
  { values, origins }: CommandInput<typeof EMIT_FLAGS>,
  { io, out }: CommandContext,
): EmitFlags {
  const inherited = values['started-at'];
  if (inherited === undefined || origins['started-at'] !== 'environment') return values;
  const start = parseUtcTime(inherited);
  const end = parseUtcTime(values['deployed-at'] ?? formatUtcTime(io.now()));
  if (start !== undefined && (end === undefined || start <= end)) return values;
  const why = start === undefined ? 'is no time' : `is later than the end of the deploy, ${end}`;
  out.warn(`DEPLOY_MARKER_STARTED_AT is left out of the marker: ${quote(inherited)} ${why}`);
  return { ...values, 'started-at': undefined };
}

/** Clocks differ by a little: as much as readers grant by default (`--after`). */
const AHEAD = 10 * 60_000;

/** No deploy ends after its marker was recorded: readers take that time, and a slip in a date is seen here at once. */
function warnOfFuture(flags: EmitFlags, { io, out }: CommandContext): void {
  for (const flag of ['started-at', 'deployed-at'] as const) {
    const time = parseUtcTime(flags[flag] ?? '');
    if (time === undefined || Date.parse(time) <= io.now() + AHEAD) continue;
    out.warn(`--${flag} ${time} lies in the future; the time at which the marker is recorded will count`);
  }
}

async function openSource(flags: EmitFlags, context: CommandContext): Promise<RecordSource> {
  const { from, component, stack, explains } = flags;
  if (from !== undefined) {
    const clash = (['component', 'stack', 'explains'] as const).find(name => flags[name]?.length);
    if (clash === undefined) {
      const { createFileSource } = await import('./file-source.ts');
      return createFileSource(from, context.io);
    }
    throw excluding('--from', `--${clash}`, 'each record says what it is about');
  }
  if (flags['keep-going']) {
    throw new DeployMarkerError('USAGE', '--keep-going is about the records of --from, which is not given', {
      hint: 'leave it out, or name a file with --from',
    });
  }
  if (stack.length > 0) {
    if (explains !== undefined) throw excluding('--explains', '--stack', 'an explanation is no deploy');
    return (await import('./stack-source.ts')).createStackSource(flags, context);
  }
  if (explains !== undefined && flags.reason === undefined) {
    throw new DeployMarkerError('USAGE', '--explains needs the explanation', {
      hint: 'pass --reason, for example --reason "OPS-123: memory raised by hand"',
    });
  }
  if (component.length > 0) {
    await noticeKinds(component, context);
    return createFlagSource(component);
  }
  if (explains !== undefined) return createFlagSource([`change:${explains.toLowerCase()}`]);
  throw new DeployMarkerError('USAGE', 'the component is not known', {
    hint: 'pass --component, for example --component lambda:resize-image, or set DEPLOY_MARKER_COMPONENT',
  });
}

function excluding(one: string, other: string, why: string): DeployMarkerError {
  return new DeployMarkerError('USAGE', `${one} and ${other} exclude each other: ${why}`, {
    hint: 'leave out one of them',
  });
}

/** Markers that passed every check, to be read anew for each sink. */
interface Shipment {
  readonly sinks: readonly MarkerSink[];
  readonly read: () => AsyncIterable<readonly Marker[]>;
}

/**
 * Markers of remote sinks lie in the spool, if there is one, before they are offered. A spool that cannot be written fails the
 * call, but keeps no marker from being offered.
 */
async function toConsignments(
  { sinks, read }: Shipment,
  { spool: folder }: EmitFlags,
  { io }: CommandContext,
): Promise<Consignment[]> {
  const spool =
    folder === undefined
      ? undefined
      : (await import('../../io/spool/spool.ts')).openSpool(resolve(io.cwd, folder));
  async function* parcelsFor({ name, title, chunkSize }: MarkerSink): AsyncGenerator<Parcel> {
    for await (const markers of chunksOf(read(), chunkSize)) {
      if (spool === undefined || name === 'file') yield { markers };
      else yield await spool.put({ sink: name, target: title }, markers).catch(unspooled(markers));
    }
  }
  return sinks.map(sink => ({ sink, parcels: parcelsFor(sink) }));
}

function unspooled(markers: readonly Marker[]): (error: unknown) => Parcel {
  return error => {
    if (isDeployMarkerError(error)) return { markers, fault: error };
    throw error;
  };
}

/** @param stacks whose resources are not known, for a dry run asks nobody */
async function preview(
  { sinks, read }: Shipment,
  stacks: readonly string[],
  { out, json }: CommandContext,
): Promise<void> {
  const requests: { sink: MarkerSink['name']; target: string; body: string }[] = [];
  for (const sink of sinks) {
    const all: Marker[] = [];
    // One by one: a block can hold more markers than a call takes arguments.
    for await (const block of read()) for (const marker of block) all.push(marker);
    for (const request of await sink.preview(all)) requests.push({ sink: sink.name, ...request });
  }
  const notLookedUp = stacks.length === 0 ? {} : { notLookedUp: stacks };
  out.note('dry run: all checks passed, nothing was sent');
  if (json) return out.resultJson({ version: 1, dryRun: true, requests, ...notLookedUp });
  for (const { target, body } of requests) {
    out.result(target);
    out.resultParts([body.trimEnd()]);
  }
}
