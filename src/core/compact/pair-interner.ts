/** Gives equal pairs of texts the same small number. Pairs with the same first text are few, or come in a row. */
export class PairInterner {
  readonly #numbers = new Map<string, Map<string, number>>();
  readonly #pairs: (readonly [string, string])[] = [];
  #first: string | undefined;
  #second: string | undefined;
  #last = 0;

  numberOf(first: string, second: string): number {
    if (first === this.#first && second === this.#second) return this.#last;
    this.#first = first;
    this.#second = second;
    this.#last = this.#find(first, second);
    return this.#last;
  }

  /** The pair behind a number that {@link numberOf} gave. */
  pairOf(number: number): readonly [string, string] {
    const pair = this.#pairs[number];
    if (pair === undefined) throw new RangeError(`no pair has the number ${number}`);
    return pair;
  }

  #find(first: string, second: string): number {
    const seconds = this.#numbers.get(first) ?? new Map<string, number>();
    const known = seconds.get(second);
    if (known !== undefined) return known;
    this.#numbers.set(first, seconds.set(second, this.#pairs.length));
    return this.#pairs.push([first, second]) - 1;
  }
}
