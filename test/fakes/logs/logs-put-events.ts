import { randomUUID } from 'node:crypto';
import { checkMembers, createJsonResponse, readJsonInput, readText, wrongType } from '../aws-json-input.ts';
import { strictViolation } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';
import type { Fault } from '../faults.ts';
import { isJsonObject } from '../http-message.ts';
import type { Operation } from '../operation.ts';
import {
  findLogGroup,
  invalidParameter,
  LOGS,
  logsConstraint,
  noSuchStream,
  readName,
} from './logs-input.ts';
import type { LogGroup } from './logs-state.ts';

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_EVENTS = 10_000;
const MAX_BATCH_BYTES = 1_048_576;
const EVENT_OVERHEAD = 26;
// "Each log event can be no larger than 1 MB": the larger MB is refused, the smaller one is already a violation.
const MAX_EVENT_BYTES = 1_048_576;
const SAFE_EVENT_BYTES = 1_000_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const OLDEST_MS = 14 * DAY_MS;
const NEWEST_MS = 2 * HOUR_MS;
const MAX_SPAN_MS = DAY_MS;

interface InputLogEvent {
  readonly timestamp: number;
  readonly message: string;
}

/** Which events of a batch are refused under HTTP 200: those before an end index, and those from the start index on. */
export interface RejectedLogEventsInfo {
  readonly tooNewLogEventStartIndex?: number;
  readonly tooOldLogEventEndIndex?: number;
  readonly expiredLogEventEndIndex?: number;
}

function readEvent(value: unknown, index: number): InputLogEvent {
  const at = `logEvents.${index + 1}.member`;
  if (!isJsonObject(value)) throw wrongType(at, 'object');
  checkMembers(value, ['timestamp', 'message'], at);
  const { timestamp } = value;
  if (timestamp === undefined || timestamp === null)
    throw logsConstraint(`${at}.timestamp`, 'Member must not be null');
  if (typeof timestamp !== 'number' || !Number.isSafeInteger(timestamp))
    throw wrongType(`${at}.timestamp`, 'integer');
  if (timestamp < 0)
    throw logsConstraint(`${at}.timestamp`, 'Member must have value greater than or equal to 0');
  const message = readText(value, 'message', `${at}.message`);
  if (message === undefined || message === '')
    throw logsConstraint(`${at}.message`, 'Member must have length greater than or equal to 1');
  return { timestamp, message };
}

function readEvents(value: unknown): InputLogEvent[] {
  if (value === undefined) throw logsConstraint('logEvents', 'Member must not be null');
  if (!Array.isArray(value)) throw wrongType('logEvents', 'array');
  if (value.length < 1 || value.length > MAX_EVENTS)
    throw logsConstraint('logEvents', `Member must have length 1 to ${MAX_EVENTS}`);
  return value.map(readEvent);
}

function checkSizes(state: AwsState, events: readonly InputLogEvent[]): void {
  let total = 0;
  for (const { message } of events) {
    const size = Buffer.byteLength(message) + EVENT_OVERHEAD;
    if (size > MAX_EVENT_BYTES)
      throw invalidParameter(`Log event too large: ${size} bytes exceeds limit of ${MAX_EVENT_BYTES}`);
    if (size > SAFE_EVENT_BYTES) tolerate(state, `A log event has ${size} bytes, over 1 MB.`);
    total += size;
  }
  if (total > MAX_BATCH_BYTES)
    throw invalidParameter(`Upload too large: ${total} bytes exceeds limit of ${MAX_BATCH_BYTES}`);
}

function tolerate(state: AwsState, message: string): void {
  state.violations.push({ operation: 'PutLogEvents', message });
}

function checkOrder(events: readonly InputLogEvent[]): void {
  let last = 0;
  for (const { timestamp } of events) {
    if (timestamp < last)
      throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
    last = timestamp;
  }
}

function spanOf(events: readonly InputLogEvent[]): number {
  return (events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0);
}

function checkSpan(state: AwsState, events: readonly InputLogEvent[]): void {
  const now = state.now();
  const valid = events.filter(
    ({ timestamp }) => timestamp >= now - OLDEST_MS && timestamp <= now + NEWEST_MS,
  );
  if (spanOf(valid) > MAX_SPAN_MS)
    throw invalidParameter(
      'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.',
    );
  // The service leaves out events it rejects anyway; a client that counts on it relies on the service's clock.
  if (spanOf(events) > MAX_SPAN_MS) tolerate(state, 'The batch spans more than 24 hours.');
}

/** How many of the events, which are in the order of time, are older than `limit`. */
function countOlder(events: readonly InputLogEvent[], limit: number): number {
  return events.filter(({ timestamp }) => timestamp < limit).length;
}

function judge(now: number, group: LogGroup, events: readonly InputLogEvent[]): RejectedLogEventsInfo {
  const tooOld = countOlder(events, now - OLDEST_MS);
  const { retentionInDays } = group;
  const expired = retentionInDays === undefined ? 0 : countOlder(events, now - retentionInDays * DAY_MS);
  const tooNew = countOlder(events, now + NEWEST_MS + 1);
  return {
    ...(tooNew === events.length ? {} : { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld === 0 ? {} : { tooOldLogEventEndIndex: tooOld }),
    ...(expired === 0 ? {} : { expiredLogEventEndIndex: expired }),
  };
}

function injected(fault: Fault | undefined, count: number): RejectedLogEventsInfo {
  if (fault?.kind !== 'rejectedLogEvents') return {};
  const { kind: _kind, ...info } = fault;
  return Object.keys(info).length === 0 ? { tooOldLogEventEndIndex: count } : info;
}

/** The 56 digits of a sequence token or event id, which mean nothing to a client. */
function mintDigits(): string {
  return BigInt(`0x${randomUUID().replaceAll('-', '')}`)
    .toString()
    .padStart(56, '4');
}

/** PutLogEvents: stores what is neither too old, nor expired, nor too new, and says so of the rest under HTTP 200. */
export const PUT_LOG_EVENTS: Operation = {
  ...LOGS,
  name: 'PutLogEvents',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'logGroupName',
      'logStreamName',
      'logEvents',
      'sequenceToken',
      'entity',
    ]);
    const groupName = readName(input, 'logGroupName');
    const streamName = readName(input, 'logStreamName');
    const events = readEvents(input['logEvents']);
    if (readText(input, 'sequenceToken') === '')
      throw logsConstraint('sequenceToken', 'Member must have length greater than or equal to 1');
    if (input['entity'] !== undefined) throw strictViolation('entity is nothing that our clients send.');
    checkSizes(state, events);
    checkOrder(events);
    checkSpan(state, events);
    return fault => {
      const group = findLogGroup(state, call, groupName);
      const stream = group.streams.get(streamName);
      if (stream === undefined) throw noSuchStream();
      const now = state.now();
      const info = { ...judge(now, group, events), ...injected(fault, events.length) };
      const from = Math.max(info.tooOldLogEventEndIndex ?? 0, info.expiredLogEventEndIndex ?? 0);
      const kept = events.slice(from, info.tooNewLogEventStartIndex ?? events.length);
      stream.push(...kept.map(event => ({ eventId: mintDigits(), ...event, ingestionTime: now })));
      return createJsonResponse({
        nextSequenceToken: mintDigits(),
        ...(Object.keys(info).length === 0 ? {} : { rejectedLogEventsInfo: info }),
      });
    };
  },
};
