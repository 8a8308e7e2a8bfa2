import { hash } from 'node:crypto';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeProblems, type Problem } from '../base/problem.ts';
import type { Marker } from './marker.ts';

/** Version of the mapping from marker to audit event; a reader may rely on it. */
const AUDIT_EVENT_VERSION = '1.0';
/** `eventName` of every marker in CloudTrail Lake. */
export const AUDIT_EVENT_NAME = 'DeployMarker';
/** `eventSource` unless the user names another. */
export const DEFAULT_EVENT_SOURCE = 'deploymarker.internal';

/**
 * Sizes in bytes of UTF-8; kB is 1,000.
 * Sources: https://docs.aws.amazon.com/awscloudtrail/latest/partner-onboarding/lake-partner-onboarding-tasks.html (one
 * event) and https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html.
 */
export const EVENT_SIZES = {
  event: 256_000,
  requestParameters: 100_000,
  responseElements: 100_000,
  additionalEventData: 28_000,
} as const;

/** A marker in CloudTrail Lake's integration schema. */
export interface AuditEvent {
  readonly version: string;
  readonly UID: string;
  readonly userIdentity: {
    readonly type: string;
    readonly principalId: string;
    readonly details: Readonly<Record<string, string>>;
  };
  readonly userAgent: string;
  readonly eventSource: string;
  readonly eventName: string;
  /** UTC whole seconds, `YYYY-MM-DDTHH:MM:SSZ`. */
  readonly eventTime: string;
  /** Every field of the marker, flat, every value a string. */
  readonly requestParameters: Readonly<Record<string, string>>;
  /** The account that owns the channel. */
  readonly recipientAccountId?: string;
}

/** What an audit event needs besides the marker. */
export interface AuditEventOptions {
  /** The account that owns the channel, 12 digits. CloudTrail Lake wants it; elsewhere it may be unknown. */
  readonly recipientAccountId?: string | undefined;
  /** For example `deploy-marker/1.2.3 circleci`. */
  readonly userAgent: string;
  /** Default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
}

/** One entry of a PutAuditEvents request. */
export interface AuditEventEntry {
  /** The marker's UID. */
  readonly id: string;
  /** The audit event as JSON text. */
  readonly eventData: string;
  /** Base64 of the SHA-256 of exactly `eventData`'s bytes. */
  readonly eventDataChecksum: string;
}

/** No size is exceeded by less than the smallest of them. */
const SMALLEST_SIZE = EVENT_SIZES.additionalEventData;

const CI_DETAILS = ['triggered_by', 'repository', 'ref', 'run_id', 'workflow', 'job', 'url'] as const;

/**
 * Turns a marker into the audit event that CloudTrail Lake stores. Pure: the same input gives the same bytes.
 *
 * @example
 * toAuditEvent(marker, { recipientAccountId: '123456789012', userAgent: 'my-tool/1.0' }).eventName; // 'DeployMarker'
 */
export function toAuditEvent(marker: Marker, options: AuditEventOptions): AuditEvent {
  return {
    version: AUDIT_EVENT_VERSION,
    UID: marker.uid,
    userIdentity: {
      type: 'CustomUserIdentity',
      principalId: marker.actor,
      details: pickStrings(marker, CI_DETAILS),
    },
    userAgent: options.userAgent,
    eventSource: options.eventSource ?? DEFAULT_EVENT_SOURCE,
    eventName: AUDIT_EVENT_NAME,
    eventTime: marker.deployed_at ?? marker.recorded_at,
    requestParameters: toParameters(marker),
    ...(options.recipientAccountId === undefined ? {} : { recipientAccountId: options.recipientAccountId }),
  };
}

/**
 * Turns an audit event into an entry of a request, with its checksum.
 *
 * @example
 * toAuditEventEntry(toAuditEvent(marker, options)).id === marker.uid; // true
 * @throws DeployMarkerError EVENT_TOO_LARGE if it is over a size that CloudTrail documents.
 */
export function toAuditEventEntry(event: AuditEvent): AuditEventEntry {
  const eventData = JSON.stringify(event);
  const problems = sizeProblems(event, Buffer.byteLength(eventData));
  if (problems.length > 0) {
    throw new DeployMarkerError(
      'EVENT_TOO_LARGE',
      `marker ${event.UID} of ${event.requestParameters['component'] ?? 'unknown'} is too large for CloudTrail Lake: ${describeProblems(problems)}`,
    );
  }
  return {
    id: event.UID,
    eventData,
    eventDataChecksum: checksumOf(eventData),
  };
}

/** Base64 of the SHA-256 of the text's UTF-8, as `eventDataChecksum` is defined. */
export function checksumOf(eventData: string): string {
  return hash('sha256', eventData, 'base64');
}

/** Which documented sizes an audit event is over; `bytes` is the size of the whole as JSON. */
export function sizeProblems(event: object, bytes: number): Problem[] {
  if (bytes <= SMALLEST_SIZE) return [];
  const problems: Problem[] = [];
  if (bytes > EVENT_SIZES.event) {
    problems.push({
      path: '',
      message: `the event has ${bytes} bytes; at most ${EVENT_SIZES.event} are allowed`,
    });
  }
  const fields: ReadonlyMap<string, unknown> = new Map(Object.entries(event));
  for (const name of ['requestParameters', 'responseElements', 'additionalEventData'] as const) {
    const field = fields.get(name);
    // A part cannot be larger than the whole, so that small events need no second serialisation.
    if (field === undefined || bytes <= EVENT_SIZES[name]) continue;
    const size = Buffer.byteLength(JSON.stringify(field) ?? '');
    if (size > EVENT_SIZES[name]) {
      problems.push({
        path: `/${name}`,
        message: `has ${size} bytes; at most ${EVENT_SIZES[name]} are allowed`,
      });
    }
  }
  return problems;
}

function toParameters(marker: Marker): Record<string, string> {
  // Keys and not entries, which take a list for each field.
  const { labels = {}, ...fields }: Marker & Readonly<Record<string, unknown>> = { ...marker };
  const parameters: Record<string, string> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value === 'string') parameters[name] = value;
  }
  for (const key of Object.keys(labels)) parameters[`label.${key}`] = labels[key] ?? '';
  return parameters;
}

function pickStrings(marker: Marker, names: readonly (typeof CI_DETAILS)[number][]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = marker[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}
