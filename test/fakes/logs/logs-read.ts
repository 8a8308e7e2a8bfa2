import {
  createJsonResponse,
  type JsonInput,
  readFlag,
  readJsonInput,
  readText,
  wrongType,
} from '../aws-json-input.ts';
import { strictViolation } from '../aws-refusal.ts';
import { isJsonObject } from '../http-message.ts';
import type { Operation } from '../operation.ts';
import {
  findLogGroup,
  invalidParameter,
  LOGS,
  logsConstraint,
  noSuchStream,
  readInteger,
  readName,
} from './logs-input.ts';
import { readPage, takePage } from './logs-page.ts';
import type { LogGroup, StoredLogEvent } from './logs-state.ts';

const MAX_EVENTS = 10_000;

interface TimeRange {
  readonly start: number;
  readonly end: number;
}

function readRange(input: JsonInput): TimeRange {
  const start = readInteger(input, 'startTime', 0, Number.MAX_SAFE_INTEGER) ?? 0;
  const end = readInteger(input, 'endTime', 0, Number.MAX_SAFE_INTEGER) ?? Number.MAX_SAFE_INTEGER;
  return { start, end };
}

/** The stream names that FilterLogEvents asks for, as a predicate. */
function readStreams(input: JsonInput): (name: string) => boolean {
  const names = input['logStreamNames'];
  const prefix =
    input['logStreamNamePrefix'] === undefined ? '' : readName(input, 'logStreamName', 'logStreamNamePrefix');
  if (names === undefined) return name => name.startsWith(prefix);
  if (prefix !== '') throw invalidParameter('logStreamNames and logStreamNamePrefix exclude each other.');
  if (!Array.isArray(names)) throw wrongType('logStreamNames', 'array');
  if (names.length < 1 || names.length > 100)
    throw logsConstraint('logStreamNames', 'Member must have length 1 to 100');
  const wanted = new Set(names.map((name: unknown) => readName({ logStreamName: name }, 'logStreamName')));
  return name => wanted.has(name);
}

function byTime(a: StoredLogEvent, b: StoredLogEvent): number {
  return a.timestamp - b.timestamp;
}

function filterEvents(
  group: LogGroup,
  isWanted: (name: string) => boolean,
  range: TimeRange,
): StoredLogEvent[] {
  return [...group.streams]
    .filter(([name]) => isWanted(name))
    .flatMap(([logStreamName, events]) => events.map(event => ({ logStreamName, ...event })))
    .filter(({ timestamp }) => timestamp >= range.start && timestamp <= range.end)
    .sort(byTime);
}

/** The one pattern that the server understands, `{ $.eventName = "…" }`, as a predicate. */
function readPattern(input: JsonInput): (event: StoredLogEvent) => boolean {
  const pattern = readText(input, 'filterPattern') ?? '';
  if (pattern === '') return () => true;
  const name = /^\{ *\$\.eventName *= *"([A-Za-z]+)" *\}$/.exec(pattern)?.[1];
  if (name === undefined) throw strictViolation(`This server has no filter pattern ${pattern}`);
  return ({ message }) => readEventName(message) === name;
}

function readEventName(message: string): unknown {
  try {
    const value: unknown = JSON.parse(message);
    return isJsonObject(value) ? value['eventName'] : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** FilterLogEvents, by the name of the event at the most: the events of a group in the order of their time. */
export const FILTER_LOG_EVENTS: Operation = {
  ...LOGS,
  name: 'FilterLogEvents',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'logGroupName',
      'logStreamNames',
      'logStreamNamePrefix',
      'startTime',
      'endTime',
      'filterPattern',
      'limit',
      'nextToken',
      'interleaved',
    ]);
    const groupName = readName(input, 'logGroupName');
    const isWanted = readStreams(input);
    const range = readRange(input);
    const matches = readPattern(input);
    readFlag(input, 'interleaved');
    const page = readPage(input, MAX_EVENTS);
    return () => {
      const found = filterEvents(findLogGroup(state, call, groupName), isWanted, range);
      // A page is a part of what is searched, so it may be empty although more pages follow, as with CloudWatch Logs.
      const events = found.slice(page.from, page.from + page.limit).filter(matches);
      return createJsonResponse({ ...takePage('events', found, page), events, searchedLogStreams: [] });
    };
  },
};

interface Window {
  readonly from: number;
  readonly to: number;
}

/** Which events a request means, of `count` in the order of time: tokens say from where and in which direction. */
function chooseWindow(input: JsonInput, limit: number, count: number): Window {
  const token = readText(input, 'nextToken');
  const fromHead = readFlag(input, 'startFromHead') ?? false;
  if (token === undefined)
    return fromHead
      ? { from: 0, to: Math.min(limit, count) }
      : { from: Math.max(0, count - limit), to: count };
  const match = /^([fb])\/(\d{1,9})$/.exec(token);
  if (match === null) throw invalidParameter('The specified nextToken is invalid.');
  const at = Math.min(Number(match[2]), count);
  if (match[1] === 'b') return { from: Math.max(0, at - limit), to: at };
  if (!fromHead) throw strictViolation('With a nextForwardToken, startFromHead must be true.');
  return { from: at, to: Math.min(at + limit, count) };
}

/** GetLogEvents: a page of one stream in the order of time, with the tokens of the pages before and after it. */
export const GET_LOG_EVENTS: Operation = {
  ...LOGS,
  name: 'GetLogEvents',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'logGroupName',
      'logStreamName',
      'startTime',
      'endTime',
      'limit',
      'nextToken',
      'startFromHead',
    ]);
    const groupName = readName(input, 'logGroupName');
    const streamName = readName(input, 'logStreamName');
    const range = readRange(input);
    const limit = readInteger(input, 'limit', 1, MAX_EVENTS) ?? MAX_EVENTS;
    // Refuses a bad token before a queued fault is used up.
    chooseWindow(input, limit, 0);
    return () => {
      const stream = findLogGroup(state, call, groupName).streams.get(streamName);
      if (stream === undefined) throw noSuchStream();
      const events = stream
        .filter(({ timestamp }) => timestamp >= range.start && timestamp < range.end)
        .sort(byTime)
        .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime }));
      const { from, to } = chooseWindow(input, limit, events.length);
      return createJsonResponse({
        events: events.slice(from, to),
        nextForwardToken: `f/${to}`,
        nextBackwardToken: `b/${from}`,
      });
    };
  },
};
