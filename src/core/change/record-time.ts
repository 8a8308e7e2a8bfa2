import { quote } from '../base/quote.ts';
import { parseUtcTime } from '../time/utc.ts';

const ZERO = 0x30;
/** Every month has as many days. */
const SURE_DAYS = 28;
const PLAIN_LENGTH = '2026-06-01T10:00:00Z'.length;

/**
 * The time of a record in milliseconds since the epoch; undefined if it is not an ISO 8601 time with an offset. Without one
 * JavaScript would read it as local time.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (eventTime)
 */
export function readTime(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const plain = readPlain(value);
  if (plain !== undefined) return plain;
  const utc = parseUtcTime(value);
  if (utc === undefined) return undefined;
  // Fractions of a second count where JavaScript reads the form as well, and as the same.
  const [seconds, exact] = [Date.parse(utc), Date.parse(value)];
  return exact >= seconds && exact < seconds + 1000 ? exact : seconds;
}

/** The form of CloudTrail's own times, on a day that every month has: there is one for each change, and text is slow to read. */
function readPlain(text: string): number | undefined {
  if (text.length !== PLAIN_LENGTH || !hasMarks(text)) return undefined;
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  // The years 0 to 99 are others to JavaScript.
  if (!(century >= 1 && year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= SURE_DAYS)) return;
  if (!(hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)) return;
  return Date.UTC(century * 100 + year, month - 1, day, hour, minute, second);
}

function hasMarks(text: string): boolean {
  return (
    text[4] === '-' &&
    text[7] === '-' &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':' &&
    text[19] === 'Z'
  );
}

/** -1 if they are no digits. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Makes a {@link readTime} that remembers the last time: records of one second come in a row. */
export function createTimeReader(): typeof readTime {
  let last: unknown;
  let time: number | undefined;
  return value => {
    if (value === last) return time;
    last = value;
    time = readTime(value);
    return time;
  };
}

/** Why a record has no time, in words that follow its name. */
export function describeTime(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'has no eventTime';
  return `has the eventTime ${quote(value)}, which is no ISO 8601 time with an offset`;
}
