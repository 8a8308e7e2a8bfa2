import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import { requireKnownProfile } from '../../io/aws-config/known-profile.ts';
import type { CommandContext } from '../command.ts';
import { regionHint } from '../trail/person-hint.ts';

/** The Region in which a query is run. @throws DeployMarkerError USAGE if it is not known */
export function queryRegionOf(
  { region }: { readonly region: string | undefined },
  { io: { env } }: CommandContext,
): string {
  const known = region ?? awsRegionOf(env);
  if (known) return known;
  requireKnownProfile(env);
  const message = 'the Region of the stores or tables is not known';
  throw new DeployMarkerError('USAGE', message, { hint: regionHint(env) });
}
