import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';

/** The Region in which a query is run. @throws DeployMarkerError USAGE if it is not known */
export function queryRegionOf(
  { region }: { readonly region: string | undefined },
  { io: { env } }: CommandContext,
): string {
  const known = region ?? awsRegionOf(env);
  if (known) return known;
  throw new DeployMarkerError('USAGE', 'the Region of the stores or tables is not known', {
    hint: 'pass --region, or set AWS_REGION',
  });
}
