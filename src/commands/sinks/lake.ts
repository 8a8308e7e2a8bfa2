import { createLakeSink } from '../../aws/cloudtrail-data/lake-sink.ts';
import { detectCi } from '../../ci/detect.ts';
import { parseChannelArn } from '../../core/base/arn.ts';
import type { MarkerSink } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import type { EmitFlags } from '../emit/fields.ts';
import { connectionOf } from './connection.ts';

/** Opens the CloudTrail Lake sink that the flags describe. */
export function openLakeSink(flags: EmitFlags, context: CommandContext): MarkerSink {
  const channelArn = flags['channel-arn'];
  if (channelArn === undefined) {
    throw new DeployMarkerError('USAGE', '--sink lake needs a channel', {
      hint: 'pass --channel-arn ARN or set DEPLOY_MARKER_CHANNEL_ARN',
    });
  }
  return createLakeSink({
    channelArn,
    externalId: flags['external-id'],
    eventSource: flags['event-source'],
    agent: detectCi(context.io.env)?.system,
    ...connectionOf(flags, parseChannelArn(channelArn).region, context),
  });
}
