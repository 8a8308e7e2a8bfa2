import type { ConnectionOptions } from '../client/connection.ts';

/** Which log group markers go to, and how. */
export interface LogsSinkOptions extends ConnectionOptions {
  /** Name of the log group, which must exist. */
  readonly logGroup: string;
  /** Name of the log stream, which is made if it is missing; default `<component>/<yyyy-mm-dd>` of each marker. */
  readonly logStream?: string | undefined;
  /** Region of the log group. */
  readonly region: string;
  /** `eventSource` of the audit events; default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
  /** What is put after `deploy-marker/<version>` in the events' user agent, for example the CI system. */
  readonly agent?: string | undefined;
}
