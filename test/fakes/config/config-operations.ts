import {
  createJsonResponse,
  type JsonInput,
  readFlag,
  readJsonInput,
  readText,
  wrongType,
} from '../aws-json-input.ts';
import type { AwsState } from '../aws-state.ts';
import { type Operation, placeOf } from '../operation.ts';
import { CONFIG, configAt, configRefusal, configViolation, readRequired } from './config-input.ts';
import type { ConfigState, FakeItem, FakeRecorder } from './config-state.ts';

const TARGET = /^(?:com\.amazonaws\.config\.[^.]+\.)?StarlingDoveService\.(\w+)$/;
const WEEK_MS = 7 * 86_400_000;
/** However many are asked for: a correct client reads on. */
const MOST_ON_PAGE = 3;

/** A span of time with its order, and where its page begins. */
interface HistoryRequest {
  readonly type: string;
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly isForward: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** GetResourceConfigHistory: one call covers seven days at most, and has to say which. */
const GET_RESOURCE_CONFIG_HISTORY: Operation = {
  ...CONFIG,
  name: 'GetResourceConfigHistory',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'resourceType',
      'resourceId',
      'earlierTime',
      'laterTime',
      'chronologicalOrder',
      'limit',
      'nextToken',
    ]);
    const request = readHistoryRequest(input, state);
    return () => {
      const config = requireRecorder(configAt(state, call));
      const own = config.items.filter(
        item => item.resourceType === request.type && item.resourceId === request.id,
      );
      if (own.length === 0) {
        throw configRefusal('ResourceNotDiscoveredException', `Resource ${request.id} is not discovered.`);
      }
      const wanted = own
        .filter(({ capturedAt }) => request.from <= capturedAt && capturedAt <= request.until)
        .sort((a, b) => (request.isForward ? 1 : -1) * (a.capturedAt - b.capturedAt));
      const end = request.offset + Math.min(request.limit, MOST_ON_PAGE);
      const [account = '', region = ''] = placeOf(call).split('/');
      const page = wanted.slice(request.offset, end).map(item => toAnswer(item, account, region));
      const isLast = end >= wanted.length;
      return createJsonResponse({
        configurationItems: page,
        ...(isLast ? {} : { nextToken: `${tokenOf(input)}#${end}` }),
      });
    };
  },
};

function readHistoryRequest(input: JsonInput, state: AwsState): HistoryRequest {
  const until = readTime(input, 'laterTime') ?? state.now();
  const from = readTime(input, 'earlierTime');
  if (from === undefined || until - from > WEEK_MS) {
    throw configViolation('InvalidTimeRangeException', 'A call covers seven days at most.');
  }
  if (from >= until)
    throw configViolation('InvalidTimeRangeException', 'The earlier time is not before the later.');
  const order = readText(input, 'chronologicalOrder') ?? 'Reverse';
  if (order !== 'Reverse' && order !== 'Forward')
    throw configViolation('ValidationException', `No order '${order}'.`);
  const token = readText(input, 'nextToken');
  const [, bound, offset = '0'] = /^(.*)#(\d+)$/s.exec(token ?? `${tokenOf(input)}#0`) ?? [];
  if (bound !== tokenOf(input))
    throw configViolation('InvalidNextTokenException', 'The token is of another request.');
  return {
    type: readRequired(input, 'resourceType'),
    id: readRequired(input, 'resourceId'),
    from,
    until,
    isForward: order === 'Forward',
    limit: readLimit(input),
    offset: Number(offset),
  };
}

/** A token is good for the request that it was given for. */
function tokenOf({ nextToken: _token, ...request }: JsonInput): string {
  return Buffer.from(JSON.stringify(Object.entries(request).toSorted())).toString('base64');
}

function readTime(input: JsonInput, name: string): number | undefined {
  const value = input[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrongType(name, 'number');
  return Math.round(value * 1000);
}

function readLimit(input: JsonInput): number {
  const value = input['limit'] ?? 0;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrongType('limit', 'integer');
  if (value < 0 || value > 100) throw configViolation('InvalidLimitException', 'The limit is 0 to 100.');
  return value === 0 ? 10 : value;
}

function toAnswer(item: FakeItem, accountId: string, awsRegion: string): Record<string, unknown> {
  const { capturedAt, status = 'OK', configuration, supplementaryConfiguration = {}, ...rest } = item;
  const texts = Object.entries(supplementaryConfiguration).map(([name, value]) => [
    name,
    JSON.stringify(value),
  ]);
  return {
    version: '1.3',
    accountId,
    awsRegion,
    configurationItemCaptureTime: capturedAt / 1000,
    configurationItemStatus: status,
    configurationStateId: String(capturedAt),
    configurationItemMD5Hash: '',
    tags: {},
    relatedEvents: [],
    relationships: [],
    recordingFrequency: 'CONTINUOUS',
    ...rest,
    ...(configuration === undefined ? {} : { configuration: JSON.stringify(configuration) }),
    supplementaryConfiguration: Object.fromEntries(texts),
  };
}

function requireRecorder(config: ConfigState): ConfigState {
  if (config.recorders.length > 0) return config;
  throw configRefusal(
    'NoAvailableConfigurationRecorderException',
    'There are no configuration recorders available.',
  );
}

/** ListDiscoveredResources, by type and name. */
const LIST_DISCOVERED_RESOURCES: Operation = {
  ...CONFIG,
  name: 'ListDiscoveredResources',
  prepare(state, call) {
    const input = readJsonInput(call, [
      'resourceType',
      'resourceName',
      'includeDeletedResources',
      'limit',
      'nextToken',
    ]);
    const type = readRequired(input, 'resourceType');
    const name = readRequired(input, 'resourceName');
    const withDeleted = readFlag(input, 'includeDeletedResources') ?? false;
    return () => {
      const { items } = requireRecorder(configAt(state, call));
      const latest = new Map<string, FakeItem>();
      for (const item of items.toSorted((a, b) => a.capturedAt - b.capturedAt))
        if (item.resourceType === type && item.resourceName === name) latest.set(item.resourceId, item);
      const resourceIdentifiers = [...latest.values()].flatMap(item => {
        const isDeleted = item.status === 'ResourceDeleted';
        if (isDeleted && !withDeleted) return [];
        const deletion = isDeleted ? { resourceDeletionTime: item.capturedAt / 1000 } : {};
        return [{ resourceType: type, resourceId: item.resourceId, resourceName: name, ...deletion }];
      });
      return createJsonResponse({ resourceIdentifiers });
    };
  },
};

function describeRecorders(
  name: 'DescribeConfigurationRecorders' | 'DescribeConfigurationRecorderStatus',
  toOutput: (recorders: readonly FakeRecorder[]) => Record<string, unknown>,
): Operation {
  return {
    ...CONFIG,
    name,
    prepare(state, call) {
      readJsonInput(call, ['ConfigurationRecorderNames', 'ServicePrincipal', 'Arn']);
      return () => createJsonResponse(toOutput(configAt(state, call).recorders));
    },
  };
}

const OPERATIONS: readonly Operation[] = [
  GET_RESOURCE_CONFIG_HISTORY,
  LIST_DISCOVERED_RESOURCES,
  describeRecorders('DescribeConfigurationRecorders', recorders => ({
    ConfigurationRecorders: recorders.map(({ name, recordingGroup, recordingMode }) => ({
      name,
      roleARN: 'arn:aws:iam::111122223333:role/config',
      recordingGroup: recordingGroup ?? {
        allSupported: true,
        includeGlobalResourceTypes: false,
        resourceTypes: [],
      },
      recordingMode: recordingMode ?? { recordingFrequency: 'CONTINUOUS' },
    })),
  })),
  describeRecorders('DescribeConfigurationRecorderStatus', recorders => ({
    ConfigurationRecordersStatus: recorders.map(({ name, recording = true }) => ({ name, recording })),
  })),
];

/** The operation that an `X-Amz-Target` header names. */
export function findConfigOperation(target: string): Operation | undefined {
  const name = TARGET.exec(target)?.[1];
  return OPERATIONS.find(operation => operation.name === name);
}
