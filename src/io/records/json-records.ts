import { parseJson } from '../../core/base/json-record.ts';
import { type Problem, toPointer } from '../../core/base/problem.ts';
import { RankSet } from '../../core/compact/rank-set.ts';
import { putAuditEventsProblems } from '../../core/delivery/batches.ts';
import { CANCELLED } from '../file/torn-line.ts';
import { LONGEST_LINE, readLines, type TextLine } from './text-lines.ts';

/** A document that is not JSON Lines has to fit into memory whole; this many bytes at the most. */
export const LARGEST_DOCUMENT = 16_000_000;

/** One record of a file: its value, or why it has none. */
export interface JsonRecord {
  /** Line on which the record begins, from 1. */
  readonly line: number;
  readonly value: unknown;
  /** Why the record is no JSON; then there is no value. */
  readonly problem?: Problem;
  /** It is the beginning of an object, where a line of JSON Lines breaks off: the last one, or one that was ended so later. */
  readonly isTorn?: true;
  /** What is wrong with the PutAuditEvents body that it is the first entry of. */
  readonly ofBody?: readonly Problem[];
  /** The line that holds the field at this JSON Pointer of the record. */
  lineOf(path: string): number;
}

/** Records that are handed over at once where a document turns out to be lines, or has very many. */
const BLOCK = 4096;

/**
 * Reads records: JSON Lines of any length in the memory of one block of lines, or one JSON object or array of at most
 * {@link LARGEST_DOCUMENT} bytes. An object with an `auditEvents` list (a PutAuditEvents body) counts as that list.
 *
 * @returns the records in blocks
 */
export async function* readJsonRecords(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly JsonRecord[]> {
  const head = new DocumentHead();
  let isDocument: boolean | undefined;
  for await (const block of readLines(chunks)) {
    const first = block.findIndex(line => !isBlank(line));
    if (first === -1 && isDocument === undefined) continue;
    isDocument ??= startsDocument(block[first]);
    if (!isDocument) yield block.filter(line => !isBlank(line)).map(toLineRecord);
    else if (head.add(head.isEmpty ? block.slice(first) : block) > LARGEST_DOCUMENT) {
      isDocument = false;
      yield* head.toLineRecords();
    }
  }
  if (isDocument) yield* readDocument(head);
}

/** Lines of what may be a document, kept as text: a document can have as many lines as bytes. */
class DocumentHead {
  #texts: string[] = [];
  #firstLine = 1;
  #lines = 0;
  #size = 0;
  /** Ranks of lines whose text is not known. */
  readonly #unknown = new RankSet();
  readonly #tooLong = new RankSet();

  get isEmpty(): boolean {
    return this.#lines === 0;
  }

  /** The text of a document; undefined if it is none. */
  get text(): string | undefined {
    return this.#unknown.size > 0 ? undefined : this.#texts.join('\n');
  }

  get firstLine(): number {
    return this.#firstLine;
  }

  /** @returns how many bytes there are now */
  add(block: readonly TextLine[]): number {
    if (this.isEmpty) this.#firstLine = block[0]?.number ?? 1;
    for (const { text, isTooLong } of block) {
      if (text === undefined) this.#unknown.add(this.#lines);
      if (isTooLong) this.#tooLong.add(this.#lines);
      this.#size += isTooLong ? LONGEST_LINE : Buffer.byteLength(text ?? '') + 1;
      this.#lines += 1;
    }
    this.#texts.push(block.map(({ text }) => text ?? '').join('\n'));
    return this.#size;
  }

  /** A record for each line that is not blank, in blocks. Forgets the lines. */
  *toLineRecords(): Generator<readonly JsonRecord[]> {
    const texts = this.#texts;
    this.#texts = [];
    let rank = 0;
    let records: JsonRecord[] = [];
    for (const text of texts) {
      for (const line of text.split('\n')) {
        const known = this.#toLine(line, rank);
        rank += 1;
        if (!isBlank(known)) records.push(toLineRecord(known));
        if (records.length < BLOCK) continue;
        yield records;
        records = [];
      }
    }
    yield records;
  }

  #toLine(line: string, rank: number): TextLine {
    const number = this.#firstLine + rank;
    if (this.#tooLong.has(rank)) return { number, text: undefined, isTooLong: true };
    return { number, text: this.#unknown.has(rank) ? undefined : line };
  }
}

/** A first line that is a whole JSON object means JSON Lines; anything else may be a document over several lines. */
function startsDocument(line: TextLine | undefined): boolean {
  const parsed = parse(line?.text);
  return !(
    typeof parsed === 'object' &&
    parsed !== null &&
    !Array.isArray(parsed) &&
    !('auditEvents' in parsed)
  );
}

function toLineRecord(line: TextLine): JsonRecord {
  const lineOf = (): number => line.number;
  const value = parse(line.text);
  if (value !== undefined) return { line: line.number, value, lineOf };
  const problem = { path: '', message: whyNotJson(line) };
  const isCut = line.isOpen === true || line.text?.endsWith(CANCELLED) === true;
  const isTorn = isCut && line.text?.startsWith('{') === true;
  return { line: line.number, value, problem, lineOf, ...(isTorn ? { isTorn } : {}) };
}

async function* readDocument(head: DocumentHead): AsyncGenerator<readonly JsonRecord[]> {
  const { text, firstLine } = head;
  const document = parse(text);
  if (text === undefined || document === undefined) {
    yield* head.toLineRecords();
    return;
  }
  const { path, items } = itemsOf(document);
  const { findLines } = await import('./document-lines.ts');
  const lineAt = findLines(text, firstLine);
  const ofBody = path?.length === 1 ? putAuditEventsProblems(items) : [];
  for (let start = 0; start < items.length; start += BLOCK) {
    yield items.slice(start, start + BLOCK).map((value, index) => {
      const prefix = path === undefined ? '' : toPointer([...path, start + index]);
      const isFirst = start + index === 0 && ofBody.length > 0;
      const lineOf = (pointer: string): number => lineAt(`${prefix}${pointer}`);
      return { line: lineAt(prefix), value, lineOf, ...(isFirst ? { ofBody } : {}) };
    });
  }
}

function itemsOf(document: unknown): { path?: readonly string[]; items: readonly unknown[] } {
  if (Array.isArray(document)) return { path: [], items: document };
  if (typeof document === 'object' && document !== null && 'auditEvents' in document) {
    if (Array.isArray(document.auditEvents)) return { path: ['auditEvents'], items: document.auditEvents };
  }
  return { items: [document] };
}

function isBlank(line: TextLine): boolean {
  // Of two that end one torn line at once, the second has a line of its own.
  return line.text !== undefined && (line.text.trim() === '' || line.text === CANCELLED);
}

function parse(text: string | undefined): unknown {
  return text === undefined ? undefined : parseJson(text);
}

function whyNotJson({ text, isTooLong }: TextLine): string {
  if (isTooLong) return `is longer than ${LONGEST_LINE} bytes`;
  if (text === undefined) return 'is not UTF-8';
  try {
    JSON.parse(text);
    return 'is not JSON';
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
