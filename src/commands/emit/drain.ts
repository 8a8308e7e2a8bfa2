import { relative, resolve } from 'node:path';
import { describeS3Folder, parseS3Folder } from '../../core/base/s3-address.ts';
import type { Destination } from '../../core/delivery/spool-file.ts';
import { parseDuration } from '../../core/time/duration.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { openSpool, type Spool, type SpooledBatch } from '../../io/spool/spool.ts';
import { findSpoolsBelow } from '../../io/spool/spools-below.ts';
import type { CommandContext, CommandInput } from '../command.ts';
import { type Consignment, deliverAll, throwWorst } from '../delivery/delivery.ts';
import { openDestination } from '../sinks/sinks.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import type { EmitFlags } from './fields.ts';

/** Flags that describe markers of this call, of which a drain has none. */
const OTHERS = [
  'component',
  'stack',
  'explains',
  'from',
  'keep-going',
  'dry-run',
  'spool',
  'sink',
  'file',
] as const;

/**
 * Delivers what `--spool` kept, each batch to the sink that it was meant for, with the UIDs and times that it has. Where a
 * channel, a log group or a bucket is configured, what was meant for another one is refused: whoever may write the folder must not
 * choose where our credentials send markers.
 *
 * Killed at any moment it loses nothing, and a second drain of the same folder does no harm: a marker may then be stored
 * twice under its one UID, which readers fold.
 */
export async function drain(
  folder: string,
  input: CommandInput<typeof EMIT_FLAGS>,
  context: CommandContext,
): Promise<void> {
  const { values: flags, origins } = input;
  const clash = OTHERS.find(name => origins[name] === 'flag');
  if (clash !== undefined) {
    throw new DeployMarkerError(
      'USAGE',
      `--drain delivers what lies in the spool to where it was to go, and --${clash} has no part in that`,
      {
        hint: `leave out --${clash}`,
      },
    );
  }
  const timeout = parseDuration(flags.timeout, '--timeout');
  const ignoresErrors = flags['on-error'] === 'ignore';
  const spool = openSpool(resolve(context.io.cwd, folder));
  const broken: DeployMarkerError[] = [];
  const found = await findDestinations(spool, error => broken.push(error));
  const below = await findSpoolsBelow(spool.folder);
  if (found.length === 0 && broken.length === 0) {
    if (below.length > 0) throw notTheSpool(folder, below, context);
    context.out.note(`nothing is kept in ${folder}`);
  } else if (below.length > 0) context.out.warn(describeBelow(folder, below, context));
  const destinations = found.filter(destination => isMeant(destination, flags));
  for (const other of found) if (!destinations.includes(other)) broken.push(notMeant(other, folder));
  // All before the first delivery, so that a flag that does not hold is told before anything is sent.
  const consignments: Consignment[] = [];
  for (const destination of destinations) {
    const sink = await openDestination(destination, input, context);
    context.out.note(`delivering what ${folder} keeps for ${describeDestination(destination)}`);
    consignments.push({ sink, parcels: batchesFor(spool, destination) });
  }
  const errors = await deliverAll(
    consignments,
    { timeout, ignoresErrors, spoolFolder: folder, total: undefined },
    context,
  );
  throwWorst([...broken, ...errors], ignoresErrors, context);
}

/** Nothing configured leaves it to the batches; all that is configured is meant. */
function isMeant({ sink, target }: Destination, flags: EmitFlags): boolean {
  const { 'channel-arn': channel, 'log-group': group, bucket } = flags;
  if (channel === undefined && group === undefined && bucket === undefined) return true;
  if (sink === 's3')
    return bucket !== undefined && target === describeS3Folder(parseS3Folder(bucket, '--bucket'));
  return sink === 'lake' ? target === channel : target.split(':')[1] === group;
}

function notMeant(destination: Destination, folder: string): DeployMarkerError {
  const { sink, target } = destination;
  const flag = {
    lake: `--channel-arn ${target}`,
    logs: `--log-group ${target.split(':')[1]}`,
    s3: `--bucket ${target}`,
  }[sink];
  const what = `${folder} keeps markers for ${describeDestination(destination)}, which is not what is configured`;
  return new DeployMarkerError('USAGE', what, {
    hint: `if they are to go there, name it: emit --drain ${folder} ${flag}`,
  });
}

function describeDestination({ sink, target }: Destination): string {
  return sink === 'logs' ? `the log group ${target}` : target;
}

function notTheSpool(folder: string, below: readonly string[], context: CommandContext): DeployMarkerError {
  return new DeployMarkerError('INPUT_UNREADABLE', describeBelow(folder, below, context), {
    hint: `drain each by itself: emit --drain ${nameBelow(below[0] ?? '', context)}`,
  });
}

function describeBelow(folder: string, below: readonly string[], context: CommandContext): string {
  const [first = '', ...others] = below;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return `markers are kept below ${folder}, in ${nameBelow(first, context)}${more}, which a drain of ${folder} does not deliver`;
}

function nameBelow(path: string, { io }: CommandContext): string {
  const name = relative(io.cwd, path);
  return name.startsWith('..') ? path : name;
}

/** Where the batches are to go, each place once. */
async function findDestinations(
  spool: Spool,
  onBroken: (error: DeployMarkerError) => void,
): Promise<Destination[]> {
  const found = new Map<string, Destination>();
  for await (const { destination } of spool.batches(onBroken))
    found.set(JSON.stringify(destination), destination);
  return [...found.values()];
}

async function* batchesFor(spool: Spool, { sink, target }: Destination): AsyncGenerator<SpooledBatch> {
  // What is broken by now was written by somebody else meanwhile; the next drain tells.
  for await (const batch of spool.batches(() => {}))
    if (batch.destination.sink === sink && batch.destination.target === target) yield batch;
}
