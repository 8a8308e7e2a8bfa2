import { nameSome } from '../base/name-some.ts';
import type { TimeRange } from '../time/range.ts';
import { formatUtcTime } from '../time/utc.ts';
import { type Deploy, isOpenWithin } from './deploy.ts';

/** Why there is no deploy to show. */
export interface NoDeploy {
  /** In words that follow the question. */
  readonly message: string;
  /** It is there, and deployed something else than what is asked for as well: that is an answer. */
  readonly isAnswer: boolean;
}

/**
 * Why there is no deploy to show of those that somebody asks for by commit or id: nothing has it, or what has it was not open within the
 * range, or is not what else is asked for.
 *
 * @param deploys all that were read
 * @param has whether it is one of those that are asked for, whatever else is
 */
export function whyNoDeploy(
  deploys: readonly Deploy[],
  has: (deploy: Deploy) => boolean,
  range: TimeRange,
): NoDeploy {
  const found = deploys.filter(has);
  const [last] = found.toSorted((a, b) => b.recordedAt - a.recordedAt);
  if (last === undefined) return { message: `no deploy has it; ${describeRead(deploys)}`, isAnswer: false };
  const what = nameSome(last.components, 5);
  if (found.some(deploy => isOpenWithin(deploy, range))) {
    return { message: `it deployed ${what}, and not what else is asked for`, isAnswer: true };
  }
  const when = timeOf(last.endedAt ?? last.recordedAt);
  const message = `it deployed ${what} at ${when}, which is not in the time that is asked for`;
  return { message, isAnswer: false };
}

function describeRead(deploys: readonly Deploy[]): string {
  const times = deploys.flatMap(({ startedAt, endedAt, recordedAt }) => [
    startedAt ?? recordedAt,
    endedAt ?? recordedAt,
  ]);
  if (times.length === 0) return 'no marker of a deploy was read';
  const count = deploys.reduce((sum, { markers }) => sum + markers.length, 0);
  const [first, last] = times.reduce(
    ([from, until], time) => [Math.min(from, time), Math.max(until, time)] as const,
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY] as const,
  );
  const read = count === 1 ? '1 marker was read' : `${count} markers were read`;
  return `${read}, of ${timeOf(first)} to ${timeOf(last)}`;
}

function timeOf(milliseconds: number): string {
  return formatUtcTime(Math.floor(milliseconds / 1000) * 1000);
}
