/** Gives equal keys the same small number, so that a column of values can be a column of numbers. */
export class Interner<K, V> {
  readonly #numbers = new Map<K, number>();
  readonly #values: V[] = [];

  /** @param make is asked for the value when the key is new */
  numberOf(key: K, make: () => V): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.#values.length);
    return this.#values.push(make()) - 1;
  }

  /** The value behind a number that {@link numberOf} gave. */
  valueOf(number: number): V {
    const value = this.#values[number];
    if (value === undefined) throw new RangeError(`no value has the number ${number}`);
    return value;
  }
}
