import { quote } from '../../core/base/quote.ts';
import type { LeftOut } from '../../core/source/gap.ts';

const MOST_NAMES = 5;

/** Counts what is passed over, and remembers some of the names. */
export class PassedNames {
  count = 0;
  readonly #names = new Set<string>();

  add(name: string): void {
    this.count += 1;
    if (this.#names.size < MOST_NAMES) this.#names.add(name);
  }

  addAll(others: PassedNames): void {
    for (const name of others.#names) if (this.#names.size < MOST_NAMES) this.#names.add(name);
    this.count += others.count;
  }

  /** @param what they are, of several, for example `objects beside the logs` */
  toLeftOut(what: string): LeftOut | undefined {
    if (this.count === 0) return undefined;
    const { count } = this;
    const names = [...this.#names].map(quote).join(', ');
    return {
      kind: 'passed-over',
      count,
      message: `${count.toLocaleString('en')} ${what} passed over: ${names}`,
    };
  }
}
