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

/** `responseElements` that are parsed once somebody asks for them: they are the longest part of most changes, and seldom needed. */
export abstract class LateAnswer {
  /** One of the fields, as it is among {@link fields}. */
  abstract field(name: string): unknown;
  /** All of them; none if it is no object. */
  abstract fields(): Fields;
}

/** What a call was answered. */
export function answerOf({ responseElements: told }: Fields): Fields {
  return told instanceof LateAnswer ? told.fields() : fieldsOf(told);
}

/** One field of what a call was answered. */
export function answeredField({ responseElements: told }: Fields, name: string): unknown {
  return told instanceof LateAnswer ? told.field(name) : fieldsOf(told)[name];
}
