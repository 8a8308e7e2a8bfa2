import type { Origin } from '../../config/option.ts';
import type { Resolved } from '../../config/resolve.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { EMIT_FLAGS } from '../emit/emit.flags.ts';

/** Kinds of sink that a call can name. */
export type SinkName = MarkerSink['name'];

/** The sinks of a call, and whether they were nobody's choice. */
export interface SinkChoice {
  readonly sinks: readonly SinkName[];
  readonly isFallback: boolean;
}

const RANKS: readonly Origin[] = ['flag', 'environment', 'file'];

/** Whether anything says where markers go. */
export function isAnySinkSet({ origins }: Pick<Resolved<typeof EMIT_FLAGS>, 'origins'>): boolean {
  return (['sink', 'channel-arn', 'log-group', 'bucket', 'file'] as const).some(
    name => origins[name] !== 'absent',
  );
}

/**
 * Chooses sinks: those that are configured. A flag switches off what comes from the environment, and that what comes
 * from the configuration file; several of one rank need `--sink` to say so.
 *
 * @throws DeployMarkerError NO_SINK in CI if nothing is configured, for a marker that goes nowhere must not look like
 *   one that was stored; and if several sinks of one rank are.
 */
export function chooseSinks({ values, origins }: Resolved<typeof EMIT_FLAGS>, isCi: boolean): SinkChoice {
  for (const rank of RANKS) {
    if (origins.sink === rank) return { sinks: namedSinks(values.sink), isFallback: false };
    const found: SinkName[] = [];
    if (origins['channel-arn'] === rank) found.push('lake');
    if (origins['log-group'] === rank) found.push('logs');
    if (origins.bucket === rank) found.push('s3');
    if (origins.file === rank) found.push('file');
    if (found.length === 1) return { sinks: found, isFallback: false };
    if (found.length > 1) {
      throw new DeployMarkerError('NO_SINK', `several sinks are configured: ${found.join(', ')}`, {
        hint: `say which with --sink, once for each: ${found.map(name => `--sink ${name}`).join(' ')}`,
      });
    }
  }
  if (!isCi) return { sinks: ['file'], isFallback: true };
  throw new DeployMarkerError('NO_SINK', 'no sink is configured, so the marker would go nowhere', {
    hint: 'pass --channel-arn ARN (CloudTrail Lake), --log-group NAME (CloudWatch Logs), --bucket s3://BUCKET/PREFIX or --file PATH',
  });
}

function namedSinks(names: readonly string[]): SinkName[] {
  // The local file first: it costs nothing, and a deadline that the others use up must not take it too.
  return (['file', 's3', 'lake', 'logs'] as const).filter(name => names.includes(name));
}
