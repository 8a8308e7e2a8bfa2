import { quote } from '../../core/base/quote.ts';
import { isComponent, quoteNoComponent } from '../../core/component/component.ts';
import { componentKey } from '../../core/component/key.ts';
import { isUnknown, serviceOfComponent } from '../../core/component/spellings.ts';
import { meantBy } from '../../core/correlate/question.ts';
import { serviceCalled } from '../../core/services/names.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { CommandContext } from '../command.ts';
import { withRegionsOf } from '../places/asked-regions.ts';
import { type AskedComponent, readAskedComponent } from '../trail/asked-component.ts';
import { readAt, readRange } from '../trail/range.ts';
import type { TrailFlags } from '../trail/sources.ts';
import type { InvestigateFlags } from './investigate.flags.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const DEFAULT_SINCE = '24h';
const EXAMPLE = 'write for example investigate lambda:resize-image';

/** What is investigated. */
export interface Subject extends AskedComponent {
  readonly text: string;
  /** In the spelling that changes have; undefined for a name alone until the sources have been read. */
  readonly component: string | undefined;
}

/** Reads the one argument. @throws DeployMarkerError USAGE */
export function parseSubject(positionals: readonly string[]): Subject {
  const { text, isBare, place } = readAskedComponent(undefined, positionals);
  if (text === undefined) {
    throw new DeployMarkerError('USAGE', 'investigate takes one component, got none', { hint: EXAMPLE });
  }
  if (!isBare && !isComponent(text) && !isUnknown(text)) {
    const found = quoteNoComponent(text);
    throw new DeployMarkerError('USAGE', `a component is kind:name, an ARN or a name, got ${found}`, {
      hint: meantBy(text) ?? EXAMPLE,
    });
  }
  return { text, isBare, place, component: isBare ? undefined : componentKey(text) };
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
  const { first, last } = readAt(at, context);
  if (first > now) {
    throw new DeployMarkerError('USAGE', `--at ${quote(at)} lies in the future`, { hint: 'pass --at 2h' });
  }
  return { range: { from: first - DAY, until: Math.min(now, first + HOUR) }, at: last };
}

/** The flags with what the component itself says: its service is read whatever `--services` names, and its Region. @throws DeployMarkerError USAGE */
export function widenFlags(
  flags: InvestigateFlags,
  subject: Subject,
  context: CommandContext,
): InvestigateFlags & Pick<TrailFlags, 'isRegionAssumed'> {
  const service = subject.component === undefined ? undefined : serviceOfComponent(subject.component);
  // A kind that is no service is refused later, if no marker has it.
  const isService = service !== undefined && serviceCalled(service) !== undefined;
  const services = isService ? [...flags.services, service] : flags.services;
  return { ...withRegionsOf(flags, subject, context), services };
}
