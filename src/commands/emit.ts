import { setMaxListeners } from 'node:events';
import { detectCi } from '../ci/detect.ts';
import { parseDuration } from '../core/duration.ts';
import type { Marker } from '../core/marker.ts';
import type { MarkerSink } from '../core/ports.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { renderError, renderErrorJson, toDeployMarkerError, worstOf } from '../errors/render.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { createReport } from './delivery-report.ts';
import { deliverStream } from './delivery-run.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import { type EmitFlags, runOf, sharedFields } from './emit-fields.ts';
import { createFileSource, createFlagSource, type RecordSource } from './emit-source.ts';
import { readJobFacts, requireCommit, requireEnvironment } from './job-facts.ts';
import { checkRecords, readMarkers } from './marker-stream.ts';
import { openSinks } from './sinks.ts';

/** Exit codes that `--on-error` may turn into 0: the other side's trouble, never bad input. */
const FORGIVABLE: readonly number[] = [3, 4, 5, 8, 9];

/** Creates markers and delivers them. */
export async function run(input: CommandInput<typeof EMIT_FLAGS>, context: CommandContext): Promise<void> {
  const policy = input.values['on-error'];
  try {
    await emit(input, context);
  } catch (caught) {
    const error = toDeployMarkerError(caught);
    if (policy === 'fail' || !FORGIVABLE.includes(error.exitCode)) throw error;
    if (policy === 'warn') writeWarning(error, context);
  }
}

async function emit(input: CommandInput<typeof EMIT_FLAGS>, context: CommandContext): Promise<void> {
  const { values: flags } = input;
  const { io } = context;
  const timeout = parseDuration(flags.timeout, '--timeout');
  const ignoresErrors = flags['on-error'] === 'ignore';
  const sinks = await openSinks(input, context, detectCi(io.env) !== undefined);
  const source = await openSource(flags, context);
  try {
    const facts = await readJobFacts(io, {
      needsCommit: flags['git-sha'] === undefined && flags.from === undefined,
    });
    const shared = sharedFields(flags, facts, io.env);
    if (flags.from === undefined) {
      requireEnvironment(shared['env']);
      requireCommit(shared['git_sha']);
    }
    const markers = {
      shared,
      run: runOf(facts),
      idempotencyKey: flags['idempotency-key'],
      now: formatUtcTime(io.now()),
      sinks,
    };
    const checked = await checkRecords(source, markers, flags['keep-going']);
    const { bad } = checked;
    if (bad !== undefined && !flags['keep-going']) throw bad;
    const errors = bad === undefined ? [] : [bad];
    const shipment = { sinks, read: () => readMarkers(source, markers, checked) };
    if (flags['dry-run']) await preview(shipment, context);
    else errors.push(...(await deliver(shipment, { timeout, ignoresErrors }, context)));
    throwWorst(errors, ignoresErrors, context);
  } finally {
    await source.close();
  }
}

/** Throws the failure that counts; the others are told as warnings, for each is news to whoever reads the log. */
function throwWorst(
  errors: readonly DeployMarkerError[],
  ignoresErrors: boolean,
  context: CommandContext,
): void {
  const worst = worstOf(errors);
  if (worst === undefined) return;
  for (const error of errors) if (error !== worst && !ignoresErrors) writeWarning(error, context);
  throw worst;
}

function writeWarning(error: DeployMarkerError, { io, redactor, json }: CommandContext): void {
  const text = json ? renderErrorJson(error, 'warning') : renderError(error, 'warning');
  io.stderr.write(redactor.redact(text));
}

async function openSource(flags: EmitFlags, { io }: CommandContext): Promise<RecordSource> {
  if (flags.from !== undefined) {
    if (flags.component.length === 0) return createFileSource(flags.from, io);
    throw new DeployMarkerError(
      'USAGE',
      '--from and --component exclude each other: each record names its component',
      {
        hint: 'leave out one of them',
      },
    );
  }
  if (flags['keep-going']) {
    throw new DeployMarkerError('USAGE', '--keep-going is about the records of --from, which is not given', {
      hint: 'leave it out, or name a file with --from',
    });
  }
  if (flags.component.length > 0) return createFlagSource(flags.component);
  throw new DeployMarkerError('USAGE', 'the component is not known', {
    hint: 'pass --component, for example --component lambda:resize-image, or set DEPLOY_MARKER_COMPONENT',
  });
}

/** Markers that passed every check, to be read anew for each sink. */
interface Shipment {
  readonly sinks: readonly MarkerSink[];
  readonly read: () => AsyncIterable<readonly Marker[]>;
}

/** Delivers to one sink after the other, so that the trouble of one does not keep markers from the next. */
async function deliver(
  { sinks, read }: Shipment,
  { timeout, ignoresErrors }: { readonly timeout: number; readonly ignoresErrors: boolean },
  context: CommandContext,
): Promise<DeployMarkerError[]> {
  const { signal, stop } = startDeadline(timeout, context.io.signal);
  const report = createReport(context, { ignoresErrors });
  const errors: DeployMarkerError[] = [];
  try {
    for (const sink of sinks) {
      const record = report.begin(sink);
      const tally = await deliverStream(sink, read(), signal, record);
      report.end(sink, tally);
      if (tally.error !== undefined) errors.push(tally.error);
    }
  } finally {
    stop();
    report.close();
  }
  return errors;
}

/** One deadline over all attempts of all sinks, together with the process's own signal. */
function startDeadline(milliseconds: number, signal: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    const message = `the deadline of ${milliseconds / 1000} s passed before every marker was confirmed`;
    controller.abort(new DeployMarkerError('TIMEOUT', message));
  }, milliseconds);
  const either = AbortSignal.any([controller.signal, signal]);
  // Every request under way listens, which is more than Node expects of one signal and no leak.
  setMaxListeners(0, either);
  return { signal: either, stop: () => clearTimeout(timer) };
}

async function preview({ sinks, read }: Shipment, { out, json }: CommandContext): Promise<void> {
  const requests: { sink: MarkerSink['name']; target: string; body: string }[] = [];
  for (const sink of sinks) {
    const all: Marker[] = [];
    // One by one: a block can hold more markers than a call takes arguments.
    for await (const block of read()) for (const marker of block) all.push(marker);
    for (const request of await sink.preview(all)) requests.push({ sink: sink.name, ...request });
  }
  out.note('dry run: all checks passed, nothing was sent');
  if (json) out.result(JSON.stringify({ version: 1, dryRun: true, requests }));
  else for (const { target, body } of requests) out.result(`${target}\n${body.trimEnd()}`);
}
