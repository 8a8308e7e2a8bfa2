import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { append } from '../base/append.ts';
import type { Marker } from '../marker/marker.ts';

/**
 * Limits of one PutLogEvents request and its events.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
const LOG_LIMITS = {
  events: 10_000,
  /** Of all messages in UTF-8, and {@link LOG_LIMITS.eventOverhead} for each. */
  bytes: 1_048_576,
  /** Of one message and its overhead: "1 MB" in the documentation, which is read as the smaller of the two. */
  eventBytes: 1_000_000,
  eventOverhead: 26,
  spanMs: 24 * 3_600_000,
  oldestMs: 14 * 24 * 3_600_000,
  newestMs: 2 * 3_600_000,
  streamNameLength: 512,
} as const;

/** A marker as CloudWatch Logs stores it. */
export interface LogEvent {
  readonly uid: string;
  /** Name of the log stream. */
  readonly stream: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The audit event as JSON text. */
  readonly message: string;
}

/** Events of one stream that fit into one request, in the order of their time. */
export interface LogBatch {
  readonly stream: string;
  readonly events: readonly LogEvent[];
}

/** The stream of a marker: `<component>/<yyyy-mm-dd>`, with `-` for the characters `:` and `*`, which are not allowed. */
export function toStreamName(marker: Marker): string {
  const day = (marker.deployed_at ?? marker.recorded_at).slice(0, 'yyyy-mm-dd'.length);
  const component = marker.component.replace(/[:*]/g, '-');
  // The end of an ARN tells more than its beginning. Half a character at the cut would be none that can be sent.
  const end = component
    .slice(-(LOG_LIMITS.streamNameLength - day.length - 1))
    .replace(/^[\uDC00-\uDFFF]/, '');
  return `${end}/${day}`;
}

/** Milliseconds since the epoch at which a marker's event happened. */
export function toTimestamp(marker: Marker): number {
  return Date.parse(marker.deployed_at ?? marker.recorded_at);
}

/** Why CloudWatch Logs would drop an event of this time, if it would; it answers HTTP 200 all the same. */
export function ageProblem(timestamp: number, now: number): string | undefined {
  if (timestamp < now - LOG_LIMITS.oldestMs) return 'it is more than 14 days old';
  if (timestamp > now + LOG_LIMITS.newestMs) return 'it is more than 2 hours in the future';
  return undefined;
}

/** @throws DeployMarkerError EVENT_TOO_LARGE if the event is over the size of one */
export function checkLogEvent({ uid, message }: Pick<LogEvent, 'uid' | 'message'>): void {
  const size = Buffer.byteLength(message) + LOG_LIMITS.eventOverhead;
  if (size <= LOG_LIMITS.eventBytes) return;
  throw new DeployMarkerError(
    'EVENT_TOO_LARGE',
    `marker ${uid} is too large for CloudWatch Logs: ${size} bytes; at most ${LOG_LIMITS.eventBytes} are allowed`,
  );
}

/** Splits events into batches that each fit into one request: one stream, in order of time, within 24 hours. Nothing is lost. */
export function planLogBatches(events: Iterable<LogEvent>): LogBatch[] {
  const streams = new Map<string, LogEvent[]>();
  for (const event of events) append(streams, event.stream, event);
  return [...streams].flatMap(([stream, list]) =>
    splitStream(list.toSorted((a, b) => a.timestamp - b.timestamp)).map(part => ({ stream, events: part })),
  );
}

function splitStream(events: readonly LogEvent[]): LogEvent[][] {
  const parts: LogEvent[][] = [];
  let part: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + LOG_LIMITS.eventOverhead;
    const [first] = part;
    const isFull =
      part.length === LOG_LIMITS.events ||
      bytes + size > LOG_LIMITS.bytes ||
      (first !== undefined && event.timestamp - first.timestamp > LOG_LIMITS.spanMs);
    if (isFull && part.length > 0) {
      parts.push(part);
      part = [];
      bytes = 0;
    }
    part.push(event);
    bytes += size;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
