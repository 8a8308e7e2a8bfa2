import type { AwsServer } from '../fakes/aws-server.ts';
import { listLogMessages } from '../fakes/logs/logs-state.ts';

// What a server's places hold of markers, flat.

/** Of CloudTrail Lake and of log groups. */
export function readEvents({ state }: AwsServer): Record<string, string>[] {
  const events = [
    ...state.stored.map(({ event }) => event),
    ...listLogMessages(state.logGroups).map(({ message }) => JSON.parse(message)),
  ];
  return events.map(event => event.requestParameters);
}

/** Of a bucket. */
export function readObjects({ state }: AwsServer, bucket: string): Record<string, string>[] {
  const objects = [...(state.buckets.get(bucket)?.objects.values() ?? [])];
  return objects.map(({ body }) => JSON.parse(body.toString()));
}
