import { isJsonObject } from '../http-message.ts';

const DAY_MS = 86_400_000;
/** Event history reaches back 90 days. https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
export const HISTORY_MS = 90 * DAY_MS;

/** The attributes of a record that LookupEvents can look for, each with what it may be equal to. */
export interface HistoryEntry {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly id: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  /** The event as LookupEvents answers it. */
  toEvent(): Record<string, unknown>;
}

/** A history in the order of the answers, and what it was made of. */
export interface HistoryIndex {
  readonly records: readonly unknown[];
  readonly length: number;
  readonly entries: readonly HistoryEntry[];
}

// The request parameters that name a resource, as the caller spelled it.
const RESOURCE_PARAMETERS: Readonly<Record<string, string>> = {
  functionName: 'AWS::Lambda::Function',
  layerName: 'AWS::Lambda::LayerVersion',
  stackName: 'AWS::CloudFormation::Stack',
  roleName: 'AWS::IAM::Role',
  roleArn: 'AWS::IAM::Role',
  bucketName: 'AWS::S3::Bucket',
};

interface Resource {
  readonly ResourceType?: string;
  readonly ResourceName: string;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function listResources(record: Readonly<Record<string, unknown>>): Resource[] {
  const listed = Array.isArray(record['resources']) ? record['resources'].filter(isJsonObject) : [];
  const fromList = listed.flatMap(({ ARN, type }): Resource[] => {
    if (typeof ARN !== 'string') return [];
    return [{ ...(typeof type === 'string' ? { ResourceType: type } : {}), ResourceName: ARN }];
  });
  const parameters = isJsonObject(record['requestParameters']) ? record['requestParameters'] : {};
  const fromRequest = Object.entries(RESOURCE_PARAMETERS).flatMap(([name, type]): Resource[] => {
    const value = parameters[name];
    return typeof value === 'string' ? [{ ResourceType: type, ResourceName: value }] : [];
  });
  return [...fromRequest, ...fromList];
}

/** User name, or session name of an assumed role, as event history shows it. */
function findUsername(identity: Readonly<Record<string, unknown>>): string | undefined {
  if (identity['type'] === 'Root') return 'root';
  const arn = textOf(identity['arn']);
  const session = arn?.includes(':assumed-role/') ? arn.split('/').at(-1) : undefined;
  return textOf(identity['userName']) ?? session;
}

function toEntry(record: Readonly<Record<string, unknown>>): HistoryEntry {
  const identity = isJsonObject(record['userIdentity']) ? record['userIdentity'] : {};
  const resources = listResources(record);
  const id = textOf(record['eventID']) ?? '';
  const time = Date.parse(textOf(record['eventTime']) ?? '');
  if (id === '' || Number.isNaN(time)) throw new Error('A record of a history needs eventID and eventTime.');
  const single = {
    EventId: id,
    EventName: textOf(record['eventName']),
    ReadOnly: typeof record['readOnly'] === 'boolean' ? String(record['readOnly']) : undefined,
    AccessKeyId: textOf(identity['accessKeyId']),
    EventSource: textOf(record['eventSource']),
    Username: findUsername(identity),
  };
  const attributes: Record<string, readonly string[]> = {
    ResourceName: resources.map(({ ResourceName }) => ResourceName),
    ResourceType: resources.flatMap(({ ResourceType }) => ResourceType ?? []),
  };
  for (const [name, value] of Object.entries(single)) attributes[name] = value === undefined ? [] : [value];
  return {
    time,
    id,
    attributes,
    toEvent: () => ({
      ...single,
      EventTime: time / 1000,
      Resources: resources,
      CloudTrailEvent: JSON.stringify(record),
    }),
  };
}

function isManagementEvent(record: Readonly<Record<string, unknown>>): boolean {
  return record['managementEvent'] !== false && (record['eventCategory'] ?? 'Management') === 'Management';
}

/** Whether `a` comes before `b` in an answer: newest first, and of the same second in a fixed order. */
export function isBefore(
  a: Pick<HistoryEntry, 'time' | 'id'>,
  b: Pick<HistoryEntry, 'time' | 'id'>,
): boolean {
  return a.time === b.time ? a.id < b.id : a.time > b.time;
}

/**
 * The management events of `records` in the order of the answers.
 *
 * @throws {Error} if a record is no object, or is without `eventID` or `eventTime`: a mistake of the test.
 */
export function indexHistory(records: readonly unknown[]): HistoryIndex {
  const entries = records.flatMap(record => {
    if (!isJsonObject(record)) throw new Error('A record of a history must be an object.');
    return isManagementEvent(record) ? [toEntry(record)] : [];
  });
  entries.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  return { records, length: records.length, entries };
}

/** How many of `entries` do not come after `cursor`; found by halving. */
export function countUpTo(
  entries: readonly HistoryEntry[],
  cursor: Pick<HistoryEntry, 'time' | 'id'>,
): number {
  let from = 0;
  let to = entries.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const entry = entries[middle];
    if (entry !== undefined && !isBefore(cursor, entry)) from = middle + 1;
    else to = middle;
  }
  return from;
}
