import { nameSome } from '../../core/base/name-some.ts';
import { matchesAny } from '../../core/base/pattern.ts';
import { serviceOfComponent } from '../../core/component/spellings.ts';
import { type CoverageQuestion, findShortfalls, type Shortfall } from '../../core/findings/coverage.ts';
import type { Report } from '../../core/findings/report.ts';
import { isAll } from '../../core/services/choice.ts';
import { parseCallPattern, serviceCalled } from '../../core/services/names.ts';
import type { ReportGap } from '../../core/source/gap.ts';
import { describeSpan } from '../../core/time/duration.ts';
import { formatUtcTime } from '../../core/time/utc.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { TrailEvidence } from './read.ts';
import type { TrailFlags } from './sources.ts';

/** What an answer lacks though no source failed, and what somebody accepts of that. */
export interface Coverage {
  /** The report with what it lacks among its gaps. */
  tell(report: Report): Report;
  /** Why the report is incomplete for that. */
  errorsOf(report: Report): DeployMarkerError[];
}

/** What is known beside evidence and flags. */
type Asked = Omit<CoverageQuestion, 'sightings' | 'hasFailed' | 'endsByClock' | 'isIgnored'>;

/** Looks at what was seen of the sources, all of which have been read. */
export function coverageOf(asked: Asked, trail: TrailEvidence, flags: TrailFlags): Coverage {
  const found = findShortfalls({
    ...asked,
    sightings: trail.sightings,
    hasFailed: trail.sources.some(({ side, complete }) => side === 'changes' && !complete),
    endsByClock: flags.until === undefined,
    isIgnored: matchesAny(flags.ignore.map(pattern => parseCallPattern(pattern, '--ignore'))),
  });
  const shortfalls = [...found, ...lateStarts(asked, trail), ...unreadDeploys(asked)];
  const gapsOf = ({ findings = [] }: Report): ReportGap[] => {
    const fails = findings.some(finding => finding.fails);
    return shortfalls.map(shortfall => toGap(shortfall, flags['allow-quiet'], fails));
  };
  return {
    tell(report) {
      const all = [...report.gaps, ...markerGaps(report), ...gapsOf(report)];
      return { ...report, gaps: all, complete: !all.some(({ incomplete }) => incomplete) };
    },
    errorsOf(report) {
      const open = gapsOf(report).filter(({ incomplete }) => incomplete);
      const canBeQuiet = shortfalls.every(({ weight }) => weight !== 'wrong');
      const hint = shortfalls.find(shortfall => shortfall.hint !== undefined)?.hint;
      return open.length === 0 ? [] : [toError(open, canBeQuiet, hint)];
    },
  };
}

const QUIET_HINT =
  'check --changes, --services, --scope and the time; for an account that is this quiet pass --allow-quiet';

const DAY = 24 * 3_600_000;

/**
 * Sources whose records begin long after the time that is asked for: a trail that was made since, or a folder of its last hours. Nothing that
 * they do not reach is a time without changes, so that no audit passes for it. A store shows of services that nobody asked for only some, and
 * may be quiet.
 */
function lateStarts({ range, command }: Asked, { sightings }: TrailEvidence): Shortfall[] {
  return sightings.flatMap(({ source, kind, oldest, records }) => {
    const lag = oldest - range.from;
    if (kind === 'history' || records === 0 || lag <= DAY) return [];
    const message = `its oldest record is of ${formatUtcTime(oldest)}, ${describeSpan(lag)} after the beginning of the time that is asked for: what was before may not be in it`;
    return [
      {
        subject: source,
        message,
        weight: command === 'audit' && kind === 'files' ? 'pass' : 'note',
        isLate: true,
      },
    ];
  });
}

/** Deploys of services that nobody asked for: who is told that nothing is to look at is told that these were not looked at. */
function unreadDeploys({ deploys, services, scope }: Asked): Shortfall[] {
  // What a scope leaves unread is told with it.
  if (isAll(services) || scope !== undefined) return [];
  const unread = deploys
    .filter(({ state }) => state === 'unseen')
    .map(({ deploy }) => deploy.targets.flatMap(({ component }) => serviceNotIn(services, component)))
    .filter(names => names.length > 0);
  if (unread.length === 0) return [];
  const names = nameSome([...new Set(unread.flat())].toSorted());
  const which = unread.length === 1 ? 'a deploy is' : `${unread.length} deploys are`;
  const message = `${which} of ${names}, and changes of these were not asked for; name more services, or all`;
  return [{ subject: '--services', message, weight: 'note' }];
}

/** A kind that is no service has no changes, whatever is asked for. */
function serviceNotIn(services: readonly string[], component: string): string[] {
  const name = serviceOfComponent(component);
  const service = name === undefined ? undefined : serviceCalled(name);
  return service === undefined || services.includes(service) ? [] : [service];
}

/** Without a marker each change looks like nobody's. */
function markerGaps({ sources, gaps }: Report): ReportGap[] {
  const isTold = (source: string): boolean =>
    gaps.some(({ kind, subject }) => kind === 'not-seen' && subject === source);
  const silent = sources.filter(
    ({ source, side, records, complete }) =>
      side === 'markers' && complete && records === 0 && !isTold(source),
  );
  const message = 'no marker of the time that is asked for was read of it';
  return silent.map(({ source }) => ({ kind: 'not-seen', subject: source, message, incomplete: false }));
}

function toGap(
  { subject, message, weight, isLate }: Shortfall,
  allowsQuiet: boolean,
  fails: boolean,
): ReportGap {
  const counts = weight === 'wrong' || weight === 'quiet' || (weight === 'pass' && !fails);
  const isAccepted = counts && weight !== 'wrong' && allowsQuiet;
  const told = isAccepted ? `${message} (accepted by --allow-quiet)` : message;
  const late = isLate === true ? { late: true as const } : {};
  return { kind: 'not-seen', subject, message: told, incomplete: counts && !isAccepted, ...late };
}

function toError(
  gaps: readonly ReportGap[],
  canBeQuiet: boolean,
  hint: string | undefined,
): DeployMarkerError {
  const lines = gaps.map(({ subject, message }) => `${subject}: ${message}`);
  const more = lines.length === 1 ? '' : ` … and ${lines.length - 1} more`;
  return new DeployMarkerError('ANSWER_INCOMPLETE', `${lines[0]}${more}`, {
    hint: hint ?? (canBeQuiet ? QUIET_HINT : 'check --since, --until and the clock of this machine'),
    problems: lines.length === 1 ? [] : lines,
  });
}
