import {
  checkMembers,
  createJsonResponse,
  type JsonInput,
  readJsonInput,
  readText,
  wrongType,
} from '../aws-json-input.ts';
import { AwsRefusal, strictViolation } from '../aws-refusal.ts';
import type { AwsState } from '../aws-state.ts';
import { isJsonObject } from '../http-message.ts';
import { type Operation, placeOf } from '../operation.ts';
import { sha256Hex } from '../sigv4.ts';
import { countUpTo, HISTORY_MS, type HistoryEntry, indexHistory } from './cloudtrail-history.ts';
import {
  CLOUDTRAIL,
  cloudTrailRefusal,
  cloudTrailViolation,
  readMaxResults,
  readSeconds,
} from './cloudtrail-input.ts';

const ATTRIBUTE_KEYS: readonly unknown[] = [
  'EventId',
  'EventName',
  'ReadOnly',
  'Username',
  'ResourceType',
  'ResourceName',
  'EventSource',
  'AccessKeyId',
];

// Requests of a client that keeps to two a second may arrive a little closer to each other than they were sent.
const WINDOW_MS = 950;

interface LookupAttribute {
  readonly key: string;
  readonly value: string;
}

function readAttribute(input: JsonInput): LookupAttribute | undefined {
  const list = input['LookupAttributes'];
  if (list === undefined) return undefined;
  if (!Array.isArray(list)) throw wrongType('LookupAttributes', 'array');
  const invalid = (why: string): AwsRefusal => cloudTrailViolation('InvalidLookupAttributesException', why);
  if (list.length > 1) throw invalid('You can only specify one attribute.');
  const first: unknown = list[0];
  if (first === undefined) return undefined;
  if (!isJsonObject(first)) throw wrongType('LookupAttributes.1', 'object');
  checkMembers(first, ['AttributeKey', 'AttributeValue'], 'LookupAttributes.1');
  const key = readText(first, 'AttributeKey');
  const value = readText(first, 'AttributeValue');
  if (key === undefined || !ATTRIBUTE_KEYS.includes(key)) throw invalid(`There is no attribute '${key}'.`);
  // "Each '_', ' ', ',' and newline counts as two characters towards the 2000 character limit."
  const length = value?.replace(/[_ ,\n]/g, '__').length ?? 0;
  if (value === undefined || length < 1 || length > 2000)
    throw invalid(`The value of ${key} must have 1 to 2000 characters.`);
  if (key === 'ReadOnly' && value !== 'true' && value !== 'false')
    throw invalid(`ReadOnly is true or false, not '${value}'.`);
  return { key, value };
}

interface TimeRange {
  readonly start: number;
  readonly end: number;
}

function readRange(input: JsonInput): TimeRange {
  const start = readSeconds(input, 'StartTime') ?? Number.NEGATIVE_INFINITY;
  const end = readSeconds(input, 'EndTime') ?? Number.POSITIVE_INFINITY;
  if (start > end)
    throw cloudTrailViolation('InvalidTimeRangeException', 'The start time is after the end time.');
  return { start, end };
}

/** What a token is bound to: every other parameter, and who asks where. */
function bindingOf(input: JsonInput, place: string): string {
  const { NextToken: _token, ...rest } = input;
  return sha256Hex(JSON.stringify([place, Object.entries(rest).sort()])).slice(0, 24);
}

function writeToken(binding: string, { time, id }: HistoryEntry): string {
  return Buffer.from(`${binding}/${time}/${id}`).toString('base64');
}

function readToken(input: JsonInput, binding: string): Pick<HistoryEntry, 'time' | 'id'> | undefined {
  const token = readText(input, 'NextToken');
  if (token === undefined) return undefined;
  const [, bound, time, id] =
    /^([0-9a-f]{24})\/(\d+)\/(.+)$/s.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (bound !== binding || id === undefined)
    throw cloudTrailViolation(
      'InvalidNextTokenException',
      'Invalid token: it is not one of ours, or not for these parameters.',
    );
  return { time: Number(time), id };
}

function checkRate(state: AwsState, place: string): void {
  const now = performance.now();
  const recent = (state.lookupTimes.get(place) ?? []).filter(time => now - time < WINDOW_MS);
  if (recent.length >= state.lookupsPerSecond)
    throw new AwsRefusal(400, 'ThrottlingException', 'Rate exceeded');
  state.lookupTimes.set(place, [...recent, now]);
}

function entriesOf(state: AwsState, place: string): readonly HistoryEntry[] {
  const records = state.histories.get(place) ?? [];
  const cached = state.historyIndexes.get(place);
  if (cached?.records === records && cached.length === records.length) return cached.entries;
  const index = indexHistory(records);
  state.historyIndexes.set(place, index);
  return index.entries;
}

interface Selection extends TimeRange {
  readonly attribute: LookupAttribute | undefined;
  readonly from: number;
  readonly limit: number;
}

/** One more than `limit`, when there are more. */
function select(
  entries: readonly HistoryEntry[],
  { attribute, start, end, from, limit }: Selection,
): HistoryEntry[] {
  const found: HistoryEntry[] = [];
  for (let at = from; at < entries.length && found.length <= limit; at += 1) {
    const entry = entries[at];
    if (entry === undefined || entry.time < start) break;
    const matches = attribute === undefined || entry.attributes[attribute.key]?.includes(attribute.value);
    if (matches === true && entry.time <= end) found.push(entry);
  }
  return found;
}

/** LookupEvents: the management events of the caller's account in one region, newest first, at most two calls a second. */
export const LOOKUP_EVENTS: Operation = {
  ...CLOUDTRAIL,
  name: 'LookupEvents',
  prepare(state, call) {
    const known = ['LookupAttributes', 'StartTime', 'EndTime', 'EventCategory', 'MaxResults', 'NextToken'];
    const input = readJsonInput(call, known);
    const attribute = readAttribute(input);
    const range = readRange(input);
    if (input['EventCategory'] !== undefined) throw strictViolation('This server has no Insights events.');
    const limit = readMaxResults(input, 'MaxResults', 50);
    const place = placeOf(call);
    const binding = bindingOf(input, place);
    const cursor = readToken(input, binding);
    return () => {
      checkRate(state, place);
      const oldest = state.now() - HISTORY_MS;
      if (range.end < oldest)
        throw cloudTrailRefusal(
          'InvalidTimeRangeException',
          'The time range is over before the last 90 days.',
        );
      const entries = entriesOf(state, place);
      const from = cursor === undefined ? 0 : countUpTo(entries, cursor);
      const start = Math.max(range.start, oldest);
      const found = select(entries, { attribute, ...range, start, from, limit });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return createJsonResponse({
        Events: page.map(entry => entry.toEvent()),
        ...(found.length > limit && last !== undefined ? { NextToken: writeToken(binding, last) } : {}),
      });
    };
  },
};
