import type { Operation } from '../operation.ts';
import { LOOKUP_EVENTS } from './cloudtrail-lookup.ts';
import { GET_CHANNEL, GET_EVENT_DATA_STORE } from './cloudtrail-status.ts';
import { CANCEL_QUERY, DESCRIBE_QUERY, GET_QUERY_RESULTS, START_QUERY } from './lake-operations.ts';
import { LIST_PUBLIC_KEYS } from './public-keys.ts';

// The short form is how the JavaScript SDK writes it, the long one botocore's.
const TARGET = /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?CloudTrail_20131101\.(\w+)$/;

/** The operations of CloudTrail that read, by the service's model of 2013-11-01. */
export const CLOUDTRAIL_OPERATIONS: readonly Operation[] = [
  LOOKUP_EVENTS,
  START_QUERY,
  DESCRIBE_QUERY,
  GET_QUERY_RESULTS,
  CANCEL_QUERY,
  GET_CHANNEL,
  GET_EVENT_DATA_STORE,
  LIST_PUBLIC_KEYS,
];

/** The operation that an `X-Amz-Target` header names. */
export function findCloudTrailOperation(target: string): Operation | undefined {
  const name = TARGET.exec(target)?.[1];
  return CLOUDTRAIL_OPERATIONS.find(operation => operation.name === name);
}
