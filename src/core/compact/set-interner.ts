/** Sets of which those with the same entries in the same order are one, where they begin alike and come in a row. */
export class SetInterner<T> {
  readonly #known = new Map<T | undefined, { readonly list: readonly T[]; readonly set: ReadonlySet<T> }>();

  /** The entries as a set, or one of the same entries that came before it. */
  intern(list: readonly T[]): ReadonlySet<T> {
    const known = this.#known.get(list[0]);
    if (known?.list.length === list.length && known.list.every((each, rank) => each === list[rank]))
      return known.set;
    const set = new Set(list);
    this.#known.set(list[0], { list, set });
    return set;
  }
}
