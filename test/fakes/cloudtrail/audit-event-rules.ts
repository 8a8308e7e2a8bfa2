import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Channel } from '../aws-state.ts';
import { isJsonObject } from '../http-message.ts';

/** Why CloudTrail refuses one event under HTTP 200. */
export interface EventRefusal {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** One entry of `auditEvents`. */
export interface AuditEventEntry {
  readonly id: string;
  readonly eventData: string;
  readonly eventDataChecksum?: string;
}

interface FieldRule {
  readonly type: 'string' | 'object';
  readonly required?: true;
  /** Characters of a string; bytes of an object as compact JSON. */
  readonly max?: number;
}

type FieldRules = Readonly<Record<string, FieldRule>>;

// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html; kB are taken as 1,000 bytes.
const EVENT_FIELDS: FieldRules = {
  version: { type: 'string', required: true, max: 256 },
  userIdentity: { type: 'object', required: true },
  userAgent: { type: 'string', max: 1024 },
  eventSource: { type: 'string', required: true, max: 1024 },
  eventName: { type: 'string', required: true, max: 1024 },
  eventTime: { type: 'string', required: true },
  UID: { type: 'string', required: true, max: 1024 },
  requestParameters: { type: 'object', max: 100_000 },
  responseElements: { type: 'object', max: 100_000 },
  errorCode: { type: 'string', max: 256 },
  errorMessage: { type: 'string', max: 256 },
  sourceIPAddress: { type: 'string' },
  recipientAccountId: { type: 'string', required: true },
  additionalEventData: { type: 'object', max: 28_000 },
};

const IDENTITY_FIELDS: FieldRules = {
  type: { type: 'string', required: true, max: 128 },
  principalId: { type: 'string', required: true, max: 1024 },
  details: { type: 'object' },
};

// https://docs.aws.amazon.com/awscloudtrail/latest/partner-onboarding/lake-partner-onboarding-tasks.html
const MAX_EVENT_BYTES = 256_000;

function refusal(errorCode: string, errorMessage: string): EventRefusal {
  return { errorCode, errorMessage };
}

function sizeOf(value: string | Record<string, unknown>): number {
  if (typeof value === 'string') return [...value].length;
  return Buffer.byteLength(JSON.stringify(value));
}

function checkField(name: string, rule: FieldRule, value: unknown): EventRefusal | undefined {
  if (value === undefined)
    return rule.required ? refusal('FieldNotFound', `The field ${name} is required.`) : undefined;
  if (!(rule.type === 'string' ? typeof value === 'string' : isJsonObject(value)))
    return refusal('InvalidData', `The field ${name} must be a JSON ${rule.type}.`);
  if (typeof value !== 'string' && !isJsonObject(value)) return undefined;
  if (rule.max !== undefined && sizeOf(value) > rule.max)
    return refusal('FieldTooLong', `The field ${name} is ${sizeOf(value)} long, over ${rule.max}.`);
  return undefined;
}

function checkFields(
  prefix: string,
  rules: FieldRules,
  value: Record<string, unknown>,
): EventRefusal | undefined {
  for (const [name, rule] of Object.entries(rules)) {
    const found = checkField(prefix + name, rule, value[name]);
    if (found !== undefined) return found;
  }
  const stranger = Object.keys(value).find(name => !Object.hasOwn(rules, name));
  if (stranger === undefined) return undefined;
  return refusal('InvalidData', `The field ${prefix}${stranger} is not in the event schema.`);
}

function isEventTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?$/.test(value)) return false;
  const utc = value.endsWith('Z') ? value : `${value}Z`;
  const time = Date.parse(utc);
  // Date.parse may roll 31 February over; the round trip may not.
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 19) === utc.slice(0, 19);
}

function checkValues(event: Record<string, unknown>, channel: Channel): EventRefusal | undefined {
  if (!isEventTime(event['eventTime']))
    return refusal('InvalidData', `eventTime '${event['eventTime']}' is not yyyy-MM-DDTHH:mm:ss in UTC.`);
  const address = event['sourceIPAddress'];
  if (typeof address === 'string' && isIP(address) === 0)
    return refusal('InvalidData', `sourceIPAddress '${address}' is not an IP address.`);
  const owner = channel.arn.split(':')[4];
  if (event['recipientAccountId'] !== owner)
    return refusal('InvalidRecipient', `recipientAccountId is not ${owner}, which owns the channel.`);
  const source = event['eventSource'];
  if (typeof source === 'string' && channel.eventSources?.includes(source) === false)
    return refusal('InvalidEventSource', `eventSource '${source}' is not one of the channel's.`);
  return undefined;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Judges one event as CloudTrail's documentation says: the parsed event, or the reason it is refused. */
export function judgeAuditEvent(
  entry: AuditEventEntry,
  channel: Channel,
): { readonly event: Record<string, unknown> } | { readonly refusal: EventRefusal } {
  if (channel.subscribed === false)
    return { refusal: refusal('AccountNotSubscribed', 'The account is not subscribed to CloudTrail Lake.') };
  const size = Buffer.byteLength(entry.eventData);
  if (size > MAX_EVENT_BYTES)
    return { refusal: refusal('FieldTooLong', `The event has ${size} bytes, over ${MAX_EVENT_BYTES}.`) };
  const checksum = createHash('sha256').update(entry.eventData).digest('base64');
  if (entry.eventDataChecksum !== undefined && entry.eventDataChecksum !== checksum)
    return { refusal: refusal('InvalidChecksum', 'eventDataChecksum does not match eventData.') };
  const event = parseObject(entry.eventData);
  if (event === undefined) return { refusal: refusal('InvalidData', 'eventData is not a JSON object.') };
  const identity = event['userIdentity'];
  const found =
    checkFields('', EVENT_FIELDS, event) ??
    (isJsonObject(identity) ? checkFields('userIdentity.', IDENTITY_FIELDS, identity) : undefined) ??
    checkValues(event, channel);
  return found === undefined ? { event } : { refusal: found };
}
