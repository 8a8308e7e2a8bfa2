import type { Standing } from '../../core/correlate/standing.ts';
import type { Report } from '../../core/findings/report.ts';

/** Says in one sentence why nothing tells a deploy's change from another one; undefined where markers do, and of an audit, which is a verdict. */
export function describeNoMarkers({
  command,
  sources,
}: Pick<Report, 'command' | 'sources'>): string | undefined {
  const isTold = sources.some(({ side, records }) => side === 'markers' && records > 0);
  return command === 'audit' || isTold
    ? undefined
    : 'No markers were read: whether a deploy made these is not known.';
}

/** What a standing is called in a report: without markers, nobody knows that no deploy made a change. */
export function standingWord(standing: Standing, report: Pick<Report, 'command' | 'sources'>): string {
  return standing === 'unexplained' && describeNoMarkers(report) !== undefined ? 'not known' : standing;
}
