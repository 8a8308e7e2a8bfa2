import { resolve } from 'node:path';
import type { Resolved } from '../config/resolve.ts';
import type { MarkerSink } from '../core/ports.ts';
import { quote } from '../core/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { createFileSink } from '../io/file-sink.ts';
import type { CommandContext } from './command.ts';
import type { EMIT_FLAGS } from './emit.flags.ts';
import { chooseSinks, FALLBACK_FILE } from './sink-choice.ts';

/** Requests per second; the service allows 100 a Region. Source: https://docs.aws.amazon.com/general/latest/gr/ct.html */
const HIGHEST_RATE = 100;

/**
 * Opens the sinks of this call.
 *
 * @throws DeployMarkerError NO_SINK, USAGE or ARN_INVALID
 */
export async function openSinks(
  resolved: Resolved<typeof EMIT_FLAGS>,
  context: CommandContext,
  isCi: boolean,
): Promise<MarkerSink[]> {
  const { values: flags } = resolved;
  const { io, out } = context;
  const maxRate = parseRate(flags['max-rate']);
  const { sinks, isFallback } = chooseSinks(resolved, isCi);
  if (isFallback) out.note(`note: no sink is configured; the marker goes to ${FALLBACK_FILE}`);
  const open: MarkerSink[] = [];
  for (const name of sinks) {
    if (name === 'file') {
      const title = flags.file ?? FALLBACK_FILE;
      open.push(createFileSink({ path: resolve(io.cwd, title), title }));
    } else {
      const { openLakeSink } = await import('./lake.ts');
      open.push(openLakeSink(flags, maxRate, context));
    }
  }
  return open;
}

function parseRate(text: string): number {
  if (text === 'off') return Number.POSITIVE_INFINITY;
  const rate = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && rate >= 1 && rate <= HIGHEST_RATE) return rate;
  throw new DeployMarkerError(
    'USAGE',
    `--max-rate must be 1 to ${HIGHEST_RATE} requests a second, or off; got ${quote(text)}`,
    {
      hint: 'pass --max-rate 50',
    },
  );
}
