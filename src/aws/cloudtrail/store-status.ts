import { CloudTrailClient, GetEventDataStoreCommand } from '@aws-sdk/client-cloudtrail';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { GET_EVENT_DATA_STORE } from '../answers/shapes.ts';
import { askService, type ServiceOptions } from '../client/service-client.ts';

/** Which store is looked at, and how it is reached. */
export interface StoreStatusOptions extends ServiceOptions {
  /** Id or ARN of the event data store. */
  readonly store: string;
}

/** An event data store of CloudTrail Lake. */
export interface StoreStatus {
  readonly arn: string;
  readonly name?: string;
  /**
   * `ENABLED` takes events; `CREATED`, `STARTING_INGESTION`, `STOPPING_INGESTION` and `STOPPED_INGESTION` do not, or not yet or no
   * longer; of `PENDING_DELETION` nothing can be read either.
   */
  readonly status: string;
  readonly multiRegion: boolean;
  readonly retentionDays?: number;
  readonly terminationProtected: boolean;
}

/**
 * Asks CloudTrail for an event data store (GetEventDataStore).
 *
 * @throws DeployMarkerError STORE_NOT_FOUND, ACCESS_DENIED, and otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventDataStore.html
 */
export function readStoreStatus(
  options: StoreStatusOptions,
  signal: AbortSignal | undefined,
): Promise<StoreStatus> {
  const command = new GetEventDataStoreCommand({ EventDataStore: options.store });
  return askService(CloudTrailClient, options, async ({ client, send }) => {
    const answer = await send({
      operation: 'GetEventDataStore',
      signal,
      shape: GET_EVENT_DATA_STORE,
      send: settings => client.send(command, settings),
    });
    return {
      arn: answer.EventDataStoreArn,
      ...withoutUndefined({ name: answer.Name, retentionDays: answer.RetentionPeriod }),
      status: answer.Status,
      multiRegion: answer.MultiRegionEnabled === true,
      terminationProtected: answer.TerminationProtectionEnabled === true,
    };
  });
}
