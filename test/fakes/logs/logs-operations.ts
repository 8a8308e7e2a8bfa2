import type { Operation } from '../operation.ts';
import {
  CREATE_LOG_GROUP,
  CREATE_LOG_STREAM,
  DESCRIBE_LOG_GROUPS,
  DESCRIBE_LOG_STREAMS,
} from './logs-groups.ts';
import { PUT_LOG_EVENTS } from './logs-put-events.ts';
import { FILTER_LOG_EVENTS, GET_LOG_EVENTS } from './logs-read.ts';

/** The operations of CloudWatch Logs that the server knows, by the service's model of 2014-03-28. */
export const LOGS_OPERATIONS: readonly Operation[] = [
  PUT_LOG_EVENTS,
  CREATE_LOG_STREAM,
  CREATE_LOG_GROUP,
  DESCRIBE_LOG_GROUPS,
  DESCRIBE_LOG_STREAMS,
  FILTER_LOG_EVENTS,
  GET_LOG_EVENTS,
];

/** The operation that an `X-Amz-Target` header names. */
export function findLogsOperation(target: string): Operation | undefined {
  return LOGS_OPERATIONS.find(operation => target === `Logs_20140328.${operation.name}`);
}
