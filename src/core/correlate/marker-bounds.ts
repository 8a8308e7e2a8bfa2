import { append } from '../base/append.ts';
import type { Deploy, MarkerConflict } from '../deploy/deploy.ts';
import { type DeployWindow, isLate } from '../deploy/span.ts';
import { isFinal } from '../marker/marker.ts';
import { recordedAtOf, type StoredMarker } from '../marker/stored.ts';
import type { ReportGap } from '../source/gap.ts';
import { formatUtcTime } from '../time/utc.ts';
import type { DeployStanding } from './ledger.ts';
import type { Verdict } from './verdict.ts';

/** Something that a marker says and may not say, or that nobody but whoever wrote it vouches for. */
interface Bound {
  readonly uid: string;
  readonly why: string;
}

/** As many markers are named for each reason; the others are counted. */
const MOST_NAMED = 20;
/** A deploy that explains changes of more components that it does not name is told of; of a stack, as many as one may hold. */
const MOST_UNNAMED = 20;
/** Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html (resources in a template) */
const MOST_OF_STACK = 500;

/** Collects what markers say more than they may say, of the changes and the deploys that an answer is about. */
export class MarkerBounds {
  readonly #window: DeployWindow;
  readonly #now: number;
  readonly #bounds = new Map<string, Bound[]>();

  /** @param now milliseconds since the epoch */
  constructor(window: DeployWindow, now: number) {
    this.#window = window;
    this.#now = now;
  }

  /** Takes a change that was asked for. */
  addVerdict({ bounded, note = '' }: Verdict): void {
    if (bounded === undefined) return;
    const isExplanation = bounded.explains !== undefined;
    const reason = isExplanation ? 'explanations that do not count' : 'session names without a role';
    this.#add(reason, {
      uid: bounded.uid,
      why: isExplanation ? `a change was ${note}` : `a change was made in ${note}`,
    });
  }

  /** Takes a deploy that was asked for. */
  addDeploy({ deploy, changes, unnamed, isOfStack }: DeployStanding): void {
    for (const marker of deploy.markers) this.#addTimes(marker);
    this.#addLong(deploy);
    this.#addMixed(deploy);
    if (unnamed <= (isOfStack ? MOST_OF_STACK : MOST_UNNAMED)) return;
    const why = `it explains ${count(changes)} changes, of ${count(unnamed)} components that it does not name`;
    this.#add('markers that explain much more than they name', { uid: deploy.marker.uid, why });
  }

  /** Takes a uid that stands for two contents. */
  addConflict({ uid, copies }: MarkerConflict): void {
    const isTold = copies.some(({ storedAt }) => storedAt !== undefined);
    const which = isTold ? 'the store took in first' : 'says that it was recorded first';
    this.#add('markers with two contents', { uid, why: `it has two contents; the one counts that ${which}` });
  }

  /** What was taken, as gaps of a report; none of them makes it incomplete. */
  gaps(): ReportGap[] {
    return [...this.#bounds].flatMap(([reason, bounds]) => {
      const named = bounds
        .slice(0, MOST_NAMED)
        .map(
          ({ uid, why }): ReportGap => ({ kind: 'bounded', subject: uid, message: why, incomplete: false }),
        );
      const rest = bounds.length - named.length;
      if (rest === 0) return named;
      const message = `${count(rest)} more ${reason}`;
      return [...named, { kind: 'bounded', subject: reason, message, count: rest, incomplete: false }];
    });
  }

  /** Times that a marker cannot know, or that lie far from when it was made. */
  #addTimes(marker: StoredMarker): void {
    const { uid, status, started_at, deployed_at, recorded_at, storedAt } = marker;
    const { after, unfinishedAfter } = this.#window;
    const recorded = recordedAtOf(marker);
    const told = isFinal(status) ? deployed_at : started_at;
    const isAhead = (time: string | undefined): boolean =>
      time !== undefined && Date.parse(time) > recorded + after;
    if (isAhead(told)) {
      const what = isFinal(status) ? 'ended' : 'started';
      const why = `it says that its deploy ${what} at ${told}, after it was recorded; ${formatUtcTime(recorded)} counts`;
      this.#add('markers of times after they were recorded', { uid, why });
    }
    if (recorded > this.#now + after) {
      this.#add('markers recorded in the future', {
        uid,
        why: `it says that it was recorded at ${recorded_at}, which is yet to come`,
      });
    }
    if (isLate(marker, this.#window)) {
      const why = `it was recorded at ${formatUtcTime(recorded)}, long after ${told}, of which it tells: it explains only what it names`;
      this.#add('markers recorded long after their deploy', { uid, why });
    }
    if (storedAt !== undefined && storedAt - recorded > unfinishedAfter) {
      const why = `it was stored at ${formatUtcTime(storedAt)}, long after ${recorded_at}, when it says it was recorded`;
      this.#add('markers stored long after they were recorded', { uid, why });
    }
  }

  #addLong({ marker, spans }: Deploy): void {
    const { unfinishedAfter } = this.#window;
    const long = spans.find(
      ({ startedAt, endedAt }) =>
        startedAt !== undefined && endedAt !== undefined && endedAt - startedAt > unfinishedAfter,
    );
    if (long?.startedAt === undefined) return;
    const why = `it says that its deploy began at ${formatUtcTime(long.startedAt)}; only what is not before ${formatUtcTime(long.opens)} counts`;
    this.#add('markers of deploys that took too long', { uid: marker.uid, why });
  }

  /** All markers of a deploy tell of one commit in one environment; one that does not may have been added by somebody else. */
  #addMixed({ id, marker, markers }: Deploy): void {
    const odd = markers.find(
      ({ env, git_sha, repository }) =>
        env !== marker.env || git_sha !== marker.git_sha || repository !== marker.repository,
    );
    if (odd === undefined) return;
    const why = `it shares the deploy id ${id} with a marker of another commit, environment or repository: ${marker.uid}`;
    this.#add('markers that share a deploy id', { uid: odd.uid, why });
  }

  #add(reason: string, bound: Bound): void {
    append(this.#bounds, reason, bound);
  }
}

function count(number: number): string {
  return number.toLocaleString('en');
}
