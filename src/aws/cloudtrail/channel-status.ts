import { CloudTrailClient, GetChannelCommand } from '@aws-sdk/client-cloudtrail';
import { parseChannelArn } from '../../core/base/arn.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { type ChannelHealth, GET_CHANNEL } from '../answers/shapes.ts';
import type { ConnectionOptions } from '../client/connection.ts';
import { askService } from '../client/service-client.ts';

/** Which channel is looked at, and how it is reached. */
export interface ChannelStatusOptions extends ConnectionOptions {
  /** Its Region says where CloudTrail is asked. */
  readonly channelArn: string;
}

/** A channel of CloudTrail Lake, and how its last events fared. */
export interface ChannelStatus {
  readonly arn: string;
  /** `Custom` for events of one's own. */
  readonly source: string;
  /** ARNs of the event data stores that its events go to. */
  readonly stores: readonly string[];
  /** Undefined where nothing was ever sent to it. */
  readonly ingestion: ChannelIngestion | undefined;
}

/** What CloudTrail remembers of the events of a channel. Times are milliseconds since the epoch. */
export interface ChannelIngestion {
  /** When it last took an event. */
  readonly lastSuccess?: number;
  /** When an event was last sent to it. */
  readonly lastAttempt?: number;
  /** Code of the last failure; it stays after later successes. */
  readonly lastError?: string;
}

/**
 * Asks CloudTrail for a channel (GetChannel).
 *
 * @throws DeployMarkerError ARN_INVALID, CHANNEL_NOT_FOUND, CHANNEL_CLOSED, ACCESS_DENIED, and otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetChannel.html
 */
export async function readChannelStatus(
  options: ChannelStatusOptions,
  signal: AbortSignal | undefined,
): Promise<ChannelStatus> {
  const { text: arn, region } = parseChannelArn(options.channelArn);
  const command = new GetChannelCommand({ Channel: arn });
  return askService(CloudTrailClient, { ...options, region }, async ({ client, send }) => {
    const answer = await send({
      operation: 'GetChannel',
      signal,
      shape: GET_CHANNEL,
      send: settings => client.send(command, settings),
    });
    const stores = answer.Destinations.filter(({ Type }) => Type === 'EVENT_DATA_STORE');
    return {
      arn,
      source: answer.Source,
      stores: stores.map(({ Location }) => Location),
      ingestion: toIngestion(answer.IngestionStatus),
    };
  });
}

function toIngestion(status: ChannelHealth = {}): ChannelIngestion | undefined {
  const found = withoutUndefined({
    lastSuccess: status.LatestIngestionSuccessTime?.getTime(),
    lastAttempt: status.LatestIngestionAttemptTime?.getTime(),
    lastError: status.LatestIngestionErrorCode || undefined,
  });
  return Object.keys(found).length === 0 ? undefined : found;
}
