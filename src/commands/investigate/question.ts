import { readArn } from '../../core/base/arn.ts';
import { quote } from '../../core/base/quote.ts';
import { partitionOf } from '../../core/base/region.ts';
import { isGlobal } from '../../core/change/global.ts';
import { isComponent, quoteNoComponent } from '../../core/component/component.ts';
import { componentKey } from '../../core/component/key.ts';
import { isUnknown, serviceOfComponent } from '../../core/component/spellings.ts';
import { parseInstant, parseTimeRange, type TimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { awsRegionOf } from '../../io/aws-config/files.ts';
import type { CommandContext } from '../command.ts';
import type { InvestigateFlags } from './investigate.flags.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DEFAULT_SINCE = '24h';

/** Where a partition records calls to global services. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html */
const GLOBAL_REGIONS: Readonly<Record<string, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-northwest-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** What is investigated. */
export interface Subject {
  /** In the spelling that changes have. */
  readonly component: string;
  /** Account and Region that an ARN tells; undefined where it does not. */
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** Reads the one argument. @throws DeployMarkerError USAGE */
export function parseSubject(positionals: readonly string[]): Subject {
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0) {
    const got = text === undefined ? 'none' : `${positionals.length}`;
    throw new DeployMarkerError('USAGE', `investigate takes one component, got ${got}`, {
      hint: 'write for example investigate lambda:resize-image',
    });
  }
  if (!isComponent(text) && !isUnknown(text)) {
    throw new DeployMarkerError(
      'USAGE',
      `a component is kind:name or an ARN, got ${quoteNoComponent(text)}`,
      {
        hint: 'write for example investigate lambda:resize-image',
      },
    );
  }
  const arn = readArn(text);
  return {
    component: componentKey(text),
    account: arn?.account || undefined,
    region: arn?.region || undefined,
  };
}

/** The time that is asked about, and the moment in it that counts. @throws DeployMarkerError USAGE */
export function investigatedRange(
  { at, since, until }: InvestigateFlags,
  now: number,
): { readonly range: TimeRange; readonly at: number | undefined } {
  if (at === undefined) {
    return { range: parseTimeRange({ since: since ?? DEFAULT_SINCE, until, now }), at: undefined };
  }
  const other = since === undefined ? (until === undefined ? undefined : '--until') : '--since';
  if (other !== undefined) {
    throw new DeployMarkerError('USAGE', `--at goes with no ${other}: it says both ends by itself`, {
      hint: `leave out --at or ${other}`,
    });
  }
  const moment = parseInstant(at, '--at', now);
  if (moment > now) {
    throw new DeployMarkerError('USAGE', `--at ${quote(at)} lies in the future`, { hint: 'pass --at 2h' });
  }
  return { range: { from: moment - DAY, until: Math.min(now, moment + HOUR) }, at: moment };
}

/**
 * The flags with what the component itself says: its service is read whatever `--services` names, its Region where none is named, and
 * with a global service the Region that records those.
 */
export function widenFlags(
  flags: InvestigateFlags,
  subject: Subject,
  { io }: CommandContext,
): InvestigateFlags {
  const service = serviceOfComponent(subject.component);
  const services = service === undefined ? flags.services : [...flags.services, service];
  const named = flags.region.length > 0 ? flags.region : [subject.region ?? awsRegionOf(io.env) ?? ''];
  const regions = named.filter(region => region !== '');
  const global = GLOBAL_REGIONS[partitionOf(regions[0] ?? '')];
  const isAdded = service !== undefined && isGlobal({ service }) && global !== undefined;
  return { ...flags, services, region: isAdded ? [...new Set([...regions, global])] : regions };
}
