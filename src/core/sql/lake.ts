import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from '../base/quote.ts';
import { componentKey } from '../component/key.ts';
import { AUDIT_EVENT_NAME, DEFAULT_EVENT_SOURCE } from '../marker/event.ts';
import { isAll, type ServiceChoice } from '../services/choice.ts';
import type { TimeRange } from '../time/range.ts';

// Statements in Trino's SQL as CloudTrail Lake takes it: SELECT only, store ids without quotes.
// Sources: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html and, for the columns,
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-supported-event-schemas.html

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html (QueryStatement) */
const MOST_CHARACTERS = 10_000;
const STORE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const STORE_ARN = /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:eventdatastore\/(.+)$/;

/** Which changes are wanted of a store. */
export interface ChangesQuery extends TimeRange {
  /** Services without `.amazonaws.com`, for example `lambda`; or `all`. */
  readonly services: ServiceChoice;
  /** Leaves out what is certainly of another function or layer; what is left is more than that component's. */
  readonly component?: string | undefined;
}

/** Which markers are wanted of a store. */
export interface MarkersQuery extends TimeRange {
  /** Default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
}

/**
 * The statement that reads changes: whole records as JSON text in `event_json`, of successful writes, and of the AssumeRole
 * calls that tie one role to another.
 *
 * @throws DeployMarkerError ARN_INVALID, QUERY_TOO_LONG
 */
export function changesSql(store: string, { services, component, ...range }: ChangesQuery): string {
  const name =
    component === undefined ? undefined : /^(?:lambda|layer):(.+)$/.exec(componentKey(component))?.[1];
  const fields = ['functionName', 'layerName', 'resource'].map(field =>
    parameter('requestParameters', field),
  );
  const texts = [...fields, parameter('responseElements', 'functionArn')].map(
    text => `coalesce(${text}, '')`,
  );
  const test =
    name === undefined
      ? ''
      : ` AND (eventSource <> 'lambda.amazonaws.com' OR strpos(${texts.join(" || ' ' || ")}, ${literal(name)}) > 0)`;
  return checkStatement(`SELECT eventJson AS event_json FROM ${parseStoreId(store)}
WHERE ${within('eventTime', range)} AND coalesce(errorCode, '') = ''
 AND (${writeTests(services)}${test} OR eventSource = 'sts.amazonaws.com' AND eventName LIKE 'AssumeRole%')`);
}

/**
 * The statement that reads markers: `uid`, in `marker` the fields as one JSON object, and in `stored` when the store took it in,
 * for `markerFromRow`.
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function markersSql(store: string, { eventSource, ...range }: MarkersQuery): string {
  return checkStatement(`SELECT eventData.uid AS uid, json_format(CAST(eventData.requestParameters AS JSON)) AS marker, metadata.ingestionTime AS stored
FROM ${parseStoreId(store)}
WHERE ${within('eventTime', range)} AND ${markerTests(eventSource)}`);
}

/** What tells markers from other events of their store. */
export function markerTests(eventSource = DEFAULT_EVENT_SOURCE): string {
  return `eventData.eventSource = ${literal(eventSource)} AND eventData.eventName = '${AUDIT_EVENT_NAME}'`;
}

/** What tells successful writes of services from other events. */
function writeTests(services: ServiceChoice): string {
  const sources = isAll(services) ? [] : services.map(service => literal(`${service}.amazonaws.com`));
  const ofServices = isAll(services) ? '' : `eventSource IN (${sources.join(', ')}) AND `;
  return `${ofServices}NOT coalesce(readOnly, false) AND coalesce(managementEvent, true) AND coalesce(${parameter('requestParameters', 'dryRun')}, 'false') <> 'true'`;
}

/** A value of a map column, NULL where there is none. */
export function parameter(map: string, field: string): string {
  return `element_at(${map}, ${literal(field)})`;
}

/**
 * The id of an event data store, out of the id itself or the store's ARN. It stands in a statement without quotes, as
 * Lake wants it, so that nothing but a UUID passes.
 *
 * @throws DeployMarkerError ARN_INVALID
 */
export function parseStoreId(text: string): string {
  const id = STORE_ARN.exec(text)?.[1] ?? text;
  if (STORE_ID.test(id)) return id;
  throw new DeployMarkerError('ARN_INVALID', `${quote(text)} is not the id of an event data store`, {
    hint: 'copy the id (a UUID) or the ARN from `aws cloudtrail list-event-data-stores`',
  });
}

/** Text as a literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** An instant in milliseconds since the epoch as a literal; Lake's event times are UTC and have no zone. */
export function timestamp(milliseconds: number): string {
  const text = new Date(milliseconds)
    .toISOString()
    .replace(/(?:\.000)?Z$/, '')
    .replace('T', ' ');
  return `timestamp '${text}'`;
}

/** Bounds of a scan, which is what Lake's price goes by: literals on both ends. */
export function within(column: string, { from, until }: TimeRange): string {
  return `${column} >= ${timestamp(from)} AND ${column} < ${timestamp(until)}`;
}

/** The same in fewer characters, with the end itself. */
export function between(column: string, { from, until }: TimeRange): string {
  return `${column} BETWEEN ${timestamp(from)} AND ${timestamp(until)}`;
}

/** Whether Lake takes a statement of this length. */
export function isShort({ length }: string): boolean {
  return length < MOST_CHARACTERS;
}

/** Blanks that one hardly misses: behind names in lists, and around `||`, `=` and brackets. */
const EASY_BLANKS = /(?<=[a-z_*)])(,)\s+|\s*(?<![<>])(\|\||=|[()])\s*/g;
/** All that SQL does not need. */
export const ALL_BLANKS = /\s*([,=|<>()])\s+()/g;

/** The statement without the blanks that only people need; literals, and the comment that it begins with, stay as they are. */
export function tighten(statement: string, blanks = EASY_BLANKS): string {
  const [comment = ''] = /^--.*\n/.exec(statement) ?? [];
  const rest = statement.slice(comment.length);
  const parts = rest.split(/('(?:[^']|'')*')/);
  return (
    comment +
    parts
      .map((part, at) =>
        at % 2 === 1
          ? part
          : part.replaceAll(
              blanks,
              (_, one: string | undefined, other: string | undefined) => one ?? other ?? '',
            ),
      )
      .join('')
  );
}

/** @throws DeployMarkerError QUERY_TOO_LONG if Lake takes no statement of this length */
export function checkStatement(statement: string): string {
  const { length } = statement;
  if (isShort(statement)) return statement;
  throw new DeployMarkerError(
    'QUERY_TOO_LONG',
    `the statement has ${length} characters; CloudTrail Lake takes fewer than ${MOST_CHARACTERS}`,
  );
}
