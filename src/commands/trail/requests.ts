import type { Change } from '../../core/change/change.ts';
import { type Request, readRequest } from '../../core/investigate/request.ts';
import { isWithin, type TimeRange } from '../../core/time/range.ts';

/** As many are kept besides those that somebody asks for; a page shows no more rows. */
const MOST_KEPT = 10_000;

/** Keeps what changes asked for, as long as there are not too many. What it gives may be shown; what it holds may not. */
export class KeptRequests {
  readonly #byId = new Map<string, unknown>();
  readonly #range: TimeRange;
  readonly #isAsked: (change: Change) => boolean;
  #others = 0;

  /** @param isAsked whether a change is kept however many there are */
  constructor(range: TimeRange, isAsked: (change: Change) => boolean = () => false) {
    this.#range = range;
    this.#isAsked = isAsked;
  }

  add(change: Change, requestParameters: unknown): void {
    if (!isWithin(change.time, this.#range) || this.#byId.has(change.id)) return;
    if (!this.#isAsked(change)) {
      if (this.#others >= MOST_KEPT) return;
      this.#others += 1;
    }
    this.#byId.set(change.id, requestParameters);
  }

  /** What the change asked for; undefined where its record does not tell, or was not kept. */
  of(eventId: string): Request | undefined {
    return readRequest(this.#byId.get(eventId));
  }
}
