import { type Fields, fieldsOf, textOf } from '../../core/base/fields.ts';
import { parseJson } from '../../core/base/json-record.ts';
import { quote } from '../../core/base/quote.ts';
import { describeForeign, type Foreign } from './foreign-record.ts';
import { ValueScan } from './value-scan.ts';

/** Takes one parsed CloudTrail record. */
export type TakeRecord = (record: unknown) => void;

/** Takes what is found in a value. */
export interface FormSink {
  readonly take: TakeRecord;
  /** Something that is not, and does not hold, a record of CloudTrail. */
  refuse(foreign: Foreign): void;
  /** The value is one page of an answer that has more of them. */
  cut(): void;
}

/**
 * Keys of the lists in which records come: of trails; of LookupEvents; of FilterLogEvents and GetLogEvents; of
 * subscriptions of CloudWatch Logs.
 */
export const LISTS = ['Records', 'Events', 'events', 'logEvents'] as const;
/** Keys of texts that are a record: of LookupEvents' entries; of log events; of rows of Logs Insights. */
const TEXTS = ['CloudTrailEvent', 'message', '@message'] as const;
const NEXT_PAGE = /^next\w*token$/i;
/** In a text that is not parsed. */
const RECORD_KEY = /eventSource|CloudTrailEvent/;
/** A record in a log event in a list of a line is four deep. */
const DEEPEST = 6;
/** What is beside a list is looked at further down, for nothing says how it is built. */
const DEEPEST_LOOK = 32;

/**
 * Hands over each record that a value holds, in whichever of the known forms: plain, as a text, inside an entry of
 * LookupEvents, a log event or an EventBridge event, or in lists of such. What is none of these is refused; nothing is left out.
 */
export function openForm(value: unknown, sink: FormSink): void {
  openValue(value, sink, DEEPEST);
}

function openValue(value: unknown, sink: FormSink, left: number): void {
  if (left === 0) sink.refuse({ what: 'nested too deeply' });
  else if (typeof value === 'string') openText(value, sink, left);
  else if (Array.isArray(value)) openRow(value, sink, left);
  else openObject(fieldsOf(value), sink, left);
}

function openText(text: string, sink: FormSink, left: number): void {
  const value = parseJson(text);
  if (hasKeyTwice(text, value)) sink.refuse(KEY_TWICE);
  else if (typeof value === 'string' || isObject(value)) openValue(value, sink, left - 1);
  else sink.refuse({ what: 'a text that holds no record' });
}

function hasKeyTwice(text: string, value: unknown): boolean {
  if (!isObject(value) || Array.isArray(value)) return false;
  const scan = new ValueScan();
  scan.begin(0);
  scan.findEnd(Buffer.from(text), 0);
  return scan.commas > 0 && isAmbiguous(value, scan.commas);
}

/**
 * Whether an object has a key twice: of two values JSON.parse gives the last, others the first, and an error beside none, or another
 * service, would hide a change.
 *
 * @param commas between its parts as they are written
 */
export function isAmbiguous(value: unknown, commas: number): boolean {
  return Object.keys(fieldsOf(value)).length <= commas;
}

/** A row of `--query 'Events[].[EventTime,CloudTrailEvent]'` has other columns, too. */
function openRow(row: readonly unknown[], sink: FormSink, left: number): void {
  const cells = row.filter(cell => (typeof cell === 'string' ? /^\s*[{[]/.test(cell) : isObject(cell)));
  if (cells.length === 0) sink.refuse({ what: 'a list that holds no record' });
  for (const cell of cells) openValue(cell, sink, left - 1);
}

function openObject(value: Fields, sink: FormSink, left: number): void {
  const text = TEXTS.find(key => key in value);
  const detail = value['detail-type'] === undefined ? undefined : fieldsOf(value['detail']);
  if (text === undefined && isRecord(value)) {
    sink.take(value);
    if (hasList(value)) openLists(value, sink, left);
  } else if (detail !== undefined && isRecord(detail)) sink.take(withEnvelope(detail, value));
  else if (hasList(value)) openLists(value, sink, left);
  else if (text !== undefined && isOpenable(value[text])) openValue(value[text], sink, left - 1);
  else sink.refuse(describeForeign(value));
}

function openLists(value: Fields, sink: FormSink, left: number): void {
  for (const key of LISTS) {
    for (const item of Array.isArray(value[key]) ? value[key] : []) openValue(item, sink, left - 1);
  }
  for (const [key, other] of Object.entries(value)) {
    if (LISTS.some(list => list === key && Array.isArray(other))) continue;
    if (NEXT_PAGE.test(key) && other !== null && other !== '') sink.cut();
    else if (holdsRecord(other, DEEPEST_LOOK)) {
      sink.refuse({ what: `beside the list, under the key ${quote(key)}, which holds records, too` });
    }
  }
}

function hasList(value: Fields): boolean {
  return LISTS.some(key => Array.isArray(value[key]));
}

/** Whether there is a record anywhere in a value that is looked into no further. What is nested too deeply may be one. */
function holdsRecord(value: unknown, left: number): boolean {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) && RECORD_KEY.test(value);
  if (!isObject(value)) return false;
  if (left === 0 || isRecord(fieldsOf(value))) return true;
  return Object.values(fieldsOf(value)).some(each => holdsRecord(each, left - 1)) || holdsInList(value, left);
}

function holdsInList(value: unknown, left: number): boolean {
  return Array.isArray(value) && value.some(each => holdsRecord(each, left - 1));
}

function isOpenable(value: unknown): boolean {
  return typeof value === 'string' ? isObject(parseJson(value)) : isObject(value);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/**
 * Whether it is a record, if perhaps one that lacks a field. S3's event notifications, too, have a source, a name and a time,
 * but `aws:s3` for a source.
 */
function isRecord(value: Fields): boolean {
  const source = value['eventSource'];
  if (typeof source === 'string' && source.startsWith('aws:')) return false;
  if ('eventID' in value) return source !== undefined || 'eventName' in value || 'eventTime' in value;
  return !('eventId' in value) && source !== undefined && 'eventName' in value;
}

/** Some events say account and Region on their envelope alone. */
function withEnvelope(detail: Fields, { account, region }: Fields): Fields {
  if (textOf(detail['recipientAccountId']) !== undefined && textOf(detail['awsRegion']) !== undefined)
    return detail;
  return { recipientAccountId: account, awsRegion: region, ...detail };
}

/** What {@link isAmbiguous} tells. */
export const KEY_TWICE: Foreign = { what: 'one that has a key twice' };
