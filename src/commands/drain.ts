import { resolve } from 'node:path';
import { parseDuration } from '../core/duration.ts';
import type { Destination } from '../core/spool-file.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { openSpool, type Spool, type SpooledBatch } from '../io/spool.ts';
import type { CommandContext, CommandInput } from './command.ts';
import { type Consignment, deliverAll, throwWorst } from './delivery.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import { openDestination } from './sinks.ts';

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
  'channel-arn',
  'log-group',
  'file',
] as const;

/**
 * Delivers what `--spool` kept, each batch to the sink that it was meant for, with the UIDs and times that it has.
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
  const destinations = await findDestinations(spool, error => broken.push(error));
  if (destinations.length === 0 && broken.length === 0) context.out.note(`nothing is kept in ${folder}`);
  // All before the first delivery, so that a flag that does not hold is told before anything is sent.
  const consignments: Consignment[] = [];
  for (const destination of destinations) {
    const sink = await openDestination(destination, input, context);
    consignments.push({ sink, parcels: batchesFor(spool, destination) });
  }
  const errors = await deliverAll(
    consignments,
    { timeout, ignoresErrors, spoolFolder: folder, total: undefined },
    context,
  );
  throwWorst([...broken, ...errors], ignoresErrors, context);
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
