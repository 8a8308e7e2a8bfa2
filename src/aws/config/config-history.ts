import {
  ConfigServiceClient,
  DescribeConfigurationRecorderStatusCommand,
  DescribeConfigurationRecordersCommand,
  GetResourceConfigHistoryCommand,
  ListDiscoveredResourcesCommand,
  ResourceType,
} from '@aws-sdk/client-config-service';
import type { ConfigItem } from '../../core/investigate/config-item.ts';
import type { RecorderState } from '../../core/investigate/recorded-change.ts';
import { readPages } from '../answers/pages.ts';
import { createPace, type Pace } from '../client/pace.ts';
import type { Sender } from '../client/sender.ts';
import { type OpenService, openService, type ServiceOptions } from '../client/service-client.ts';
import { type History, type HistoryQuery, type Nothing, readHistory, type Span } from './history-walk.ts';
import { toConfigItem } from './item.ts';
import { readRecorders } from './recorder.ts';
import {
  DESCRIBE_CONFIGURATION_RECORDER_STATUS,
  DESCRIBE_CONFIGURATION_RECORDERS,
  GET_RESOURCE_CONFIG_HISTORY,
  LIST_DISCOVERED_RESOURCES,
} from './shapes.ts';

/** Calls a second over all accounts and Regions. Our own choice: what Config allows is shared with all that ask it. */
const CALLS_A_SECOND = 5;

/** The pace of calls to Config, of which there are five a second at most. */
export function createConfigPace(): Pace {
  return createPace(CALLS_A_SECOND);
}

/** AWS Config in one account and Region. Calls fail as any call to AWS does. */
export interface ConfigHistory {
  /** Whether Config has such a type. */
  knows(type: string): boolean;
  read(query: HistoryQuery): Promise<History>;
  /** Config's id of a resource, deleted ones included; undefined where it has none of that name. */
  findId(type: string, name: string, signal: AbortSignal): Promise<string | undefined>;
  describeRecorder(type: string, signal: AbortSignal): Promise<RecorderState>;
  close(): void;
}

/** Opens Config; nothing is sent before the first call. @param pace is shared by all that asks Config */
export function openConfigHistory(options: ServiceOptions, pace: Pace): ConfigHistory {
  const service = openService(ConfigServiceClient, options);
  const { client, send } = service;
  // Waiting for a turn is no part of a call's own time.
  const sendInTurn: Sender = call => pace(() => send(call), call.signal);
  const config = { client, send: sendInTurn };
  return {
    knows: isResourceType,
    read: query => readHistory(query, span => pagesOf(config, query, span)),
    findId: (type, name, signal) => findId(config, { type, name, signal }),
    describeRecorder: (type, signal) => describeRecorder(config, type, signal),
    close: () => client.destroy(),
  };
}

async function* pagesOf(
  { client, send }: Config,
  { type, resourceId, signal }: HistoryQuery,
  { from, until, isForward, limit }: Span,
): AsyncGenerator<readonly ConfigItem[] | Nothing> {
  const input = {
    resourceType: toResourceType(type),
    resourceId,
    earlierTime: new Date(from),
    laterTime: new Date(until),
    chronologicalOrder: isForward ? ('Forward' as const) : ('Reverse' as const),
    limit,
  };
  const ask = async (nextToken: string | undefined) => {
    const command = new GetResourceConfigHistoryCommand({ ...input, nextToken });
    const page = await send({
      operation: 'GetResourceConfigHistory',
      signal,
      shape: GET_RESOURCE_CONFIG_HISTORY,
      send: settings => client.send(command, settings),
      unless: absenceOf,
    });
    return { page, next: typeof page === 'string' ? undefined : page.nextToken || undefined };
  };
  for await (const { page } of readPages('GetResourceConfigHistory', ask))
    yield typeof page === 'string' ? page : page.configurationItems.map(toConfigItem);
}

async function findId(
  { client, send }: Config,
  { type, name, signal }: { readonly type: string; readonly name: string; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const command = new ListDiscoveredResourcesCommand({
    resourceType: toResourceType(type),
    resourceName: name,
    includeDeletedResources: true,
  });
  const { resourceIdentifiers: found } = await send({
    operation: 'ListDiscoveredResources',
    signal,
    shape: LIST_DISCOVERED_RESOURCES,
    send: settings => client.send(command, settings),
    unless: error => ({ ...NO_RESOURCES, absence: absenceOf(error) }),
  });
  const alive = found.find(({ resourceDeletionTime }) => resourceDeletionTime === undefined);
  return (alive ?? latestOf(found))?.resourceId;
}

async function describeRecorder(
  { client, send }: Config,
  type: string,
  signal: AbortSignal,
): Promise<RecorderState> {
  const [{ ConfigurationRecorders: recorders }, { ConfigurationRecordersStatus: statuses }] =
    await Promise.all([
      send({
        operation: 'DescribeConfigurationRecorders',
        signal,
        shape: DESCRIBE_CONFIGURATION_RECORDERS,
        send: settings => client.send(new DescribeConfigurationRecordersCommand({}), settings),
      }),
      send({
        operation: 'DescribeConfigurationRecorderStatus',
        signal,
        shape: DESCRIBE_CONFIGURATION_RECORDER_STATUS,
        send: settings => client.send(new DescribeConfigurationRecorderStatusCommand({}), settings),
      }),
    ]);
  return readRecorders(recorders, statuses, type);
}

type Config = OpenService<ConfigServiceClient>;

const NO_RESOURCES: { readonly resourceIdentifiers: readonly Listed[] } = { resourceIdentifiers: [] };

interface Listed {
  readonly resourceId: string;
  readonly resourceDeletionTime?: Date | undefined;
}

function latestOf(found: readonly Listed[]): Listed | undefined {
  const time = ({ resourceDeletionTime }: Listed): number => resourceDeletionTime?.getTime() ?? 0;
  return found.toSorted((a, b) => time(b) - time(a))[0];
}

/** What these errors say is an answer. https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html#API_GetResourceConfigHistory_Errors */
function absenceOf(error: unknown): Nothing {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoAvailableConfigurationRecorderException') return 'no-recorder';
  if (name === 'ResourceNotDiscoveredException') return 'not-discovered';
  throw error;
}

function isResourceType(text: string): text is ResourceType {
  return Object.values<string>(ResourceType).includes(text);
}

/** Whoever asks has looked whether Config {@link ConfigHistory.knows} the type. */
function toResourceType(type: string): ResourceType {
  if (isResourceType(type)) return type;
  throw new Error(`${type} is no type of AWS Config`);
}
