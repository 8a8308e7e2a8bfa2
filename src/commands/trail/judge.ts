import type { Change } from '../../core/change/change.ts';
import { IdleCalls } from '../../core/change/idle-calls.ts';
import { type CorrelationOptions, DEFAULT_WAITING } from '../../core/correlate/correlate.ts';
import { DEFAULT_WINDOW } from '../../core/deploy/deploy.ts';
import type { DeployWindow } from '../../core/deploy/span.ts';
import type { ReportGap } from '../../core/findings/report.ts';
import { parseServices } from '../../core/services/names.ts';
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
  readonly services: readonly string[];
}

/** How the flags say to judge. @throws DeployMarkerError USAGE */
export function judgingOf(flags: TrailFlags, { io, out }: CommandContext): Judging {
  const { services, unknown } = parseServices(flags.services, '--services');
  for (const name of unknown) {
    out.warn(`${name} is no eventSource that deploy-marker knows; if it is misspelt, nothing of it is found`);
  }
  return {
    now: io.now(),
    services,
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

/** Options that count change sets which nobody carried out, as long as they are in the range and asked for. */
export function watchChangeSets(
  options: CorrelationOptions,
  range: TimeRange,
  isAsked: (change: Change) => boolean,
): { readonly options: CorrelationOptions; gaps(): ReportGap[] } {
  const idle = new IdleCalls();
  const onIdle = (change: Change): void => {
    if (isWithin(change.time, range) && isAsked(change)) idle.add(change);
  };
  return {
    options: { ...options, onIdle },
    gaps() {
      const leftOut = idle.told('change sets that nobody carried out');
      return leftOut === undefined ? [] : [{ ...leftOut, subject: 'cloudformation', incomplete: false }];
    },
  };
}
