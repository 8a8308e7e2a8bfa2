import { isFinal } from '../marker/marker.ts';
import { recordedAtOf, type StoredMarker } from '../marker/stored.ts';

/** Spans of time around a deploy, milliseconds. */
export interface DeployWindow {
  /** Changes this long before its start still count as its own. */
  readonly before: number;
  /** And this long after its end. */
  readonly after: number;
  /** How long before its end a deploy began where nothing says when. */
  readonly assumed: number;
  /** A deploy that has not ended after this time never will. */
  readonly unfinishedAfter: number;
}

/** A stretch of time in which a deploy was under way. Milliseconds since the epoch. */
export interface DeploySpan {
  /** Changes from here… */
  readonly opens: number;
  /** …to here count as the deploy's own, both ends included. */
  readonly closes: number;
  /** What markers tell of it; undefined where they do not. */
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /**
   * Its marker was made so long after it that a deploy would have ended for good: whoever wrote it may have known what it had to
   * say. It explains what its deploy names, and nothing else.
   */
  readonly isLate: boolean;
}

/** What a marker tells of: the end of a deploy, or its start. No marker knows what comes after it was made. */
export function momentOf(marker: StoredMarker): number {
  const { status, started_at, deployed_at, recorded_at } = marker;
  const told = Date.parse((isFinal(status) ? deployed_at : started_at) ?? recorded_at);
  return Math.min(told, recordedAtOf(marker));
}

/** Whether the marker was made too long after what it tells of to have been made by the deploy. */
export function isLate(marker: StoredMarker, { unfinishedAfter }: DeployWindow): boolean {
  return recordedAtOf(marker) - momentOf(marker) > unfinishedAfter;
}

/**
 * One span for each final marker, from its start or that of the marker `running` of its component, and one for each component
 * that still runs. No span is longer than a deploy takes that will not end any more, and the times before and after that count
 * as well; none ends later than its marker was recorded, and the time after that.
 *
 * @param markers of one deploy, in the order of what they tell of
 * @param now milliseconds since the epoch; the span of a deploy that runs ends here
 */
export function spansOf(markers: readonly StoredMarker[], window: DeployWindow, now: number): DeploySpan[] {
  const spans: DeploySpan[] = [];
  const running = new Map<string, Start>();
  let first: number | undefined;
  for (const marker of markers) {
    const { status, component, started_at } = marker;
    if (isFinal(status)) {
      const told = started_at === undefined ? undefined : Date.parse(started_at);
      spans.push(spanOf(marker, earliest(told, running.get(component)?.at ?? first), window));
      running.delete(component);
    } else if (status === 'running' || started_at !== undefined) {
      // What is pending has not started.
      const at = momentOf(marker);
      const known = running.get(component);
      if (known === undefined || at < known.at)
        running.set(component, { at, isLate: isLate(marker, window) });
      first ??= at;
    }
  }
  for (const start of running.values()) spans.push(openSpan(start, window, now));
  return spans.length > 0
    ? spans
    : [{ ...openSpan({ at: now, isLate: false }, window, now), startedAt: undefined }];
}

/** When a component's deploy began, as a marker without an end tells. */
interface Start {
  readonly at: number;
  readonly isLate: boolean;
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function openSpan({ at: startedAt, isLate }: Start, window: DeployWindow, now: number): DeploySpan {
  const closes = Math.min(now, startedAt + window.unfinishedAfter);
  return { opens: startedAt - window.before, closes, startedAt, endedAt: undefined, isLate };
}

/** A deploy ends no later than its marker was made, and takes no longer than one that will not end any more. */
function spanOf(marker: StoredMarker, startedAt: number | undefined, window: DeployWindow): DeploySpan {
  const endedAt = momentOf(marker);
  const start = startedAt === undefined ? endedAt - window.assumed : startedAt - window.before;
  const opens = Math.max(start, endedAt - window.unfinishedAfter - window.before);
  return { opens, closes: endedAt + window.after, startedAt, endedAt, isLate: isLate(marker, window) };
}
