import { fieldsOf, textOf } from '../base/fields.ts';
import type { Problem } from '../base/problem.ts';
import { quote } from '../base/quote.ts';
import type { AuditEventEntry } from '../marker/event.ts';

/**
 * Limits of one PutAuditEvents request: 100 events, and a body that stays under 1 MB.
 * Source: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export const BATCH_LIMITS = { events: 100, bytes: 1_000_000 } as const;

const ENVELOPE = Buffer.byteLength('{"auditEvents":[]}');

/**
 * Splits entries into batches that each fit into one request; order is kept and nothing is lost.
 * Two entries with one id never share a batch, for CloudTrail refuses such a request (DuplicatedAuditEventId).
 */
export function planBatches(entries: Iterable<AuditEventEntry>): AuditEventEntry[][] {
  const batches: AuditEventEntry[][] = [];
  let batch: AuditEventEntry[] = [];
  let ids = new Set<string>();
  let bytes = ENVELOPE;
  for (const entry of entries) {
    const size = Buffer.byteLength(JSON.stringify(entry)) + 1;
    const isFull =
      batch.length === BATCH_LIMITS.events || bytes + size >= BATCH_LIMITS.bytes || ids.has(entry.id);
    if (isFull && batch.length > 0) {
      batches.push(batch);
      batch = [];
      ids = new Set();
      bytes = ENVELOPE;
    }
    batch.push(entry);
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
