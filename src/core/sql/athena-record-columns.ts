import type { WantedColumn } from './athena-columns.ts';

// What is read of CloudTrail's records where a table of Athena has them. AWS's own table has texts, but for the struct of the identity and
// the list of resources.
// Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html

/** How a column becomes part of a record again. */
export interface RecordColumn extends WantedColumn {
  /** Its place in a record, as CloudTrail spells it. */
  readonly field: string;
  readonly as: 'text' | 'flag' | 'json' | 'resources';
}

const TEXT_OR_FLAG = /^(?:string|varchar\(\d+\)|boolean)$/;

function text(field: string, isNeeded?: true): RecordColumn {
  return { name: field.toLowerCase(), field, as: 'text', ...(isNeeded === true ? { isNeeded } : {}) };
}

/** All that is read of a record, wherever it comes from. */
export const RECORD_COLUMNS: readonly RecordColumn[] = [
  text('eventID', true),
  text('eventTime', true),
  text('eventSource', true),
  text('eventName', true),
  text('awsRegion', true),
  text('recipientAccountId', true),
  text('errorCode', true),
  text('sourceIPAddress', true),
  { ...text('readOnly', true), as: 'flag', types: TEXT_OR_FLAG },
  { ...text('requestParameters', true), as: 'json' },
  { ...text('responseElements', true), as: 'json' },
  text('userIdentity.type', true),
  text('userIdentity.principalId', true),
  text('userIdentity.arn', true),
  text('userIdentity.accountId', true),
  text('userIdentity.invokedBy', true),
  text('userIdentity.accessKeyId', true),
  text('userIdentity.userName', true),
  text('userIdentity.sessionContext.sessionIssuer.type', true),
  text('userIdentity.sessionContext.sessionIssuer.arn', true),
  text('userIdentity.sessionContext.sessionIssuer.userName', true),
  text('userIdentity.onBehalfOf.userId'),
  text('eventType'),
  text('eventCategory'),
  text('sharedEventID'),
  { ...text('sessionCredentialFromConsole'), types: TEXT_OR_FLAG },
  { ...text('additionalEventData'), as: 'json' },
  { ...text('resources'), as: 'resources', types: /^array<struct<(?:.*,)?arn:string[,>]/ },
];

/** AWS's own table does not have it; `eventcategory` tells the same. */
export const MANAGEMENT_COLUMN: RecordColumn = {
  ...text('managementEvent'),
  as: 'flag',
  types: TEXT_OR_FLAG,
};

/** Types of the columns in AWS's own table, as Hive writes them, as far as they are read. */
export function recordColumnTypes(): ReadonlyMap<string, string> {
  const names = RECORD_COLUMNS.map(({ name }) => name.split('.'));
  const types = new Map(fieldsOf(names));
  return types.set('resources', 'array<struct<arn:string,accountid:string,type:string>>');
}

/** Names and types of fields, by their paths: those that have fields of their own are structs. */
function fieldsOf(paths: readonly (readonly string[])[]): (readonly [name: string, type: string])[] {
  const names = new Set(paths.flatMap(([first]) => first ?? []));
  return [...names].map(name => {
    const own = paths.flatMap(([first, ...rest]) => (first === name && rest.length > 0 ? [rest] : []));
    const fields = fieldsOf(own).map(field => field.join(':'));
    return [name, fields.length === 0 ? 'string' : `struct<${fields.join(',')}>`] as const;
  });
}
