import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { LOOKUP_EVENTS } from '../answers/shapes.ts';
import { askService, type ServiceOptions } from '../client/service-client.ts';

/**
 * Resolves if the credentials at hand may read event history (LookupEvents), whatever is in it.
 *
 * @throws DeployMarkerError ACCESS_DENIED; AWS_THROTTLED where others read it too; otherwise what `toAwsError` makes of a failure
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export async function checkHistoryAccess(
  options: ServiceOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const command = new LookupEventsCommand({ MaxResults: 1 });
  await askService(CloudTrailClient, options, ({ client, send }) =>
    send({
      operation: 'LookupEvents',
      signal,
      shape: LOOKUP_EVENTS,
      send: settings => client.send(command, settings),
    }),
  );
}
