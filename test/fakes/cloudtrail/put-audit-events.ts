import { randomUUID } from 'node:crypto';
import { AwsRefusal, createResponse, strictViolation } from '../aws-refusal.ts';
import type { AwsState, Channel } from '../aws-state.ts';
import type { Fault } from '../faults.ts';
import {
  type HttpRequest,
  type HttpResponse,
  headerValue,
  isJsonObject,
  mediaType,
} from '../http-message.ts';
import type { Call, Operation } from '../operation.ts';
import { type AuditEventEntry, type EventRefusal, judgeAuditEvent } from './audit-event-rules.ts';

// "up to 1 MB": AWS does not say which MB. The larger one is refused, the smaller one is already a violation.
const MAX_BODY_BYTES = 1_048_576;
const SAFE_BODY_BYTES = 1_000_000;
const MAX_EVENTS = 100;

const CHANNEL_ARN =
  /^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):(\d{12}):channel\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

interface PutAuditEventsInput {
  readonly channelArn: string;
  readonly externalId: string | undefined;
  readonly events: readonly AuditEventEntry[];
}

function constraint(field: string, rule: string): AwsRefusal {
  const message = `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${rule}`;
  return new AwsRefusal(400, 'ValidationError', message, { violation: true });
}

function queryValue(request: HttpRequest, name: string): string | undefined {
  const values = request.query.filter(([key]) => key === name).map(([, value]) => value);
  if (values.length > 1) throw strictViolation(`Query parameter ${name} is given ${values.length} times.`);
  return values[0];
}

function checkEnvelope(request: HttpRequest): void {
  const stranger = request.query.find(([name]) => name !== 'channelArn' && name !== 'externalId');
  if (stranger !== undefined) throw strictViolation(`Unknown query parameter '${stranger[0]}'.`);
  if (mediaType(request) !== 'application/json')
    throw strictViolation(`Content-Type is '${headerValue(request, 'content-type')}', not application/json.`);
  if (headerValue(request, 'content-encoding') !== undefined)
    throw strictViolation('The body must not be compressed.');
  if (headerValue(request, 'content-length') === undefined)
    throw strictViolation('Content-Length is missing.');
}

function readEvent(value: unknown, index: number): AuditEventEntry {
  const at = `auditEvents.${index + 1}.member`;
  if (!isJsonObject(value)) throw constraint(at, 'Member must be a structure');
  const known = ['id', 'eventData', 'eventDataChecksum'];
  const stranger = Object.keys(value).find(name => !known.includes(name));
  if (stranger !== undefined) throw strictViolation(`Unknown field '${stranger}' in ${at}.`);
  const { id, eventData, eventDataChecksum } = value;
  if (typeof id !== 'string' || !/^[-_A-Za-z0-9]{1,128}$/.test(id))
    throw constraint(`${at}.id`, 'Member must have length 1 to 128 and match ^[-_A-Za-z0-9]+$');
  if (typeof eventData !== 'string') throw constraint(`${at}.eventData`, 'Member must be a string');
  if (eventDataChecksum === undefined) return { id, eventData };
  if (typeof eventDataChecksum !== 'string')
    throw constraint(`${at}.eventDataChecksum`, 'Member must be a string');
  return { id, eventData, eventDataChecksum };
}

function readInput(call: Call): PutAuditEventsInput {
  const channelArn = queryValue(call.request, 'channelArn');
  if (channelArn === undefined || !channelArn.startsWith('arn:'))
    throw constraint('channelArn', 'Member must not be null and match ^arn:.*$');
  const externalId = queryValue(call.request, 'externalId');
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    throw constraint('externalId', 'Member must have length 2 to 1224 and match ^[\\w+=,.@:\\/-]*$');
  if (!isJsonObject(call.body))
    throw new AwsRefusal(400, 'SerializationException', 'The body is not a JSON object.', {
      violation: true,
    });
  const stranger = Object.keys(call.body).find(name => name !== 'auditEvents');
  if (stranger !== undefined) throw strictViolation(`Unknown field '${stranger}' in the body.`);
  const events = call.body['auditEvents'];
  if (!Array.isArray(events) || events.length < 1 || events.length > MAX_EVENTS)
    throw constraint('auditEvents', `Member must be a list of 1 to ${MAX_EVENTS}`);
  return { channelArn, externalId, events: events.map(readEvent) };
}

function findChannel(state: AwsState, call: Call, input: PutAuditEventsInput): Channel {
  if (!CHANNEL_ARN.test(input.channelArn))
    throw new AwsRefusal(400, 'InvalidChannelARN', 'The specified channel ARN is not a valid channel ARN.');
  const channel = state.channels.get(input.channelArn);
  if (channel === undefined) throw new AwsRefusal(400, 'ChannelNotFound', 'The channel could not be found.');
  const callerAccount = call.caller?.key.arn.split(':')[4];
  const foreign = callerAccount !== channel.arn.split(':')[4];
  if (foreign || (channel.externalId !== undefined && channel.externalId !== input.externalId))
    throw new AwsRefusal(
      400,
      'ChannelInsufficientPermission',
      "The caller's account ID must be the same as the channel owner's account ID.",
    );
  return channel;
}

function injected(fault: Fault | undefined, id: string, index: number): EventRefusal | undefined {
  if (fault?.kind !== 'partial') return undefined;
  const everyone = fault.ids === undefined && fault.indices === undefined;
  if (!everyone && fault.ids?.includes(id) !== true && fault.indices?.includes(index) !== true)
    return undefined;
  return { errorCode: fault.code, errorMessage: fault.message ?? `Injected ${fault.code}` };
}

function checkDuplicates(events: readonly AuditEventEntry[]): void {
  const seen = new Set<string>();
  for (const { id } of events) {
    if (seen.has(id))
      throw new AwsRefusal(
        400,
        'DuplicatedAuditEventId',
        `Two or more entries in the request have the same event ID: ${id}`,
      );
    seen.add(id);
  }
}

function store(
  state: AwsState,
  channel: Channel,
  input: PutAuditEventsInput,
  fault: Fault | undefined,
): HttpResponse {
  const successful: { id: string; eventID: string }[] = [];
  const failed: (EventRefusal & { id: string })[] = [];
  for (const [index, entry] of input.events.entries()) {
    const { id, eventData } = entry;
    const fromFault = injected(fault, id, index);
    const verdict = fromFault === undefined ? judgeAuditEvent(entry, channel) : { refusal: fromFault };
    if ('refusal' in verdict) {
      failed.push({ id, ...verdict.refusal });
      continue;
    }
    const eventID = randomUUID();
    state.stored.push({ id, eventID, channelArn: channel.arn, eventData, event: verdict.event });
    successful.push({ id, eventID });
  }
  return createResponse('rest-json', 200, JSON.stringify({ successful, failed }));
}

/** `POST /PutAuditEvents` of the CloudTrail Data service, by its API reference and model of 2021-08-11. */
export const PUT_AUDIT_EVENTS: Operation = {
  name: 'PutAuditEvents',
  service: 'cloudtrail-data',
  protocol: 'rest-json',
  signed: true,
  region(state, request) {
    const arn = request.query.find(([name]) => name === 'channelArn')?.[1] ?? '';
    return CHANNEL_ARN.exec(arn)?.[1] ?? state.region;
  },
  prepare(state, call) {
    const size = call.request.body.length;
    if (size > MAX_BODY_BYTES)
      throw new AwsRefusal(413, 'RequestEntityTooLargeException', `The body has ${size} bytes.`, {
        violation: true,
      });
    if (size >= SAFE_BODY_BYTES)
      state.violations.push({
        operation: 'PutAuditEvents',
        message: `The body has ${size} bytes, not under 1 MB.`,
      });
    checkEnvelope(call.request);
    const input = readInput(call);
    return fault => {
      const channel = findChannel(state, call, input);
      checkDuplicates(input.events);
      return store(state, channel, input, fault);
    };
  },
};
