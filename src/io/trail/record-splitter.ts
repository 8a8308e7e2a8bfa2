import { parseJson } from '../../core/base/json-record.ts';
import type { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { hintOfHead, MAGIC_HEAD } from './log-head.ts';
import { PlainRecords } from './plain/plain-records.ts';
import { invalidLog as invalid, parseRecord } from './record-bytes.ts';
import { type ByteFilter, isBlank, isPadding, type PlaceTest, type RecordPlace } from './record-filter.ts';
import { isAmbiguous, KEY_TWICE, LISTS, openForm, type TakeRecord } from './record-forms.ts';
import { RecordTally } from './record-tally.ts';
import { ValueScan } from './value-scan.ts';

/** The longest record that is read, in bytes as they stand in the log: our own bound, far above what CloudTrail writes. */
export const LONGEST_RECORD = 4_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSED_LIST = 0x5d;
const OPEN = 0x7b;
const EMPTY = Buffer.alloc(0);
/** So many bytes tell a list from a record, whatever white space there is in any log that a program has written. */
const HEAD = 256;
/** Of so many bytes of a piece, one record that the filter leaves out is shown. */
const SHOWN_EVERY = 262_144;
/** So much of a piece is joined to what is left of the one before, then twice as much: most records end in it. */
const SEAM = 8192;
const LIST = new RegExp(`^\\{\\s*"(?:${LISTS.join('|')})"\\s*:\\s*\\[`);

/** How records are split, beside what is taken of them. */
export interface SplitOptions {
  /** Takes a few of those that the filter leaves out: the first record of all, the last of each piece, and of a long one some more. */
  readonly glance?: TakeRecord | undefined;
  /** Shared by the splitters of many logs, since it remembers what comes again. */
  readonly plain?: PlainRecords;
}

/**
 * Splits a CloudTrail log that arrives in pieces into its records. It is a row of JSON documents, each of which is
 * `{"Records": [...]}`, a bare list, a record, or any other form that {@link openForm} knows. Memory is that of one piece and one
 * record, or of one document that does not begin with its list.
 *
 * Every record is taken, or left out by the filter, or refused by name, or there is an error. A few of those left out are shown.
 */
export class RecordSplitter {
  readonly #filter: ByteFilter | undefined;
  readonly #tally: RecordTally;
  readonly #glance: TakeRecord;
  readonly #plain: PlainRecords;
  /** From the first byte that no record has used up. */
  #rest: Buffer = EMPTY;
  /** Where to go on in `#rest`. */
  #at = 0;
  readonly #scan = new ValueScan();
  /** Whether a record has begun and not ended. */
  #isOpen = false;
  /** Between documents, in a list, or behind the list of an object. */
  #place: 'outside' | 'list' | 'behind' = 'outside';
  #next: 'any' | 'comma' | 'record' = 'any';
  /** What stands before the list. */
  #head = '';
  #documents = 0;
  /** The last record of a piece that the filter left out; and from where on in these bytes one is shown at once. */
  #passed: { readonly bytes: Buffer; readonly start: number; readonly end: number } | undefined;
  #showFrom = 0;

  /**
   * @param filter tells what need not be parsed; without it every record is taken
   * @param take gets records that are written as CloudTrail writes them without the fields that nobody looks at
   */
  constructor(filter: ByteFilter | undefined, take: TakeRecord, options: SplitOptions = {}) {
    this.#filter = filter;
    this.#glance = options.glance ?? (() => {});
    this.#plain = options.plain ?? new PlainRecords();
    this.#tally = new RecordTally(take);
  }

  /** How many whole records there have been, taken or not. */
  get count(): number {
    return this.#tally.count;
  }

  /** Those that are none of CloudTrail, and a step that helps if one is known. */
  get refused(): RecordTally['refused'] {
    return this.#tally.refused;
  }

  /** Whether a document says of itself that it is one of several pages. */
  get isPage(): boolean {
    return this.#tally.isPage;
  }

  /** @throws DeployMarkerError TRAIL_LOG_INVALID, saying what is wrong but not in which file */
  push(piece: Buffer): void {
    let from = 0;
    // Only as much is copied as the record needs that the piece before has begun.
    for (let size = SEAM; this.#rest.length > from && from < piece.length; size *= 2) {
      const part = piece.subarray(from, from + size);
      this.#split(Buffer.concat([this.#rest, part]), false);
      from += part.length;
    }
    if (from < piece.length) this.#split(piece.subarray(from - this.#rest.length), false);
    this.#showPassed();
    if (this.#rest.length <= LONGEST_RECORD) return;
    const hint = 'write one record a line, for example with jq -c ".Records[]"';
    throw invalid(`record ${this.count + 1} is longer than ${LONGEST_RECORD} bytes`, hint);
  }

  /** @throws DeployMarkerError TRAIL_LOG_INVALID if the log was not whole */
  end(): void {
    this.#split(this.#rest, true);
    this.#showPassed();
    if (this.#rest.length > 0 || this.#place !== 'outside') {
      throw invalid(`it is cut off after ${this.count} records`);
    }
    if (this.#documents === 0) throw invalid('it is empty');
  }

  #split(bytes: Buffer, isLast: boolean): void {
    const isOther = this.#filter?.open(bytes);
    let start = 0;
    this.#showFrom = SHOWN_EVERY;
    for (;;) {
      if (!this.#isOpen) {
        this.#skipGap(bytes);
        start = this.#at;
        if (start === bytes.length) break;
        if (this.#place === 'outside') {
          if (bytes.length - start < HEAD && !isLast) break;
          if (this.#openDocument(bytes)) continue;
        }
        if (this.#place !== 'behind') {
          if (this.#plain.find(bytes, start)) {
            this.#finishPlain(bytes, isOther);
            continue;
          }
          this.#scan.begin(0);
        }
        this.#isOpen = true;
      }
      this.#at = this.#scan.findEnd(bytes, this.#at);
      if (!this.#scan.isDone) break;
      this.#finish(bytes, start, isOther);
    }
    this.#rest = start === bytes.length ? EMPTY : bytes.subarray(start);
    this.#at -= start;
    this.#scan.move(-start);
  }

  /** Goes into the list with which a document begins. @returns whether it does */
  #openDocument(bytes: Buffer): boolean {
    this.#documents += 1;
    const head =
      bytes[this.#at] === OPEN_LIST
        ? '['
        : LIST.exec(bytes.toString('latin1', this.#at, this.#at + HEAD))?.[0];
    if (head === undefined) return false;
    this.#head = head;
    this.#at += head.length;
    this.#place = 'list';
    this.#next = 'any';
    return true;
  }

  /** Goes to where the next record or document begins, or to the end of the bytes. */
  #skipGap(bytes: Buffer): void {
    for (; this.#at < bytes.length; this.#at += 1) {
      const byte = bytes[this.#at];
      if (isBlank(byte)) continue;
      if (this.#place === 'outside' ? this.#isOutside(bytes, byte) : this.#isInList(byte)) continue;
      return;
    }
  }

  /** Between documents. @returns false where one begins */
  #isOutside(bytes: Buffer, byte: number | undefined): boolean {
    const isStart = byte === OPEN || byte === OPEN_LIST || byte === QUOTE;
    // Zeros inside of JSON are UTF-16.
    if (isStart && bytes[this.#at + 1] !== 0) return false;
    if (isPadding(byte)) return true;
    if (this.#documents > 0) throw this.#somethingElse();
    const head = bytes.subarray(this.#at, this.#at + MAGIC_HEAD);
    throw invalid('it does not begin like one', hintOfHead(head));
  }

  /** @returns false where a record begins, or the list has ended */
  #isInList(byte: number | undefined): boolean {
    if (byte === COMMA && this.#next === 'comma') {
      this.#next = 'record';
      return true;
    }
    if (byte === CLOSED_LIST && this.#next !== 'record') {
      this.#place = this.#head === '[' ? 'outside' : 'behind';
      // What is behind the list begins with its own bracket, and ends with the brace that is open before it.
      this.#scan.begin(2);
      return this.#place === 'outside';
    }
    if (this.#next === 'comma' || (byte !== OPEN && byte !== OPEN_LIST && byte !== QUOTE)) {
      throw this.#somethingElse();
    }
    this.#next = 'comma';
    return false;
  }

  #somethingElse(): DeployMarkerError {
    return invalid(`there is something else than a record after ${this.count} records`);
  }

  #finishPlain(bytes: Buffer, isOther: PlaceTest | undefined): void {
    const { place } = this.#plain;
    this.#at = place.end;
    if (isOther?.(place)) this.#passOver(bytes, place);
    else this.#tally.take(this.#plain.read(bytes));
  }

  #finish(bytes: Buffer, start: number, isOther: PlaceTest | undefined): void {
    const end = this.#at;
    const { sourceKey, commas } = this.#scan;
    this.#isOpen = false;
    if (this.#place === 'behind') {
      this.#place = 'outside';
      this.#endDocument(bytes.toString('utf8', start, end));
    } else if (isOther?.({ start, end, sourceKey })) this.#passOver(bytes, { start, end });
    else this.#open(bytes, [start, end], commas);
  }

  #passOver(bytes: Buffer, { start, end }: Omit<RecordPlace, 'sourceKey'>): void {
    this.#tally.pass();
    this.#passed = { bytes, start, end };
    if (this.count > 1 && start < this.#showFrom) return;
    this.#showPassed();
    this.#showFrom = start + SHOWN_EVERY;
  }

  #showPassed(): void {
    const passed = this.#passed;
    this.#passed = undefined;
    if (passed) this.#glance(parseRecord(passed.bytes, [passed.start, passed.end], this.count));
  }

  #endDocument(tail: string): void {
    const value = parseJson(this.#head + tail);
    if (value === undefined) throw invalid(`what follows its ${this.count} records is not the end of a log`);
    openForm(value, this.#tally);
  }

  #open(bytes: Buffer, place: readonly [start: number, end: number], commas: number): void {
    const value = parseRecord(bytes, place, this.count + 1);
    if (commas > 0 && bytes[place[0]] === OPEN && isAmbiguous(value, commas)) this.#tally.refuse(KEY_TWICE);
    else openForm(value, this.#tally);
  }
}
