import { parseJson } from '../base/json-record.ts';
import type { Problem } from '../base/problem.ts';
import { checksumOf } from './event.ts';
import { auditEventProblems } from './event-schema.ts';
import { parseMarkerInput } from './schema.ts';

/**
 * Checks one record as `validate` takes it: a marker, an audit event, or an entry of a PutAuditEvents request (an
 * audit event as text with its id and checksum). Which one it is, its fields tell.
 */
export function checkRecord(record: unknown): readonly Problem[] {
  if (typeof record !== 'object' || record === null || Array.isArray(record)) {
    return [{ path: '', message: 'is not a JSON object' }];
  }
  if ('eventData' in record) return entryProblems(record);
  const isAuditEvent = ['userIdentity', 'eventSource', 'eventName', 'requestParameters', 'UID'].some(
    key => key in record,
  );
  return isAuditEvent ? auditEventProblems(record) : parseMarkerInput(record).problems;
}

/** Source of the rules: https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_AuditEvent.html */
function entryProblems(entry: {
  readonly eventData: unknown;
  readonly id?: unknown;
  readonly eventDataChecksum?: unknown;
}): Problem[] {
  const { id, eventData, eventDataChecksum } = entry;
  const problems: Problem[] = [];
  if (typeof id !== 'string' || !/^[-_A-Za-z0-9]{1,128}$/.test(id)) {
    problems.push({ path: '/id', message: 'must be 1 to 128 characters of A-Z a-z 0-9 - _' });
  }
  if (typeof eventData !== 'string')
    return [...problems, { path: '/eventData', message: 'must be a string holding JSON' }];
  if (eventDataChecksum !== undefined && eventDataChecksum !== checksumOf(eventData)) {
    problems.push({ path: '/eventDataChecksum', message: 'is not the base64 SHA-256 of eventData' });
  }
  const event = parseJson(eventData);
  if (event === undefined) return [...problems, { path: '/eventData', message: 'is not JSON' }];
  const inside = auditEventProblems(event, eventData).map(problem => ({
    ...problem,
    path: `/eventData${problem.path}`,
  }));
  return [...problems, ...inside];
}
