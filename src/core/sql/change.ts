import { GLOBAL_SERVICES } from '../change/global.ts';
import type { TimeRange } from '../time/range.ts';
import { parameter, timestamp, within } from './lake.ts';

// The table that the correlation statement makes of management events; what is done here is what core/change/ does.

/** What the table of changes is made from. */
export interface ChangeTable {
  /** What FROM names: a table with the columns of a store of management events. */
  readonly from: string;
  /** In which it is asked, and in which changes count. */
  readonly scan: TimeRange;
  readonly range: TimeRange;
  /** Unit of the slots of time by which changes and deploys meet. */
  readonly unit: string;
  /** Of whose things the names are read, besides those of Lambda and CloudFormation. */
  readonly named: readonly string[];
  /** Whether somebody called, and no service acted by itself. It is never NULL. */
  readonly isSomebody: string;
}

/**
 * Successful writes, each once, with what the join needs of them: `key` of the component, `spots` where it was, as places of markers
 * may tell it, `role` as `ACCOUNT:assumed-role/NAME` if no person had it, `session` as that with the session's name if it stands for one,
 * and `slot`. What a service does by itself is no deploy's, whatever the time.
 */
export function changes({ from, scan, range, unit, named, isSomebody }: ChangeTable): string {
  const isPerson = "strpos(actor, '/AWSReservedSSO_') > 0 OR sessionCredentialFromConsole = 'true'";
  // CloudFormation with a service role, and CodeDeploy.
  const isService = `regexp_like(concat_ws(' ', via, who), '^codedeploy\\.|^cloudformation\\..*/AWSCloudFormation$')`;
  const isGlobal = `regexp_like(svc, '^(${GLOBAL_SERVICES.join('|')})$') OR ${asked('scope')} = 'CLOUDFRONT'`;
  const inRange = scan.from < range.from ? ` WHERE time >= ${timestamp(range.from)}` : '';
  return `(SELECT *, ARRAY[owner || '/' || area, owner || '/', '/' || area, '/'] AS spots, regexp_extract(who, '^.*?/[^/]+') AS role, CASE WHEN NOT ${isService} THEN who END AS session
 FROM (SELECT eventID AS event_id, eventTime AS time, regexp_replace(eventName, '\\d{8}(?:v\\d+)?$', '') AS event_name, ${component(named)} AS key,
 coalesce(recipientAccountId, userIdentity.accountId) AS owner, CASE WHEN ${isGlobal} THEN '~' ELSE awsRegion END AS area, actor, invoked_by, via,
 CASE WHEN NOT coalesce(${isPerson}, false) THEN regexp_extract(actor, ':sts::(\\d+:assumed-role/.+/.+)', 1) END AS who, date_trunc('${unit}', eventTime) AS slot
 FROM (SELECT *, requestParameters AS q, responseElements AS r, split_part(eventSource, '.', 1) AS svc, userIdentity.arn AS actor, userIdentity.invokedBy AS invoked_by, coalesce(userIdentity.invokedBy, sourceIPAddress) AS via FROM ${from} WHERE ${within('eventTime', scan)}) WHERE ${IS_WRITE} AND (${isSomebody} OR ${FOR_SOMEBODY}))${inRange})`;
}

/**
 * How names of calls begin that change nothing, although CloudTrail does not call all of them reads: drift detection, estimates, checks,
 * simulations, change sets that are thrown away, layers of an image, and streams of a log group. The reader of records knows more.
 */
const NO_CHANGES = [
  ...[
    'CompleteL',
    'CreateLogSt',
    'DeleteChangeS',
    'Desc',
    'Detect',
    'Est',
    'Get',
    'InitiateL',
    'List',
    'Sim',
  ],
  ...['UploadL', 'Val'],
];

/** Where a record does not say whether it is a read, its name does. */
const IS_WRITE = `NOT coalesce(readOnly, regexp_like(eventName, '^(BatchG|Head|Look|Sea|Test)')) AND coalesce(managementEvent, true) AND coalesce(eventCategory, 'M') LIKE 'M%' AND coalesce(errorCode, '') = '' AND coalesce(${asked('dryRun')}, ${asked('DryRun')}, '') <> 'true' AND NOT regexp_like(eventName, '^(${NO_CHANGES.join('|')})')`;

/** No other services change things for somebody else. */
const FOR_SOMEBODY = `regexp_like(via, '\\b(cloudformation|codedeploy)\\.')`;

/**
 * Services whose things one parameter names, as it is, as an ARN or as a URL, and that parameter. The table of services says more of
 * each; here only what fits into a statement has a place, the most common in deploys first.
 */
const FIELDS: Readonly<Record<string, string>> = {
  dynamodb: 'tableName',
  s3: 'bucketName',
  states: 'stateMachineArn',
  sqs: 'queueUrl',
  sns: 'topicArn',
  ecr: 'repositoryName',
  logs: 'logGroupName',
  kms: 'keyId',
  kinesis: 'streamName',
  monitoring: 'alarmName',
};

/** Services of which the statement can read names besides those of Lambda and CloudFormation, the most common first. */
export const NAMED_SERVICES: readonly string[] = ['ecs', ...Object.keys(FIELDS)];

/** Parameters and answers of calls that are looked at, for tables in which they have to be taken out of a text first. */
export const READ_FIELDS = {
  asked: [
    ...['functionName', 'layerName', 'stackName', 'resource', 'dryRun', 'DryRun', 'scope'],
    ...['cluster', 'service', 'serviceName', 'family'],
    ...Object.values(FIELDS),
  ],
  answered: ['functionArn', 'functionName', 'layerArn', 'stackId'],
} as const;

/** The first text that has the form counts, as it does for the reader of records; what nothing names is `?`. */
function component(named: readonly string[]): string {
  const first = (form: string, ...texts: readonly string[]): string =>
    `regexp_extract(concat_ws(' ', ${texts.join(', ')}), '(?:^| )${form}(?: |$)', 1)`;
  const ofFunction = `'lambda:' || ${first('(?:(?:\\S+:)?function:|\\d{12}:)?([\\w-]+)(?::(?:\\$LATEST|[\\w-]+))?', answered('functionName'), asked('functionName'), answered('functionArn'), asked('resource'))}`;
  const ofLayer = `'layer:' || ${first('(?:\\S+:layer:)?([\\w-]+)(?::\\d+)?', answered('layerArn'), asked('layerName'), asked('resource'))}`;
  const ofStack = `'stack:' || ${first('(?:\\S+:stack/)?([A-Za-z][A-Za-z0-9-]*)(?:/[\\w-]+)?', answered('stackId'), asked('stackName'))}`;
  const ofEcs = named.includes('ecs') ? ` WHEN 'ecs' THEN ${ECS}` : '';
  return `CASE svc WHEN 'lambda' THEN coalesce(${ofFunction}, ${ofLayer}, 'lambda:?') WHEN 'cloudformation' THEN coalesce(${ofStack}, 'stack:?')${ofEcs} ELSE svc || ${otherName(named)} END`;
}

/** A service is named with its cluster, which is `default` where the call names none. */
const ECS = `coalesce('ecs:' || coalesce(regexp_extract(${asked('cluster')}, '[^/]+$'), 'default') || '/' || regexp_extract(coalesce(${asked('service')}, ${asked('serviceName')}), '[^/]+$'), 'ecs:' || ${asked('family')}, 'ecs:?')`;

function otherName(named: readonly string[]): string {
  const fields = Object.entries(FIELDS).filter(([service]) => named.includes(service));
  if (fields.length === 0) return "':?'";
  const list = fields.map(([service, field]) => ` ${service}=${field}`).join('');
  const text = `element_at(q, regexp_extract('${list}', ' ' || svc || '=(\\w+)', 1))`;
  return `':' || coalesce(regexp_extract(${text}, '^(?:arn:(?:[^:]*:){4}(?:\\w+[:/])?|http.*/)?([^:]+)', 1), '?')`;
}

function asked(field: string): string {
  return parameter('q', field);
}

function answered(field: string): string {
  return parameter('r', field);
}
