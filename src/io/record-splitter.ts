import { isUtf8 } from 'node:buffer';
import { withoutUndefined } from '../core/without-undefined.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';

/** The longest record that is read, in bytes as they stand in the log: our own bound, far above what CloudTrail writes. */
export const LONGEST_RECORD = 4_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSED_LIST = 0x5d;
const OPEN = 0x7b;
const CLOSED = 0x7d;
const EMPTY = Buffer.alloc(0);
/** So many bytes tell a list from JSON Lines, whatever white space there is in any log that a program has written. */
const HEAD = 256;
// Read as Latin-1, in which a byte order mark is three characters.
const LIST = /^(?:\xef\xbb\xbf)?\s*((?:\{\s*"(?:Records|Events)"\s*:\s*)?\[)/;
const LINES = /^(?:\xef\xbb\xbf)?\s*(?=\{)/;

/** Takes one parsed CloudTrail record. */
export type TakeRecord = (record: unknown) => void;

/**
 * Splits a CloudTrail log that arrives in pieces into its records: `{"Records": [...]}`, a bare list, JSON Lines, or
 * what `aws cloudtrail lookup-events` prints, whose records are texts inside of entries. Memory is that of one piece and
 * one record.
 *
 * Only records that hold one of the needles are parsed and taken; of the others, only the first and the last of each piece are looked into.
 */
export class RecordSplitter {
  readonly #needles: readonly Buffer[];
  readonly #take: TakeRecord;
  readonly #glance: TakeRecord;
  /** From the first byte that no record has used up. */
  #rest: Buffer = EMPTY;
  /** Where to go on in `#rest`, and how many braces are open there. */
  #at = 0;
  #depth = 0;
  #layout: 'unknown' | 'list' | 'lines' = 'unknown';
  #next: 'any' | 'comma' | 'record' = 'any';
  /** What stands before the list, and what after it, once it has ended. */
  #head = '';
  #tail: string | undefined;
  #count = 0;

  /**
   * @param needles texts as they stand in the log, quotes included; with none, every record is taken
   * @param glance takes a few of the others: the first of all, and the last of each piece
   */
  constructor(needles: readonly string[], take: TakeRecord, glance: TakeRecord = () => {}) {
    this.#needles = needles.map(needle => Buffer.from(needle));
    this.#take = take;
    this.#glance = glance;
  }

  /** How many whole records there have been, taken or not. */
  get count(): number {
    return this.#count;
  }

  /** @throws DeployMarkerError TRAIL_LOG_INVALID, saying what is wrong but not in which file */
  push(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    this.#rest = bytes;
    if (this.#layout === 'unknown' && bytes.length < HEAD) return;
    this.#split(bytes);
    if (this.#rest.length > LONGEST_RECORD || (this.#tail ?? '').length > LONGEST_RECORD) {
      throw invalid(`record ${this.#count + 1} is longer than ${LONGEST_RECORD} bytes`);
    }
  }

  /** @throws DeployMarkerError TRAIL_LOG_INVALID if the log was not whole */
  end(): void {
    this.#split(this.#rest);
    const isOpen = this.#layout === 'list' ? this.#tail === undefined : this.#rest.length > 0;
    if (isOpen) throw invalid(`it is cut off after ${this.#count} records`);
    if (this.#tail !== undefined && parse(this.#head + this.#tail) === undefined) {
      throw invalid(`what follows its ${this.#count} records is not the end of a log`);
    }
  }

  #split(bytes: Buffer): void {
    if (this.#layout === 'unknown') this.#readHead(bytes);
    const finders = this.#needles.map(needle => new Finder(bytes, needle));
    let start = 0;
    let passed: readonly [number, number] | undefined;
    while (this.#tail === undefined) {
      if (this.#depth === 0) {
        this.#at = this.#skipGap(bytes, this.#at);
        start = this.#at;
        if (start === bytes.length || this.#tail !== undefined) break;
      }
      if (!this.#findEnd(bytes)) break;
      const end = this.#at;
      this.#count += 1;
      if (finders.length === 0 || finders.some(finder => finder.isBetween(start, end))) {
        this.#take(this.#parseRecord(bytes, start, end));
      } else if (this.#count === 1) this.#glance(this.#parseRecord(bytes, start, end));
      else passed = [start, end];
    }
    if (passed !== undefined) this.#glance(this.#parseRecord(bytes, ...passed));
    if (this.#tail !== undefined) {
      this.#tail += bytes.toString('latin1', this.#at);
      start = bytes.length;
      this.#at = start;
    }
    this.#rest = bytes.subarray(start);
    this.#at -= start;
  }

  #readHead(bytes: Buffer): void {
    const head = bytes.toString('latin1', 0, HEAD);
    const list = LIST.exec(head);
    const start = list ?? LINES.exec(head);
    if (start === null) throw invalid(head.trim() === '' ? 'it is empty' : 'it does not begin like one');
    this.#layout = list === null ? 'lines' : 'list';
    this.#at = start[0].length;
    this.#head = list?.[1] ?? '';
  }

  /** Goes to where the next record begins, or to the end of the list or of the bytes. */
  #skipGap(bytes: Buffer, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte === OPEN && this.#next !== 'comma') {
        this.#next = this.#layout === 'list' ? 'comma' : 'any';
        return at;
      }
      if (byte === COMMA && this.#next === 'comma') this.#next = 'record';
      else if (byte === CLOSED_LIST && this.#layout === 'list' && this.#next !== 'record') {
        this.#tail = '';
        return at;
      } else if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
        throw invalid(`there is something else than a record after ${this.#count} records`);
      }
    }
    return bytes.length;
  }

  /** Goes to where the braces are closed; false if that is not among the bytes. Strings are skipped by native search. */
  #findEnd(bytes: Buffer): boolean {
    let depth = this.#depth;
    let at = this.#at;
    let isFound = false;
    while (at < bytes.length && !isFound) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        const end = findStringEnd(bytes, at + 1);
        // The whole string is read again when there is more of it.
        if (end === 0) break;
        at = end;
        continue;
      }
      if (byte === OPEN) depth += 1;
      else if (byte === CLOSED) {
        depth -= 1;
        isFound = depth === 0;
      }
      at += 1;
    }
    this.#depth = depth;
    this.#at = at;
    return isFound;
  }

  #parseRecord(bytes: Buffer, start: number, end: number): unknown {
    const text = bytes.toString('utf8', start, end);
    if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
      throw invalid(`record ${this.#count} is not UTF-8`);
    }
    const value = parse(text);
    const record = isEntry(value) ? parse(value.CloudTrailEvent) : value;
    if (record === undefined) throw invalid(`record ${this.#count} is not JSON`);
    if (this.#count === 1 && !isRecord(record)) {
      const hint = isMarker(record) ? 'it looks like a file of markers; pass it with --markers' : undefined;
      throw invalid('its first record is not one of CloudTrail', hint);
    }
    return record;
  }
}

/** Finds the places of one text, going forward only, so that the bytes are searched once. */
class Finder {
  readonly #bytes: Buffer;
  readonly #needle: Buffer;
  #at = -2;

  constructor(bytes: Buffer, needle: Buffer) {
    this.#bytes = bytes;
    this.#needle = needle;
  }

  isBetween(start: number, end: number): boolean {
    if (this.#at !== -1 && this.#at < start) this.#at = this.#bytes.indexOf(this.#needle, start);
    return this.#at !== -1 && this.#at < end;
  }
}

/** The place after the closing quote; 0 if there is none. */
function findStringEnd(bytes: Buffer, start: number): number {
  for (let quote = bytes.indexOf(QUOTE, start); quote !== -1; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let before = quote - 1;
    while (bytes[before] === BACKSLASH) before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
  return 0;
}

/** An entry of a LookupEvents answer. */
function isEntry(value: unknown): value is { CloudTrailEvent: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'CloudTrailEvent' in value &&
    typeof value.CloudTrailEvent === 'string'
  );
}

/** S3's event notifications have `Records` with a source and a name as well, but no id. */
function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'eventSource' in value && 'eventID' in value;
}

function isMarker(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'uid' in value && 'deploy_id' in value;
}

/** JSON has no undefined, which therefore says that the text is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(why: string, hint?: string): DeployMarkerError {
  return new DeployMarkerError('TRAIL_LOG_INVALID', why, withoutUndefined({ hint }));
}
