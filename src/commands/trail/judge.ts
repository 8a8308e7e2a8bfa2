import type { Change } from '../../core/change/change.ts';
import { serviceOfComponent } from '../../core/component/spellings.ts';
import { type CorrelationOptions, DEFAULT_WAITING } from '../../core/correlate/correlate.ts';
import { DEFAULT_WINDOW } from '../../core/deploy/deploy.ts';
import type { DeployWindow } from '../../core/deploy/span.ts';
import { IdleCalls } from '../../core/no-change/idle-calls.ts';
import { type ServiceChoice, withService } from '../../core/services/choice.ts';
import { parseCallPattern, parseServices, serviceCalled } from '../../core/services/names.ts';
import type { LeftOut, ReportGap } from '../../core/source/gap.ts';
import { parseDuration, parseSpan } from '../../core/time/duration.ts';
import { isWithin, type TimeRange } from '../../core/time/range.ts';
import type { CommandContext } from '../command.ts';
import type { TrailQuestion } from './read.ts';
import type { TrailFlags } from './sources.ts';

/**
 * A marker can be this much older than a change that it explains: CodeDeploy shifts traffic, and CloudFormation rolls back,
 * hours after the deploy.
 */
const MARKER_REACH = 24 * 3_600_000;

/** How changes are judged. */
export interface Judging extends CorrelationOptions {
  readonly window: DeployWindow;
  readonly services: ServiceChoice;
}

/**
 * How the flags say to judge. A component that is asked for is of a service that is read too.
 *
 * @throws DeployMarkerError USAGE
 */
export function judgingOf(flags: TrailFlags, context: CommandContext, component?: string): Judging {
  const { io } = context;
  return {
    now: io.now(),
    services: withService(servicesOf(flags, context), serviceFor(component)),
    ignored: flags.ignore.map(pattern => parseCallPattern(pattern, '--ignore')),
    deployRoles: flags['deploy-role'],
    serviceRoles: flags['service-role'],
    bridgeRoles: flags['bridge-role'],
    window: {
      ...DEFAULT_WINDOW,
      before: parseSpan(flags.before, '--before'),
      after: parseSpan(flags.after, '--after'),
      unfinishedAfter: parseDuration(flags['unfinished-after'], '--unfinished-after'),
    },
  };
}

function servicesOf(flags: TrailFlags, { out }: CommandContext): ServiceChoice {
  const { services, unknown, everyday } = parseServices(flags.services.join(','), '--services');
  for (const [name, service] of everyday) out.note(`note: CloudTrail calls ${name} ${service}`);
  for (const name of unknown) {
    out.warn(`${name} is no eventSource that deploy-marker knows; if it is misspelt, nothing of it is found`);
  }
  return services;
}

/** The service of a component; undefined for a kind that is none, which markers may have. */
function serviceFor(component: string | undefined): string | undefined {
  const name = component === undefined ? undefined : serviceOfComponent(component);
  return name === undefined ? undefined : serviceCalled(name);
}

/**
 * What has to be read to judge the changes of a range: also what came shortly before, such as the stack calls that changes
 * follow from, and markers that tell of a deploy only after its end, or of a change long after it.
 */
export function questionFor(range: TimeRange, { window, now, services }: Judging): TrailQuestion {
  const from = range.from - Math.max(window.assumed, window.unfinishedAfter) - window.before;
  const late = Math.max(window.unfinishedAfter, DEFAULT_WAITING);
  return {
    asked: range,
    changes: { from, until: range.until },
    // A marker is made when its deploy ends, and an explanation at any later time.
    markers: { from: range.from - MARKER_REACH - late, until: Math.max(now, range.until) },
    services,
  };
}

/** Options that count change sets which nobody carried out, and what is to be ignored, as long as it is in the range and asked for. */
export function watchLeftOut(
  options: CorrelationOptions,
  range: TimeRange,
  isAsked: (change: Change) => boolean,
): { readonly options: CorrelationOptions; gaps(): ReportGap[] } {
  const idle = new IdleCalls();
  const ignored = new IdleCalls();
  const countIn = (calls: IdleCalls) => (change: Change) => {
    if (isWithin(change.time, range) && isAsked(change)) calls.add(change);
  };
  return {
    options: { ...options, onIdle: countIn(idle), onIgnored: countIn(ignored) },
    gaps() {
      return [
        ...toGaps('cloudformation', idle.told('change sets that nobody carried out')),
        ...toGaps('--ignore', ignored.told('calls that are to be ignored')),
      ];
    },
  };
}

function toGaps(subject: string, leftOut: LeftOut | undefined): ReportGap[] {
  return leftOut === undefined ? [] : [{ ...leftOut, subject, incomplete: false }];
}
