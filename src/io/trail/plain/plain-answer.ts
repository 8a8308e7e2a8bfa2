import { type Fields, fieldsOf } from '../../../core/base/fields.ts';
import { LateAnswer } from '../../../core/change/brief-record.ts';
import { endOfPlainText, endOfValue, isTextAt } from './plain-json.ts';
import type { ShortTexts } from './short-texts.ts';

const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSED = 0x7d;
/** An answer with more fields is parsed as a whole. */
const MOST_NOTED = 64;

/** Goes through what calls were answered, and notes where the fields of the last one stand. */
export class AnswerScan {
  /** Where keys begin behind their quotes, and where values do. */
  readonly #keys = new Int32Array(MOST_NOTED);
  readonly #values = new Int32Array(MOST_NOTED);
  readonly #texts: ShortTexts;
  #count = 0;
  /** The one that the notes are of. */
  #answer: PlainAnswer | undefined;

  constructor(texts: ShortTexts) {
    this.#texts = texts;
  }

  /** The place after the object that begins here; 0 where it is not plain, or one of its own keys has an escape. */
  findEnd(bytes: Buffer, start: number): number {
    const { length } = bytes;
    this.#answer = undefined;
    this.#count = 0;
    let at = start + 1;
    if (at < length && bytes[at] === CLOSED) return at + 1;
    while (at < length) {
      const colon = endOfPlainText(bytes, at);
      if (colon === 0 || colon >= length || bytes[colon] !== COLON) return 0;
      this.#note(at + 1, colon + 1);
      at = endOfValue(bytes, colon + 1);
      if (at === 0 || at >= length) return 0;
      if (bytes[at] === CLOSED) return at + 1;
      if (bytes[at] !== COMMA) return 0;
      at += 1;
    }
    return 0;
  }

  /** The answer that was gone through last. */
  read(bytes: Buffer, start: number, end: number): LateAnswer {
    this.#answer = new PlainAnswer(this, bytes, start, end);
    return this.#answer;
  }

  /** Where the value of a field stands in an answer, 0 if there is none; undefined if there are no notes of it any more. */
  findValue(answer: PlainAnswer, bytes: Buffer, name: string): number | undefined {
    if (answer !== this.#answer || this.#count > MOST_NOTED) return undefined;
    // The last of several counts, as in JSON.parse.
    for (let rank = this.#count - 1; rank >= 0; rank -= 1) {
      const value = this.#values[rank] ?? 0;
      const key = this.#keys[rank] ?? 0;
      // Behind a key are its quote and the colon.
      if (value - key - 2 === name.length && isTextAt(name, bytes, key)) return value;
    }
    return 0;
  }

  /** The value that begins here. */
  valueAt(bytes: Buffer, at: number): unknown {
    const end = endOfPlainText(bytes, at);
    if (end !== 0) return this.#texts.read(bytes, at + 1, end - 1);
    return JSON.parse(bytes.toString('latin1', at, endOfValue(bytes, at)));
  }

  #note(key: number, value: number): void {
    if (this.#count < MOST_NOTED) {
      this.#keys[this.#count] = key;
      this.#values[this.#count] = value;
    }
    this.#count += 1;
  }
}

class PlainAnswer extends LateAnswer {
  readonly #scan: AnswerScan;
  readonly #bytes: Buffer;
  readonly #start: number;
  readonly #end: number;
  #fields: Fields | undefined;

  constructor(scan: AnswerScan, bytes: Buffer, start: number, end: number) {
    super();
    this.#scan = scan;
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
  }

  field(name: string): unknown {
    const value = this.#scan.findValue(this, this.#bytes, name);
    if (value === undefined) return this.fields()[name];
    return value === 0 ? undefined : this.#scan.valueAt(this.#bytes, value);
  }

  fields(): Fields {
    this.#fields ??= fieldsOf(JSON.parse(this.#bytes.toString('latin1', this.#start, this.#end)));
    return this.#fields;
  }
}
