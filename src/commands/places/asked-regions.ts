import { readArn } from '../../core/base/arn.ts';
import { partitionOf } from '../../core/base/region.ts';
import { GLOBAL_SERVICES, globalRegionOf, isGlobal } from '../../core/change/global.ts';
import { componentKey } from '../../core/component/key.ts';
import { serviceOfComponent } from '../../core/component/spellings.ts';
import { isAll } from '../../core/services/choice.ts';
import { parseServices } from '../../core/services/names.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import type { AskedComponent } from '../trail/asked-component.ts';
import { asksHistory, choosesPlaces, type TrailFlags } from '../trail/sources.ts';

/**
 * The flags with the Regions that a component is to be looked for in: its ARN's where none is named, and with a global service the Region
 * that records it. A name alone may be of any service that is read.
 *
 * @throws DeployMarkerError USAGE where the flags name other places than the ARN: nothing that is read would be of it
 */
export function withRegionsOf<T extends TrailFlags>(
  flags: T,
  { text, isBare, place }: AskedComponent,
  { io }: Pick<CommandContext, 'io'>,
): T & Pick<TrailFlags, 'isRegionAssumed'> {
  if (text === undefined) return flags;
  const service = isBare ? undefined : serviceOfComponent(componentKey(text));
  if (place !== undefined) checkPlace(flags, place);
  const named = flags.region.length > 0 ? flags.region : [place?.region ?? awsRegionOf(io.env) ?? ''];
  const regions = named.filter(region => region !== '');
  const partition = readArn(text)?.partition ?? partitionOf(regions[0] ?? '');
  const global = globalAmong(isBare ? servicesRead(flags) : [service ?? '']);
  const added = global.flatMap(each => globalRegionOf(partition, each) ?? []);
  const region = [...new Set([...regions, ...added])];
  return { ...flags, region, isRegionAssumed: flags.region.length === 0 };
}

function globalAmong(services: readonly string[]): readonly string[] {
  return services.filter(service => isGlobal({ service }));
}

function servicesRead({ services: named }: Pick<TrailFlags, 'services'>): readonly string[] {
  const { services } = parseServices(named.join(','), '--services');
  return isAll(services) ? GLOBAL_SERVICES : services;
}

function checkPlace(flags: TrailFlags, place: NonNullable<AskedComponent['place']>): void {
  const { account, region } = place;
  const accounts = flags.account.map(text => text.replace(/=.*$/s, ''));
  // Which one `self` is, STS would have to say.
  const isOther = accounts.length > 0 && !accounts.includes('self');
  if (account !== undefined && isOther && !accounts.includes(account)) {
    throw new DeployMarkerError(
      'USAGE',
      `the ARN is of the account ${account}, and --account names ${accounts.join(', ')}`,
      {
        hint: asksHistory(flags)
          ? `pass --account ${account}=ROLE_ARN with a role that may read there`
          : `pass --account ${account}`,
      },
    );
  }
  const isAway = flags.region.length > 0 && choosesPlaces(flags);
  if (region !== undefined && isAway && !flags.region.includes(region)) {
    const regions = flags.region.join(',');
    throw new DeployMarkerError('USAGE', `the ARN is of ${region}, and --region names ${regions}`, {
      hint: `pass --region ${regions},${region}`,
    });
  }
}
