import type { TimeRange } from '../time/range.ts';
import { parameter, parseStoreId, timestamp, within } from './lake.ts';

// The table that the correlation statement makes of the store of management events; what is done here is what
// cloudtrail-record.ts and cloudtrail-actor.ts do.

/** What the table of changes is made from. */
export interface ChangeTable {
  readonly store: string;
  /** In which the store is asked, and in which changes count. */
  readonly scan: TimeRange;
  readonly range: TimeRange;
  /** Unit of the slots of time by which changes and deploys meet. */
  readonly unit: string;
}

/**
 * Successful writes to Lambda and CloudFormation, each once, with what the join needs of them: `key` of the component, where it was,
 * `role` as `ACCOUNT:assumed-role/NAME` if no person had it, `session` as that with the session's name if it stands for one,
 * and `slot`.
 */
export function changes({ store, scan, range, unit }: ChangeTable): string {
  const arn = 'userIdentity.arn';
  const isPerson = `strpos(${arn}, '/AWSReservedSSO_') > 0 OR sessionCredentialFromConsole = 'true'`;
  // CloudFormation with a service role, and CodeDeploy.
  const isService = `regexp_like(concat_ws(' ', via, who), '^codedeploy\\.|^cloudformation\\..*/AWSCloudFormation$')`;
  const inRange = scan.from < range.from ? ` WHERE time >= ${timestamp(range.from)}` : '';
  return `(SELECT *, regexp_extract(who, '^.*?/[^/]+') AS role, CASE WHEN NOT ${isService} THEN who END AS session
 FROM (SELECT eventID AS event_id, eventTime AS time, regexp_replace(eventName, '\\d{8}(?:v\\d+)?$', '') AS event_name, ${component()} AS key,
 coalesce(recipientAccountId, userIdentity.accountId) AS owner, awsRegion AS area, ${arn} AS actor, userIdentity.invokedBy AS invoked_by, coalesce(userIdentity.invokedBy, sourceIPAddress) AS via,
 CASE WHEN ${isPerson} THEN NULL ELSE regexp_extract(${arn}, ':sts::(\\d+:assumed-role/.+/.+)', 1) END AS who, date_trunc('${unit}', eventTime) AS slot
 FROM (SELECT *, requestParameters AS q, responseElements AS r FROM ${parseStoreId(store)} WHERE ${within('eventTime', scan)} AND ${IS_WRITE}))${inRange})`;
}

/** Drift detection, estimates and checks of templates change nothing, although CloudTrail does not call all of them reads. */
const IS_WRITE = `eventSource IN ('lambda.amazonaws.com', 'cloudformation.amazonaws.com') AND readOnly = false AND coalesce(managementEvent, true) AND coalesce(errorCode, '') = '' AND coalesce(${parameter('requestParameters', 'dryRun')}, 'false') <> 'true' AND NOT regexp_like(eventName, '^(Det|Est|Val)')`;

/** The first text that has the form counts, as it does for the reader of records; what nothing names is `?`. */
function component(): string {
  const first = (form: string, ...texts: readonly string[]): string =>
    `regexp_extract(concat_ws(' ', ${texts.join(', ')}), '(?:^| )${form}(?: |$)', 1)`;
  const ofFunction = `'lambda:' || ${first('(?:(?:\\S+:)?function:|\\d{12}:)?([\\w-]+)(?::(?:\\$LATEST|[\\w-]+))?', answered('functionName'), asked('functionName'), answered('functionArn'), asked('resource'))}`;
  const ofLayer = `'layer:' || ${first('(?:\\S+:layer:)?([\\w-]+)(?::\\d+)?', answered('layerArn'), asked('layerName'), asked('resource'))}`;
  const ofStack = `'stack:' || ${first('(?:\\S+:stack/)?([A-Za-z][A-Za-z0-9-]*)(?:/[\\w-]+)?', answered('stackId'), asked('stackName'))}`;
  return `CASE eventSource WHEN 'lambda.amazonaws.com' THEN coalesce(${ofFunction}, ${ofLayer}, 'lambda:?') ELSE coalesce(${ofStack}, 'stack:?') END`;
}

function asked(field: string): string {
  return parameter('q', field);
}

function answered(field: string): string {
  return parameter('r', field);
}
