import { type CorrelationOptions, DEFAULT_WAITING } from '../core/correlate.ts';
import { DEFAULT_WINDOW, type DeployWindow } from '../core/deploy.ts';
import { parseDuration, parseSpan } from '../core/duration.ts';
import { quote } from '../core/quote.ts';
import type { TimeRange } from '../core/time-range.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { CommandContext } from './command.ts';
import type { TrailQuestion } from './trail-read.ts';
import type { TrailFlags } from './trail-sources.ts';

/**
 * A marker can be this much older than a change that it explains: CodeDeploy shifts traffic, and CloudFormation rolls back,
 * hours after the deploy.
 */
const MARKER_REACH = 24 * 3_600_000;

/** How the flags say to judge. @throws DeployMarkerError USAGE */
export function judgingOf(
  flags: TrailFlags,
  { io }: CommandContext,
): CorrelationOptions & { readonly window: DeployWindow } {
  return {
    now: io.now(),
    services: parseServices(flags.services),
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
export function questionFor(
  range: TimeRange,
  { window, now, services = [] }: CorrelationOptions & { readonly window: DeployWindow },
): TrailQuestion {
  const from = range.from - Math.max(window.assumed, window.unfinishedAfter) - window.before;
  const late = Math.max(window.unfinishedAfter, DEFAULT_WAITING);
  return {
    changes: { from, until: range.until },
    // A marker is made when its deploy ends, and an explanation at any later time.
    markers: { from: range.from - MARKER_REACH - late, until: Math.max(now, range.until) },
    services,
  };
}

function parseServices(text: string): string[] {
  const services = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map(name => name.replace(/\.amazonaws\.com$/, ''));
  const odd = services.find(name => !/^[a-z0-9.-]+$/.test(name));
  if (odd === undefined && services.length > 0) return services;
  throw new DeployMarkerError(
    'USAGE',
    `--services must be names such as lambda,cloudformation, got ${quote(odd ?? text)}`,
    {
      hint: 'name services as eventSource in CloudTrail does, without .amazonaws.com',
    },
  );
}
