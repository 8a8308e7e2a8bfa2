import { createJsonResponse, type JsonInput, readFlag, readJsonInput, readText } from '../aws-json-input.ts';
import { accountOf, type Operation } from '../operation.ts';
import {
  alreadyExists,
  findLogGroup,
  invalidParameter,
  LOGS,
  logsConstraint,
  readName,
} from './logs-input.ts';
import { readPage, takePage } from './logs-page.ts';
import type { StoredLogEvent } from './logs-state.ts';

/** CreateLogGroup, with a name and nothing else. */
export const CREATE_LOG_GROUP: Operation = {
  ...LOGS,
  name: 'CreateLogGroup',
  prepare(state, call) {
    const name = readName(readJsonInput(call, ['logGroupName']), 'logGroupName');
    if (name.startsWith('aws/')) throw invalidParameter("Log groups starting with 'aws/' are reserved.");
    return () => {
      if (state.logGroups.has(name)) throw alreadyExists('group');
      const accountId = accountOf(call);
      state.logGroups.set(name, { ...(accountId === undefined ? {} : { accountId }), streams: new Map() });
      return createJsonResponse();
    };
  },
};

/** CreateLogStream; of two at once the second meets ResourceAlreadyExistsException. */
export const CREATE_LOG_STREAM: Operation = {
  ...LOGS,
  name: 'CreateLogStream',
  prepare(state, call) {
    const input = readJsonInput(call, ['logGroupName', 'logStreamName']);
    const groupName = readName(input, 'logGroupName');
    const streamName = readName(input, 'logStreamName');
    return () => {
      const { streams } = findLogGroup(state, call, groupName);
      if (streams.has(streamName)) throw alreadyExists('stream');
      streams.set(streamName, []);
      return createJsonResponse();
    };
  },
};

function readPrefix(input: JsonInput, kind: 'logGroupName' | 'logStreamName'): string {
  const member = `${kind}Prefix`;
  return input[member] === undefined ? '' : readName(input, kind, member);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** DescribeLogGroups: the caller's groups by name. */
export const DESCRIBE_LOG_GROUPS: Operation = {
  ...LOGS,
  name: 'DescribeLogGroups',
  prepare(state, call) {
    const input = readJsonInput(call, ['logGroupNamePrefix', 'limit', 'nextToken']);
    const prefix = readPrefix(input, 'logGroupName');
    const page = readPage(input, 50);
    return () => {
      const account = accountOf(call);
      const groups = [...state.logGroups]
        .filter(
          ([name, group]) => name.startsWith(prefix) && (group.accountId ?? state.accountId) === account,
        )
        .sort(([a], [b]) => byText(a, b))
        .map(([name, { retentionInDays, deletionProtected, kmsKey }]) => ({
          logGroupName: name,
          logGroupArn: `arn:aws:logs:${state.region}:${account}:log-group:${name}`,
          arn: `arn:aws:logs:${state.region}:${account}:log-group:${name}:*`,
          ...(retentionInDays === undefined ? {} : { retentionInDays }),
          ...(deletionProtected === undefined ? {} : { deletionProtectionEnabled: deletionProtected }),
          ...(kmsKey === undefined ? {} : { kmsKeyId: kmsKey }),
        }));
      return createJsonResponse(takePage('logGroups', groups, page));
    };
  },
};

function lastTime(events: readonly StoredLogEvent[]): number {
  return events.reduce((latest, { timestamp }) => Math.max(latest, timestamp), 0);
}

function describeTimes(events: readonly StoredLogEvent[]): Record<string, number> {
  const last = events.at(-1);
  if (last === undefined) return {};
  return {
    firstEventTimestamp: events.reduce((first, { timestamp }) => Math.min(first, timestamp), last.timestamp),
    lastEventTimestamp: lastTime(events),
    lastIngestionTime: last.ingestionTime,
  };
}

/** DescribeLogStreams: the streams of a group by name, or by the time of their last event. */
export const DESCRIBE_LOG_STREAMS: Operation = {
  ...LOGS,
  name: 'DescribeLogStreams',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'logGroupName',
      'logStreamNamePrefix',
      'orderBy',
      'descending',
      'limit',
      'nextToken',
    ]);
    const groupName = readName(input, 'logGroupName');
    const prefix = readPrefix(input, 'logStreamName');
    const orderBy = readText(input, 'orderBy') ?? 'LogStreamName';
    if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime')
      throw logsConstraint('orderBy', 'Member must satisfy enum value set: [LogStreamName, LastEventTime]');
    if (orderBy === 'LastEventTime' && prefix !== '')
      throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
    const descending = readFlag(input, 'descending') ?? false;
    const page = readPage(input, 50);
    return () => {
      const group = findLogGroup(state, call, groupName);
      const arn = `arn:aws:logs:${state.region}:${accountOf(call)}:log-group:${groupName}`;
      const streams = [...group.streams]
        .filter(([name]) => name.startsWith(prefix))
        .sort(([a], [b]) => byText(a, b));
      if (orderBy === 'LastEventTime') streams.sort(([, a], [, b]) => lastTime(a) - lastTime(b));
      if (descending) streams.reverse();
      const described = streams.map(([name, events]) => ({
        logStreamName: name,
        arn: `${arn}:log-stream:${name}`,
        storedBytes: 0,
        ...describeTimes(events),
      }));
      return createJsonResponse(takePage('logStreams', described, page));
    };
  },
};
