import { createLogsSink } from '../../aws/logs/logs-sink.ts';
import { detectCi } from '../../ci/detect.ts';
import type { MarkerSink } from '../../core/delivery/sink.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import type { EmitFlags } from '../emit/fields.ts';
import { unknownRegion } from '../unknown-region.ts';
import { connectionOf, logRegionOf } from './connection.ts';

/**
 * Opens the CloudWatch Logs sink that the flags describe.
 *
 * @param knownRegion the group's, where something else than the job's environment knows it
 */
export function openLogsSink(flags: EmitFlags, context: CommandContext, knownRegion?: string): MarkerSink {
  const { env } = context.io;
  const logGroup = flags['log-group'];
  if (logGroup === undefined) {
    throw new DeployMarkerError('USAGE', '--sink logs needs a log group', {
      hint: 'pass --log-group NAME or set DEPLOY_MARKER_LOG_GROUP',
    });
  }
  const region = knownRegion || logRegionOf(flags, env);
  if (!region) throw unknownRegion('of the log group', env);
  return createLogsSink({
    logGroup,
    logStream: flags['log-stream'],
    region,
    eventSource: flags['event-source'],
    agent: detectCi(env)?.system,
    ...connectionOf(flags, region, context),
  });
}
