import { readArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { partitionOf } from '../../core/base/region.ts';
import { isGlobal } from '../../core/change/global.ts';
import { isComponent, quoteNoComponent } from '../../core/component/component.ts';
import { componentKey } from '../../core/component/key.ts';
import { isUnknown, serviceOfComponent } from '../../core/component/spellings.ts';
import { isAll } from '../../core/services/choice.ts';
import { parseServices } from '../../core/services/names.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import { type AskedComponent, readAskedComponent } from '../trail/asked-component.ts';
import { readAt, readRange } from '../trail/range.ts';
import type { InvestigateFlags } from './investigate.flags.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DEFAULT_SINCE = '24h';
const EXAMPLE = 'write for example investigate lambda:resize-image';

/** Where a partition records calls to global services. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-northwest-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** What is investigated. */
export interface Subject extends AskedComponent {
  readonly text: string;
  /** In the spelling that changes have; undefined for a name alone until the sources have been read. */
  readonly component: string | undefined;
  /** Account and Region that an ARN tells; undefined where it does not. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Reads the one argument. @throws DeployMarkerError USAGE */
export function parseSubject(positionals: readonly string[]): Subject {
  const { text, isBare } = readAskedComponent(undefined, positionals);
  if (text === undefined) {
    throw new DeployMarkerError('USAGE', 'investigate takes one component, got none', { hint: EXAMPLE });
  }
  if (!isBare && !isComponent(text) && !isUnknown(text)) {
    const found = quoteNoComponent(text);
    throw new DeployMarkerError('USAGE', `a component is kind:name, an ARN or a name, got ${found}`, {
      hint: EXAMPLE,
    });
  }
  const arn = readArn(text);
  return {
    text,
    isBare,
    component: isBare ? undefined : componentKey(text),
    account: arn?.account || undefined,
    region: arn?.region || undefined,
  };
}

/**
 * The time that is asked about, and the moment in it that counts. What was read by the local time zone is told on stderr.
 *
 * @throws DeployMarkerError USAGE
 */
export function investigatedRange(
  { at, since, until }: InvestigateFlags,
  context: Pick<CommandContext, 'io' | 'out'>,
): { readonly range: TimeRange; readonly at: number | undefined } {
  if (at === undefined) {
    return { range: readRange({ since: since ?? DEFAULT_SINCE, until }, context), at: undefined };
  }
  const other = since === undefined ? (until === undefined ? undefined : '--until') : '--since';
  if (other !== undefined) {
    throw new DeployMarkerError('USAGE', `--at goes with no ${other}: it says both ends by itself`, {
      hint: `leave out --at or ${other}`,
    });
  }
  const now = context.io.now();
  const moment = readAt(at, context);
  if (moment > now) {
    throw new DeployMarkerError('USAGE', `--at ${quote(at)} lies in the future`, { hint: 'pass --at 2h' });
  }
  return { range: { from: moment - DAY, until: Math.min(now, moment + HOUR) }, at: moment };
}

/**
 * The flags with what the component itself says: its service is read whatever `--services` names, its Region where none is named, and
 * with a global service the Region that records those. A name alone may be of any service that is read.
 */
export function widenFlags(
  flags: InvestigateFlags,
  subject: Subject,
  { io }: CommandContext,
): InvestigateFlags {
  const service = subject.component === undefined ? undefined : serviceOfComponent(subject.component);
  const services = service === undefined ? flags.services : [...flags.services, service];
  const named = flags.region.length > 0 ? flags.region : [subject.region ?? awsRegionOf(io.env) ?? ''];
  const regions = named.filter(region => region !== '');
  const global = GLOBAL_REGIONS[partitionOf(regions[0] ?? '')];
  const isAdded = global !== undefined && (subject.isBare ? readsGlobal(flags) : isOfGlobal(service));
  const region = isAdded ? [...new Set([...regions, global])] : regions;
  return { ...flags, services, region, isRegionAssumed: flags.region.length === 0 };
}

function isOfGlobal(service: string | undefined): boolean {
  return service !== undefined && isGlobal({ service });
}

function readsGlobal({ services: named }: InvestigateFlags): boolean {
  const { services } = parseServices(named.join(','), '--services');
  return isAll(services) || services.some(isOfGlobal);
}
