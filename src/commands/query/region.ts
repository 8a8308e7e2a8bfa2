import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import { unknownRegion } from '../unknown-region.ts';

/** The Region in which a query is run. @throws DeployMarkerError USAGE if it is not known */
export function queryRegionOf(
  { region }: { readonly region: string | undefined },
  { io: { env } }: CommandContext,
): string {
  const known = region ?? awsRegionOf(env);
  if (known) return known;
  throw unknownRegion('of the stores or tables', env);
}
