import type { LeftOut } from '../source/gap.ts';

/** So many names stand in one line. */
const MOST_NAMES = 8;

/** One call that changed nothing. */
export interface IdleCall {
  readonly service: string;
  readonly action: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

/** Counts calls that are left out for changing nothing, so that none of them vanishes. */
export class IdleCalls {
  readonly #counts = new Map<string, number>();

  add({ service, action }: Pick<IdleCall, 'service' | 'action'>): void {
    const name = `${service}:${action}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** What was left out, in one line that begins with `what`; undefined if nothing was. */
  told(what: string): (LeftOut & { readonly kind: 'left-out'; readonly count: number }) | undefined {
    const most = [...this.#counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
    if (most.length === 0) return undefined;
    const names = most.slice(0, MOST_NAMES).map(([name, count]) => `${name} ${count.toLocaleString('en')}`);
    const others = most.length - names.length;
    const rest = others > 0 ? `, and ${others} more kinds of call` : '';
    const count = most.reduce((sum, [, times]) => sum + times, 0);
    return { kind: 'left-out', message: `${what}: ${names.join(', ')}${rest}`, count };
  }
}
