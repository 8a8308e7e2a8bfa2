import { DeliveryError } from '../../core/delivery/delivery.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Terminal } from '../../io/io.ts';
import type { Progress } from '../../io/progress.ts';
import type { CommandContext } from '../command.ts';
import { withPersonHint } from '../trail/person-hint.ts';
import { startDeadline } from './deadline.ts';
import { createReport } from './report.ts';
import { type DeliveryTally, decisiveOf, deliverStream, type Parcel } from './run.ts';

/** Parcels for one sink. */
export interface Consignment {
  readonly sink: MarkerSink;
  readonly parcels: AsyncIterable<Parcel>;
}

/** How a delivery to all sinks is made. */
export interface DeliverAllOptions {
  /** Milliseconds over all attempts of all sinks. */
  readonly timeout: number;
  readonly ignoresErrors: boolean;
  /** Where markers that are not confirmed stay. */
  readonly spoolFolder: string | undefined;
  /** How many markers each sink gets, where there may be many: then progress is shown, and a summary. */
  readonly total: number | undefined;
}

/**
 * Delivers to one sink after the other, so that the trouble of one does not keep markers from the next, and reports what
 * was stored.
 *
 * @returns one failure for each sink that did not store everything
 */
export async function deliverAll(
  consignments: readonly Consignment[],
  { timeout, ignoresErrors, spoolFolder, total }: DeliverAllOptions,
  context: CommandContext,
): Promise<DeployMarkerError[]> {
  const { io, out } = context;
  const { signal, stop } = startDeadline(timeout, io.signal);
  const terminal = total === undefined ? undefined : io.terminal;
  // A bar and lines on one screen would write over each other.
  const report = createReport(context, { ignoresErrors, showsLines: terminal?.showsResults !== true });
  const errors: DeployMarkerError[] = [];
  try {
    for (const { sink, parcels } of consignments) {
      const record = report.begin(sink);
      const progress = await openProgress(terminal, total);
      const start = io.now();
      const tally = await deliverStream(sink, parcels, signal, delivered => {
        record(delivered);
        progress?.add(delivered.length);
      });
      progress?.stop();
      report.end(sink, tally);
      if (total !== undefined) out.note(summarise(sink, tally, (io.now() - start) / 1000));
      if (tally.error !== undefined)
        errors.push(tellSpooled(tally.error, tally, sink.name === 'file' ? undefined : spoolFolder));
    }
  } finally {
    stop();
    report.close();
  }
  return errors;
}

async function openProgress(
  terminal: Terminal | undefined,
  total: number | undefined,
): Promise<Progress | undefined> {
  if (terminal === undefined || total === undefined) return undefined;
  return (await import('../../io/progress.ts')).startProgress(terminal, total, '{value}/{total} markers');
}

function summarise(
  { name }: MarkerSink,
  { delivered, failed, spooled }: DeliveryTally,
  seconds: number,
): string {
  const lost = failed.length - spooled.length;
  const parts = [
    `${delivered} stored`,
    ...(spooled.length > 0 ? [`${spooled.length} kept in the spool`] : []),
    ...(lost > 0 ? [`${lost} not stored`] : []),
  ];
  return `${name}: ${parts.join(', ')}, in ${seconds.toFixed(1)} s`;
}

/** Throws the failure that counts; the others are told as warnings, for each is news to whoever reads the log. */
export function throwWorst(
  errors: readonly DeployMarkerError[],
  ignoresErrors: boolean,
  context: CommandContext,
): void {
  const worst = decisiveOf(errors);
  if (worst === undefined) return;
  for (const error of errors) if (error !== worst && !ignoresErrors) writeWarning(error, context);
  throw worst;
}

/** The three lines of an error that does not count as one. */
export function writeWarning(error: DeployMarkerError, { io, out, json }: CommandContext): void {
  out.error(withPersonHint(error, io.env), { json, severity: 'warning' });
}

/** The failure with what became of the markers that the spool had, and how those that it keeps are delivered later. */
function tellSpooled(
  error: DeployMarkerError,
  { failed, spooled }: DeliveryTally,
  folder: string | undefined,
): DeployMarkerError {
  if (folder === undefined || error.code === 'SPOOL_UNWRITABLE') return error;
  const refused = failed.length - spooled.length;
  const places = [
    ...(spooled.length > 0 ? [`${count(spooled.length)} kept in ${folder}`] : []),
    ...(refused > 0 ? [`${count(refused)} in ${folder}/rejected`] : []),
  ];
  if (places.length === 0) return error;
  const { code, message, hint, problems, cause } = error;
  const next = spooled.length > 0 ? `; then run deploy-marker emit --drain ${folder}` : '';
  return new DeployMarkerError(code, `${message}; ${places.join(', ')}`, {
    hint: `${hint}${next}`,
    problems,
    cause: error instanceof DeliveryError ? error : cause,
  });
}

const count = (markers: number): string => (markers === 1 ? '1 marker is' : `${markers} markers are`);
