/** As many problems are told of a file, or of what is folded into one error; a file that is another thing has one on each line. */
export const MOST_PROBLEMS = 20;

/** Problems for people: the first {@link MOST_PROBLEMS} by their words, the others counted, in memory that does not grow. */
export class ProblemList {
  readonly #shown: string[] = [];
  #count = 0;

  /** How many there are, shown or not. */
  get count(): number {
    return this.#count;
  }

  /** The first one. */
  get first(): string | undefined {
    return this.#shown[0];
  }

  /** @param problem a function if it takes work to put it into words */
  add(problem: string | (() => string)): void {
    this.#count += 1;
    if (this.#shown.length >= MOST_PROBLEMS) return;
    this.#shown.push(typeof problem === 'string' ? problem : problem());
  }

  /** Counts problems that nobody has words for. */
  addUntold(count: number): void {
    this.#count += count;
  }

  /** Adds what another list has, shown or not. */
  addAll(others: ProblemList, toLine: (shown: string) => string = line => line): void {
    for (const line of others.#shown) this.add(() => toLine(line));
    this.addUntold(others.#count - others.#shown.length);
  }

  /** A line for each that is shown, and one that counts the others, if there are any. */
  toLines(): readonly string[] {
    const more = this.#count - this.#shown.length;
    return more === 0 ? this.#shown : [...this.#shown, `… and ${more.toLocaleString('en')} more`];
  }
}
