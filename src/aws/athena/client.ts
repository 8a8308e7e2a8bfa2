import { AthenaClient } from '@aws-sdk/client-athena';
import { type OpenService, openService, type ServiceOptions } from '../client/service-client.ts';

/** Where and how Athena is asked. */
export interface AthenaOptions extends ServiceOptions {
  /** Whose limits and settings count; default Athena's own `primary`. */
  readonly workGroup?: string | undefined;
  /** `s3://BUCKET/PREFIX/` that results are written to, where the workgroup has none. */
  readonly outputLocation?: string | undefined;
}

/** Athena's API in one Region, with one set of credentials. */
export type Athena = OpenService<AthenaClient>;

/** The catalogue whose tables are meant: that of AWS Glue. */
export const CATALOG = 'AwsDataCatalog';

/** Half of the lowest rate that Athena allows. Source: https://docs.aws.amazon.com/athena/latest/ug/service-limits.html (API calls) */
const RATE = 10;

/** Opens Athena's API; nothing is sent before the first call. */
export function openAthena(options: AthenaOptions): Athena {
  return openService(AthenaClient, options, options.maxRate ?? RATE);
}
