import { fieldsOf, textOf } from '../base/fields.ts';
import type { Problem } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import type { AuditEventEntry } from '../marker/event.ts';

/**
 * Limits of one PutAuditEvents request: 100 events, and a body that stays under 1 MB.
 * Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
const BATCH_LIMITS = { events: 100, bytes: 1_000_000 } as const;

const OPEN = '{"auditEvents":[';
const CLOSED = ']}';

/** The JSON that stands for an entry in a body. */
interface WrittenEntry {
  readonly id: string;
  readonly text: string;
}

/**
 * The entries of one request, written once: the texts that were counted are those that are sent. While requests are under way, their
 * bodies are all that is held of entries.
 */
export class AuditBatch {
  /** The body of the request, JSON without blanks. */
  readonly body: string;
  readonly #ids: readonly string[];
  /** How long the text of each entry is. */
  readonly #lengths: readonly number[];

  constructor(written: readonly WrittenEntry[]) {
    this.body = `${OPEN}${written.map(({ text }) => text).join(',')}${CLOSED}`;
    this.#ids = written.map(({ id }) => id);
    this.#lengths = written.map(({ text }) => text.length);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#ids.length;
  }

  /** A batch of those entries alone. */
  only(ids: ReadonlySet<string>): AuditBatch {
    let start = OPEN.length;
    const written = this.#ids.map((id, rank) => {
      const end = start + (this.#lengths[rank] ?? 0);
      const text = this.body.slice(start, end);
      start = end + 1;
      return { id, text };
    });
    return new AuditBatch(written.filter(({ id }) => ids.has(id)));
  }
}

/**
 * Splits entries into batches that each fit into one request; order is kept and nothing is lost.
 * Two entries with one id never share a batch, for CloudTrail refuses such a request (DuplicatedAuditEventId).
 *
 * @example
 * planBatches([entry, entry]).length; // 2: one id in both
 */
export function planBatches(entries: Iterable<AuditEventEntry>): AuditEventEntry[][] {
  return split(entries, entry => entry);
}

/** The batches of {@link planBatches}, with their bodies. */
export function toBatches(entries: Iterable<AuditEventEntry>): AuditBatch[] {
  return split(entries, ({ id }, text) => ({ id, text })).map(written => new AuditBatch(written));
}

/** @param keep what is kept of an entry and of the JSON that stands for it */
function split<T>(
  entries: Iterable<AuditEventEntry>,
  keep: (entry: AuditEventEntry, text: string) => T,
): T[][] {
  const batches: T[][] = [];
  let batch: T[] = [];
  let ids = new Set<string>();
  let bytes = OPEN.length + CLOSED.length;
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    const size = Buffer.byteLength(text) + 1;
    const isFull =
      batch.length === BATCH_LIMITS.events || bytes + size >= BATCH_LIMITS.bytes || ids.has(entry.id);
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      ids = new Set();
      bytes = OPEN.length + CLOSED.length;
    }
    batch.push(keep(entry, text));
    ids.add(entry.id);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/**
 * What is wrong with a whole list of `auditEvents`, beside its entries. The body is taken as it is sent, without blanks.
 *
 * @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html (DuplicatedAuditEventId)
 */
export function putAuditEventsProblems(entries: readonly unknown[]): Problem[] {
  const { events, bytes } = BATCH_LIMITS;
  const size = Buffer.byteLength(JSON.stringify({ auditEvents: entries }));
  const messages: string[] = [];
  if (entries.length > events) {
    messages.push(`auditEvents has ${entries.length} events, of which PutAuditEvents takes ${events}`);
  }
  if (size >= bytes) {
    messages.push(`auditEvents has ${size} bytes, of which PutAuditEvents takes less than ${bytes}`);
  }
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const entry of entries) {
    const id = textOf(fieldsOf(entry)['id']);
    if (id !== undefined) (seen.has(id) ? twice : seen).add(id);
  }
  if (twice.size > 0) {
    const [first, ...others] = twice;
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    messages.push(`auditEvents has the id ${quote(first)}${more} more than once`);
  }
  return messages.map(message => ({ path: '', message }));
}
