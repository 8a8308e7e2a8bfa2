import { type Fields, fieldsOf } from '../base/fields.ts';

/**
 * The fields of a record that are looked at: all others make no difference to what is read of it.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const LOOKED_AT = [
  'eventSource',
  'eventName',
  'eventTime',
  'eventID',
  'userIdentity',
  'requestParameters',
  'responseElements',
  'readOnly',
  'errorCode',
  'recipientAccountId',
  'awsRegion',
  'eventType',
  'eventCategory',
  'managementEvent',
  'sourceIPAddress',
  'resources',
  'additionalEventData',
  'sharedEventID',
  'sessionCredentialFromConsole',
] as const;

/** A record without the other fields; those that it lacks are undefined. */
export type BriefRecord = Readonly<Record<(typeof LOOKED_AT)[number], unknown>>;

/** `requestParameters` or `responseElements` that are parsed once somebody asks for them: they are the longest part of most changes. */
export abstract class LateFields {
  /** One of the fields, as it is among {@link fields}. */
  abstract field(name: string): unknown;
  /** All of them; none if it is no object. */
  abstract fields(): Fields;
}

/** All fields of what may be {@link LateFields}; none if it is no object. */
function allOf(told: unknown): Fields {
  return told instanceof LateFields ? told.fields() : fieldsOf(told);
}

function fieldOf(told: unknown, name: string): unknown {
  return told instanceof LateFields ? told.field(name) : fieldsOf(told)[name];
}

/** What a call asked for. */
export function askedOf({ requestParameters }: Fields): Fields {
  return allOf(requestParameters);
}

/** One field of what a call asked for. */
export function askedField({ requestParameters }: Fields, name: string): unknown {
  return fieldOf(requestParameters, name);
}

/** What a call was answered. */
export function answerOf({ responseElements }: Fields): Fields {
  return allOf(responseElements);
}

/** One field of what a call was answered. */
export function answeredField({ responseElements }: Fields, name: string): unknown {
  return fieldOf(responseElements, name);
}
