import { type Fields, fieldsOf } from '../base/fields.ts';
import { parseJson } from '../base/json-record.ts';

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

/** Fields of a record that hold others, and that tools which write tables turn into texts. */
const NESTED = ['userIdentity', 'requestParameters', 'responseElements', 'additionalEventData'] as const;

/** The record, with the fields that somebody wrote as JSON in a text as they were before; it itself where there are none. */
export function withoutTexts(record: Fields): Fields {
  if (NESTED.every(name => typeof record[name] !== 'string')) return record;
  const fields = NESTED.map(name => [name, parseText(record[name])] as const);
  return { ...record, ...Object.fromEntries(fields) };
}

function parseText(value: unknown): unknown {
  const parsed = typeof value === 'string' ? parseJson(value) : undefined;
  return parsed === undefined ? value : parsed;
}

/** What a record lacks without which it is no call; it follows the record's name. */
export function lackOf(service: string, action: string): string | undefined {
  if (service === '') return 'has no eventSource';
  return action === '' ? 'has no eventName' : undefined;
}

/** Why no deploy can be told to have made the call, nor anybody else; it follows the record's name. */
export function whyUntied(record: Fields, account: string): string | undefined {
  if (account === '') return 'has no account';
  const { userIdentity } = record;
  const isText = typeof userIdentity === 'string' && userIdentity !== '';
  const isFlat =
    userIdentity === undefined && Object.keys(record).some(key => key.startsWith('userIdentity.'));
  return isText || isFlat ? 'has a userIdentity that is no JSON object' : undefined;
}
