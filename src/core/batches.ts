import type { AuditEventEntry } from './audit-event.ts';

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
