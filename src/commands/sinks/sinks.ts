import { resolve } from 'node:path';
import { FALLBACK_FILE } from '../../config/config-file.ts';
import type { Resolved } from '../../config/resolve.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import type { Destination } from '../../core/delivery/spool-file.ts';
import type { CommandContext } from '../command.ts';
import type { EMIT_FLAGS } from '../emit/emit.flags.ts';
import type { EmitFlags } from '../emit/fields.ts';
import { chooseSinks } from './choice.ts';
import { parseLimits } from './limits.ts';

/** The sinks of a call, and what is to be told once a marker does go there: that nobody chose the place. */
export interface OpenSinks {
  readonly sinks: readonly MarkerSink[];
  readonly notice: string | undefined;
}

/**
 * Opens the sinks of this call.
 *
 * @throws DeployMarkerError NO_SINK, USAGE or ARN_INVALID
 */
export async function openSinks(
  resolved: Resolved<typeof EMIT_FLAGS>,
  context: CommandContext,
  isCi: boolean,
): Promise<OpenSinks> {
  const { values: flags } = resolved;
  const { io } = context;
  // Bad input is told whatever the sink.
  parseLimits(flags);
  const { sinks, isFallback } = chooseSinks(resolved, isCi);
  const open: MarkerSink[] = [];
  for (const name of sinks) {
    if (name === 'file') {
      const { createFileSink } = await import('../../io/file/file-sink.ts');
      const title = flags.file ?? FALLBACK_FILE;
      open.push(createFileSink({ path: resolve(io.cwd, title), title }));
    } else open.push(await openRemote(name, flags, context));
  }
  const notice = `note: no sink is configured; the marker goes to ${FALLBACK_FILE}`;
  return { sinks: open, notice: isFallback ? notice : undefined };
}

/**
 * Opens the sink that spooled markers were meant for.
 *
 * @throws DeployMarkerError USAGE or ARN_INVALID
 */
export async function openDestination(
  { sink, target }: Destination,
  { values: flags }: Resolved<typeof EMIT_FLAGS>,
  context: CommandContext,
): Promise<MarkerSink> {
  if (sink === 'lake') return openRemote(sink, { ...flags, 'channel-arn': target }, context);
  if (sink === 's3') return openRemote(sink, { ...flags, bucket: target }, context);
  const [region, logGroup, logStream] = target.split(':');
  const place = { ...flags, 'log-group': logGroup, 'log-stream': logStream };
  return (await import('./logs.ts')).openLogsSink(place, context, region);
}

async function openRemote(
  name: Destination['sink'],
  flags: EmitFlags,
  context: CommandContext,
): Promise<MarkerSink> {
  if (name === 'lake') return (await import('./lake.ts')).openLakeSink(flags, context);
  if (name === 's3') return (await import('./s3.ts')).openS3Sink(flags, context);
  return (await import('./logs.ts')).openLogsSink(flags, context);
}
