import { ProblemList } from '../../core/base/problem-list.ts';
import type { Foreign } from './foreign-record.ts';
import type { FormSink, TakeRecord } from './record-forms.ts';

/** Counts what is found in a log, and hands on its records. */
export class RecordTally implements FormSink {
  readonly #take: TakeRecord;
  #count = 0;
  #isPage = false;
  #hint: string | undefined;
  readonly #problems = new ProblemList();

  constructor(take: TakeRecord) {
    this.#take = take;
  }

  /** How many whole records there have been, taken or not. */
  get count(): number {
    return this.#count;
  }

  /** Those that are none of CloudTrail, and a step that helps if one is known. */
  get refused(): { readonly problems: ProblemList; readonly hint: string | undefined } {
    return { problems: this.#problems, hint: this.#hint };
  }

  /** Whether a document says of itself that it is one of several pages. */
  get isPage(): boolean {
    return this.#isPage;
  }

  take(record: unknown): void {
    this.#count += 1;
    this.#take(record);
  }

  refuse({ what, hint }: Foreign): void {
    this.#count += 1;
    const rank = this.#count;
    this.#problems.add(() => `record ${rank} is ${what}`);
    this.#hint ??= hint;
  }

  cut(): void {
    this.#isPage = true;
  }

  /** A record that is left out. */
  pass(): void {
    this.#count += 1;
  }
}
