import type { ComponentPlace } from '../../core/component/component.ts';
import { type AskedPlace, isPlaceSeen } from '../../core/source/place-sighting.ts';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { ownAccount } from '../trail/accounts.ts';
import type { TrailEvidence } from '../trail/read.ts';
import type { TrailFlags } from '../trail/sources.ts';

/**
 * Where the component is, with what was read of there. Which account these credentials are of, STS is asked only where no record of the
 * place tells it.
 *
 * @throws DeployMarkerError CANCELLED
 */
export async function askedPlace(
  { text = '', place }: { readonly text: string | undefined; readonly place: ComponentPlace | undefined },
  { histories, sightings }: TrailEvidence,
  { flags, context }: { readonly flags: TrailFlags; readonly context: CommandContext },
): Promise<AskedPlace | undefined> {
  if (place === undefined) return undefined;
  const isUnknown = histories.some(({ account }) => account === undefined);
  const isNeeded = isUnknown && place.account !== undefined && !isPlaceSeen(place, sightings);
  const own = isNeeded ? await ownAccountIfTold(flags, context) : undefined;
  return {
    component: text,
    place,
    histories: histories.map(({ account = own, region }) => ({ account, region })),
  };
}

async function ownAccountIfTold(flags: TrailFlags, context: CommandContext): Promise<string | undefined> {
  try {
    return await ownAccount(flags, context);
  } catch (error) {
    if (!isDeployMarkerError(error)) throw error;
    context.io.signal.throwIfAborted();
    return undefined;
  }
}
