import { fieldsOf, textOf } from '../base/fields.ts';
import type { Problem } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import type { AuditEventEntry } from '../marker/event.ts';

/**
 * Limits of one PutAuditEvents request: 100 events, and a body that stays under 1 MB.
 * Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export const BATCH_LIMITS = { events: 100, bytes: 1_000_000 } as const;

const OPEN = '{"auditEvents":[';
const CLOSED = ']}';

/** An entry, and the JSON that stands for it in a body. */
interface WrittenEntry {
  readonly entry: AuditEventEntry;
  readonly text: string;
}

/** The entries of one request, written once: the texts that were counted are those that are sent. */
export class AuditBatch {
  readonly #written: readonly WrittenEntry[];

  constructor(written: readonly WrittenEntry[]) {
    this.#written = written;
  }

  get entries(): AuditEventEntry[] {
    return this.#written.map(({ entry }) => entry);
  }

  /** How many entries there are. */
  get size(): number {
    return this.#written.length;
  }

  /** The body of the request, JSON without blanks. */
  get body(): string {
    return `${OPEN}${this.#written.map(({ text }) => text).join(',')}${CLOSED}`;
  }

  /** A batch of those entries alone. */
  only(ids: ReadonlySet<string>): AuditBatch {
    return new AuditBatch(this.#written.filter(({ entry }) => ids.has(entry.id)));
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
  return toBatches(entries).map(batch => batch.entries);
}

/** The batches of {@link planBatches}, with their bodies. */
export function toBatches(entries: Iterable<AuditEventEntry>): AuditBatch[] {
  const batches: AuditBatch[] = [];
  let batch: WrittenEntry[] = [];
  let ids = new Set<string>();
  let bytes = OPEN.length + CLOSED.length;
  for (const entry of entries) {
    const text = JSON.stringify(entry);
    const size = Buffer.byteLength(text) + 1;
    const isFull =
      batch.length === BATCH_LIMITS.events || bytes + size >= BATCH_LIMITS.bytes || ids.has(entry.id);
    if (isFull && batch.length > 0) {
      batches.push(new AuditBatch(batch));
      batch = [];
      ids = new Set();
      bytes = OPEN.length + CLOSED.length;
    }
    batch.push({ entry, text });
    ids.add(entry.id);
    bytes += size;
  }
  if (batch.length > 0) batches.push(new AuditBatch(batch));
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
