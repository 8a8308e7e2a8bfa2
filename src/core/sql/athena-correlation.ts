import type { TimeRange } from '../time/range.ts';
import { splitColumns } from './athena-columns.ts';
import { markerFieldsOf, markerPartitions } from './athena-markers.ts';
import { partitionTests } from './athena-partitions.ts';
import { MANAGEMENT_COLUMN, RECORD_COLUMNS, type RecordColumn } from './athena-record-columns.ts';
import { athenaInstant, deliveryOf, SERVICE } from './athena-records.ts';
import { checkAthenaStatement, quotedTable, type TableLayout } from './athena-table.ts';
import { NAMED_SERVICES, READ_FIELDS } from './change.ts';
import { type CorrelationQuestion, commentFor, correlationStatement } from './correlation.ts';
import { literal } from './lake.ts';

/** What the statement that joins both tables is made from. */
export interface AthenaCorrelation extends CorrelationQuestion {
  readonly markerTable: TableLayout;
  readonly changeTable: TableLayout;
  /** How much later than its call a record may be delivered, in milliseconds. */
  readonly late: number;
}

/** Fields of a record that the join cannot do without. */
const NEEDED = [
  ...['eventID', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'recipientAccountId'],
  ...['sourceIPAddress', 'errorCode', 'readOnly', 'requestParameters', 'responseElements'],
  ...['userIdentity.arn', 'userIdentity.accountId', 'userIdentity.invokedBy', 'userIdentity.type'],
];
const FROM_CONSOLE = 'sessionCredentialFromConsole';
const CATEGORY = 'eventCategory';
const KIND = 'eventType';
const PERSON = 'userIdentity.onBehalfOf.userId';
const ISSUER = 'userIdentity.sessionContext.sessionIssuer.arn';
/** Fields without which more is tied to a deploy. */
const OPTIONAL = [FROM_CONSOLE, CATEGORY, KIND, PERSON, ISSUER];

/**
 * The statement that ties changes to deploys inside Athena: the same as for CloudTrail Lake, over tables that are given Lake's columns
 * first. The partitions of both are named by literals.
 *
 * @throws DeployMarkerError TABLE_UNSUITABLE, QUERY_TOO_LONG
 */
export function athenaCorrelationSql({
  markerTable,
  changeTable,
  late,
  ...question
}: AthenaCorrelation): string {
  const { range } = question;
  let markers = '';
  const tables = {
    markerRows(read: TimeRange): string {
      markers = markersLikeLake(markerTable, read);
      return 'SELECT uid, p, stored FROM markers';
    },
    changes: 'changes',
    isSomebody: 'isSomebody',
  };
  const statement = correlationStatement(tables, question, NAMED_SERVICES);
  return checkAthenaStatement(`${commentFor(NAMED_SERVICES)}WITH markers AS (${markers}),
changes AS (${changesLikeLake(changeTable, deliveryOf(range, late))})
${statement}`);
}

/** Columns that the table of records lacks, without which some changes are taken for those of a deploy, or for changes. */
export function columnsMissedBy(layout: TableLayout): readonly string[] {
  return splitColumns(layout, columnsOf(OPTIONAL)).missing.map(({ name }) => name);
}

/** Markers as a store of Lake has them; when the bucket took each in is not known. */
function markersLikeLake(layout: TableLayout, range: TimeRange): string {
  const fields = markerFieldsOf(layout);
  const values = fields.map(field => `"${field}"`);
  return `SELECT "uid" AS uid, MAP(ARRAY[${fields.map(literal).join(', ')}], ARRAY[${values.join(', ')}]) AS p, '~' AS stored
 FROM ${quotedTable(layout)} WHERE ${markerPartitions(layout, range)}`;
}

/** Records of some days as a store of Lake has them: a time for the text, maps for texts of JSON, flags for texts. */
function changesLikeLake(layout: TableLayout, delivered: TimeRange): string {
  splitColumns(layout, columnsOf(NEEDED));
  const known = splitColumns(layout, [...columnsOf(OPTIONAL), MANAGEMENT_COLUMN]).there;
  const optional = (field: string): string => {
    const column = known.find(each => each.field === field);
    return `CAST(${column?.name ?? 'NULL'} AS varchar)`;
  };
  const isEvent = (kind: string): string => `coalesce(${optional(KIND)}, '') = '${kind}'`;
  const isPerson = `${isEvent('AwsConsoleAction')} OR coalesce(${optional(PERSON)}, '') <> '' OR lower(trim(${optional(FROM_CONSOLE)})) = 'true'`;
  // A caller of an event that no call made is somebody who is named.
  const isNobody = `${isEvent('AwsServiceEvent')} AND coalesce(useridentity.type, useridentity.arn, '') = ''`;
  const isService = `coalesce(useridentity.type, '') = 'AWSService' OR ${isNobody} OR regexp_like(coalesce(${optional(ISSUER)}, ''), ':role/aws-service-role/')`;
  const partitions = partitionTests(layout, { range: delivered, regions: [], accounts: [] });
  return `SELECT eventid AS eventID, ${athenaInstant('eventtime')} AS eventTime, ${SERVICE} || '.amazonaws.com' AS eventSource, eventname AS eventName, awsregion AS awsRegion,
 nullif(recipientaccountid, '') AS recipientAccountId, useridentity AS userIdentity, sourceipaddress AS sourceIPAddress, ${ERROR} AS errorCode, CASE WHEN ${isPerson} THEN 'true' END AS sessionCredentialFromConsole, NOT (${isService}) AS isSomebody,
 ${READS_NOTHING} AS readOnly, coalesce(lower(${optional(MANAGEMENT_COLUMN.field)}), 'true') = 'true' AS managementEvent, ${optional(CATEGORY)} AS eventCategory, ${toMap('requestparameters', READ_FIELDS.asked)} AS requestParameters, ${toMap('responseelements', READ_FIELDS.answered)} AS responseElements
 FROM ${quotedTable(layout)} WHERE ${partitions.join(' AND ')}`;
}

/** What tools that write tables put where there was no error is none, as for the reader of records. */
const ERROR = `CASE WHEN NOT regexp_like(errorcode, '(?i)^\\s*(-|null|none|nil|nan|undefined|n/a|success|ok|200)?\\s*$') THEN errorcode END`;

/** Older records do not say whether they are reads; their names do, as for the reader of records. */
const READS_NOTHING =
  "CASE lower(CAST(readonly AS varchar)) WHEN 'true' THEN true WHEN 'false' THEN false ELSE regexp_like(eventname, '^(?:BatchGet|Describe|Detect|Estimate|Get|Head|List|Lookup|Search|Test|Validate)') END";

/** A few fields of a JSON text as a map of texts. */
function toMap(column: string, fields: readonly string[]): string {
  const values = fields.map(field => `json_extract_scalar(${column}, '$.${field}')`);
  return `MAP(ARRAY[${fields.map(literal).join(', ')}], ARRAY[${values.join(', ')}])`;
}

function columnsOf(fields: readonly string[]): readonly RecordColumn[] {
  return RECORD_COLUMNS.filter(({ field }) => fields.includes(field));
}
