import type { ConnectionOptions } from '../client/connection.ts';

/** Which channel markers go to, and how. */
export interface LakeSinkOptions extends ConnectionOptions {
  /** ARN of the channel; its Region and account say where requests go and whose the events are. */
  readonly channelArn: string;
  /** The external id that the channel's resource policy asks for. */
  readonly externalId?: string | undefined;
  /** `eventSource` of the audit events; default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
  /** What is put after `deploy-marker/<version>` in the events' user agent, for example the CI system. */
  readonly agent?: string | undefined;
}
