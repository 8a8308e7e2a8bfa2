import { type Problem, toPointer } from '../core/problem.ts';
import { readLines, type TextLine } from './text-lines.ts';

/** A document that is not JSON Lines has to fit into memory whole; this many bytes at the most. */
export const LARGEST_DOCUMENT = 16_000_000;

/** One record of a file: its value, or why it has none. */
export interface JsonRecord {
  /** Line on which the record begins, from 1. */
  readonly line: number;
  readonly value: unknown;
  /** Why the record is no JSON; then there is no value. */
  readonly problem?: Problem;
  /** The line that holds the field at this JSON Pointer of the record. */
  lineOf(path: string): number;
}

/**
 * Reads records: JSON Lines of any length in the memory of one block of lines, or one JSON object or array of at most
 * {@link LARGEST_DOCUMENT} bytes. An object with an `auditEvents` list (a PutAuditEvents body) counts as that list.
 *
 * @returns the records in blocks
 */
export async function* readJsonRecords(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly JsonRecord[]> {
  const head: TextLine[] = [];
  let size = 0;
  let isDocument: boolean | undefined;
  for await (const block of readLines(chunks)) {
    const filled = block.filter(line => !isBlank(line));
    const [first] = filled;
    if (first === undefined && head.length === 0) continue;
    isDocument ??= first !== undefined && startsDocument(first);
    if (!isDocument) {
      yield filled.map(toLineRecord);
      continue;
    }
    head.push(...(head.length === 0 && first !== undefined ? block.slice(block.indexOf(first)) : block));
    size += block.reduce((sum, line) => sum + Buffer.byteLength(line.text ?? '') + 1, 0);
    if (size > LARGEST_DOCUMENT) {
      isDocument = false;
      yield head
        .splice(0)
        .filter(line => !isBlank(line))
        .map(toLineRecord);
    }
  }
  if (head.length > 0) yield await readDocument(head);
}

/** A first line that is a whole JSON object means JSON Lines; anything else may be a document over several lines. */
function startsDocument(line: TextLine): boolean {
  const parsed = parse(line.text);
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
  return { line: line.number, value, problem: { path: '', message: whyNotJson(line.text) }, lineOf };
}

async function readDocument(lines: readonly TextLine[]): Promise<JsonRecord[]> {
  const text = lines.map(line => line.text ?? '').join('\n');
  const document = lines.some(line => line.text === undefined) ? undefined : parse(text);
  if (document === undefined) return lines.filter(line => !isBlank(line)).map(toLineRecord);
  const { path, items } = itemsOf(document);
  const { findLines } = await import('./document-lines.ts');
  const lineAt = findLines(text, lines[0]?.number ?? 1);
  return items.map((value, index) => {
    const prefix = path === undefined ? '' : toPointer([...path, index]);
    return { line: lineAt(prefix), value, lineOf: pointer => lineAt(`${prefix}${pointer}`) };
  });
}

function itemsOf(document: unknown): { path?: readonly string[]; items: readonly unknown[] } {
  if (Array.isArray(document)) return { path: [], items: document };
  if (typeof document === 'object' && document !== null && 'auditEvents' in document) {
    if (Array.isArray(document.auditEvents)) return { path: ['auditEvents'], items: document.auditEvents };
  }
  return { items: [document] };
}

function isBlank(line: TextLine): boolean {
  return line.text !== undefined && line.text.trim() === '';
}

/** JSON has no undefined, which therefore says that the text is none. */
function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function whyNotJson(text: string | undefined): string {
  if (text === undefined) return 'is not UTF-8';
  try {
    JSON.parse(text);
    return 'is not JSON';
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}
