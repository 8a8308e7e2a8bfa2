import { componentKey } from './component-key.ts';
import { DEFAULT_WINDOW } from './deploy.ts';
import {
  checkStatement,
  literal,
  markerTests,
  parameter,
  parseStoreId,
  timestamp,
  within,
  writeTests,
} from './lake-sql.ts';
import { FINAL_STATUSES } from './marker.ts';
import type { TimeRange } from './time-range.ts';

/** What the statement that joins both stores is made from. */
export interface CorrelationQuery {
  /** Id or ARN of the store that markers go to. */
  readonly markerStore: string;
  /** Id or ARN of the store of management events. */
  readonly changeStore: string;
  /** When the markers were made that are asked for. */
  readonly range: TimeRange;
  /** `eventSource` of markers; default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
  /** How far a deploy's window reaches beyond its start and its end. Milliseconds; whole seconds count. */
  readonly before: number;
  readonly after: number;
  readonly component?: string | undefined;
  /** A commit, or how it begins. */
  readonly gitSha?: string | undefined;
  readonly sessionName?: string | undefined;
}

/** How long before the range changes are read, for deploys that ended in it. */
const LEAD_MS = 6 * 3_600_000;
const DAY_MS = 86_400_000;

// The forms of component-key.ts, for the engine that Lake runs.
const FUNCTION =
  '^(?:(?:arn:aws[a-z-]*:lambda:)?(?:[a-z]{2,}(?:-[a-z]+)+-\\d:)?(?:\\d{12}:)?function:|\\d{12}:)?([\\w-]+)(?::[^:]+)?$';
const LAYER = '^(?:arn:aws[a-z-]*:lambda:[^:]+:\\d{12}:layer:)?([\\w-]+)(?::\\d+)?$';
const STACK = '^(?:arn:aws[a-z-]*:cloudformation:[^:]+:\\d{12}:stack/)?([A-Za-z][A-Za-z0-9-]*)(?:/[\\w-]+)?$';
const ASSUMED_ROLE = ':assumed-role/([^/]+)/(.+)$';

/**
 * The statement that ties changes to deploys inside CloudTrail Lake, by the rules `session` and `window`.
 *
 * One row for each change of a deploy, and one for each deploy without any. Markers are folded by UID (the earliest
 * recorded copy counts), then by deploy and component (the marker that ends it counts). A change goes to the deploy of its
 * session and component, else to those of its session, else to those in whose window its component changed, by the deploy
 * role if possible; a deploy that is under way comes before one that has ended. Filters choose the deploys that are shown;
 * all of them take part in the judgement.
 *
 * Every join hangs on equalities: session or component, and the day (week, month) that a window touches. So the cost
 * grows with the rows and not with their product.
 *
 * @throws DeployMarkerError ARN_INVALID, QUERY_TOO_LONG
 */
export function correlationSql(query: CorrelationQuery): string {
  const shown = SHOWN.map(field => `${parameter('m.p', field)} AS ${field}`).join(', ');
  return checkStatement(`SELECT m.id AS deploy_id, m.uid AS marker_uid, ${shown},
 m.started AS started_at, m.ended AS deployed_at, x.rule AS rule, x.standing AS standing, x.event_id AS event_id,
 x.time AS event_time, x.event_name AS event_name, x.changed AS changed, x.actor AS actor, x.invoked_by AS invoked_by
FROM ${foldedDeploys(query)} AS m LEFT JOIN (
 SELECT * FROM (SELECT *, max(score) OVER (PARTITION BY event_id) AS best FROM (
 SELECT *, CASE standing WHEN 'coincident' THEN 0 ELSE CASE rule WHEN 'window' THEN 2 ELSE CASE changed WHEN component THEN 6 ELSE 4 END END
 + CASE WHEN time >= begun AND time <= finished THEN 1 ELSE 0 END END AS score FROM (
 SELECT d.id, d.component, c.event_id, c.time, c.event_name, c.component AS changed, c.actor, c.invoked_by,
 CASE d.kind WHEN 's' THEN 'session' ELSE 'window' END AS rule,
 CASE WHEN d.kind = 's' OR d.role = c.role AND c.session IS NOT NULL THEN 'explained' ELSE 'coincident' END AS standing,
 coalesce(d.started, d.opens) AS begun, coalesce(d.ended, d.closes) AS finished
 FROM ${changes(query)} AS c JOIN ${slottedDeploys(query)} AS d ON d.kind = c.kind AND d.name = c.name AND d.slot = c.slot
 AND c.time >= d.opens AND c.time <= d.closes AND ${agree('account')} AND ${agree('region')}
 AND (d.kind = 'c' OR d.role = c.role)))) WHERE score = best
) AS x ON x.id = m.id AND x.component = m.component${filters(query)}
ORDER BY m.ended, m.id, m.component, x.time, x.event_id`);
}

/** Fields of the marker that a row shows as they are; the component in the spelling of changes comes with them. */
const SHOWN = ['env', 'component', 'account', 'region', 'git_sha', 'status', 'role_session_name'] as const;

/** Equal where both sides know: a comparison with NULL is neither true nor false. */
function agree(column: string): string {
  return `coalesce(d.${column} = c.${column}, true)`;
}

/** Rows twice, by session and by component, or once where there is no session; both sides of the join do it. */
function named(rows: string): string {
  return `(SELECT r.*, k.kind, CASE k.kind WHEN 's' THEN session ELSE component END AS name
 FROM ${rows} AS r JOIN (VALUES (true, 'c'), (false, 'c'), (false, 's')) AS k (alone, kind) ON k.alone = (r.session IS NULL))`;
}

function filters({ component, gitSha, sessionName }: CorrelationQuery): string {
  const tests: string[] = [];
  if (component !== undefined) tests.push(`m.component = ${literal(componentKey(component))}`);
  if (gitSha !== undefined) {
    const sha = literal(gitSha.toLowerCase());
    const known = parameter('m.p', 'git_sha');
    // Either may be the short form of the other.
    tests.push(`(strpos(${known}, ${sha}) = 1 OR strpos(${sha}, ${known}) = 1)`);
  }
  if (sessionName !== undefined) {
    tests.push(`${parameter('m.p', 'role_session_name')} = ${literal(sessionName)}`);
  }
  return tests.length === 0 ? '' : `\nWHERE ${tests.join(' AND ')}`;
}

/** One row for each deploy and component; `p` and `uid` are of the marker that tells how it stands. */
function foldedDeploys({ markerStore, range, eventSource }: CorrelationQuery): string {
  const fields = 'eventData.requestParameters';
  const own = (field: string): string => parameter('p', field);
  const instant = (text: string): string => `try(CAST(from_iso8601_timestamp(${text}) AS timestamp))`;
  const latest = (column: string): string =>
    `max_by(${column}, CASE WHEN ${column} IS NOT NULL THEN word END) AS ${column}`;
  return `(SELECT id, component, max_by(uid, word) AS uid, max_by(p, word) AS p, ${latest('session')}, ${latest('role')},
 min(began) AS started, max_by(ended, word) AS ended
 FROM (SELECT uid, p, coalesce(${own('deploy_id')}, uid) AS id, ${markerComponent(own('component'))} AS component,
 ${own('role_session_name')} AS session, regexp_extract(${own('role_arn')}, '[^/]+$') AS role,
 CASE WHEN done THEN '1' ELSE '0' END || ${own('recorded_at')} AS word,
 ${instant(`coalesce(${own('started_at')}, CASE WHEN NOT done THEN ${own('recorded_at')} END)`)} AS began,
 ${instant(`CASE WHEN done THEN coalesce(${own('deployed_at')}, ${own('recorded_at')}) END`)} AS ended
 FROM (SELECT uid, p, ${own('status')} IN (${FINAL_STATUSES.map(literal).join(', ')}) AS done
 FROM (SELECT eventData.uid AS uid, min_by(${fields}, ${parameter(fields, 'recorded_at')}) AS p
 FROM ${parseStoreId(markerStore)} WHERE ${markerTests(eventSource)} AND ${within('eventTime', range)}
 GROUP BY eventData.uid) WHERE ${own('explains')} IS NULL)) GROUP BY id, component)`;
}

function markerComponent(text: string): string {
  const named = (kind: string, arn: string, name: string): string =>
    `'${kind}:' || regexp_extract(${text}, '^(?:${kind}:|arn:aws[a-z-]*:${arn})(${name})', 1)`;
  return `coalesce(${named('lambda', 'lambda:[^:]+:\\d+:function:', '[\\w-]+')}, ${named('layer', 'lambda:[^:]+:\\d+:layer:', '[\\w-]+')}, ${named('stack', 'cloudformation:[^:]+:\\d+:stack/', '[^/:]+')}, ${text})`;
}

/** Deploys with their windows: a row for each slot of time that a window touches. */
function slottedDeploys(query: CorrelationQuery): string {
  const { from, until } = changeRange(query);
  const { unit, count } = slots(query);
  const { assumed, unfinishedAfter } = DEFAULT_WINDOW;
  const add = (milliseconds: number, column: string): string =>
    `date_add('second', ${Math.trunc(milliseconds / 1000)}, ${column})`;
  const opens = `coalesce(${add(-query.before, 'started')}, ${add(-assumed, 'ended')})`;
  const closes = `coalesce(${add(query.after, 'ended')}, ${add(unfinishedAfter, 'started')})`;
  const first = `date_trunc('${unit}', opens)`;
  // A window in one slot, in two, or in any number. By a join on equality: Lake's list of joins has no CROSS JOIN.
  const steps = ['(1, 0), (2, 0), (2, 1)', ...Array.from({ length: count }, (_, step) => `(3, ${step})`)];
  return named(`(SELECT d.*, date_add('${unit}', v.step, ${first}) AS slot FROM (
 SELECT *, CASE date_trunc('${unit}', closes) WHEN ${first} THEN 1 WHEN date_add('${unit}', 1, ${first}) THEN 2 ELSE 3 END AS span
 FROM (SELECT id, component, session, role, started, ended, ${parameter('p', 'account')} AS account, ${parameter('p', 'region')} AS region,
 greatest(${opens}, ${timestamp(from)}) AS opens, least(${closes}, ${timestamp(until)}) AS closes
 FROM ${foldedDeploys(query)})) AS d JOIN (VALUES ${steps.join(', ')}) AS v (span, step) ON v.span = d.span)`);
}

/** Successful writes, with what the joins need of them. An event that was delivered twice counts once. */
function changes(query: CorrelationQuery): string {
  const asked = (field: string): string => parameter('requestParameters', field);
  const answered = (field: string): string => parameter('responseElements', field);
  const first = (...texts: readonly string[]): string => `coalesce(${texts.join(', ')})`;
  const component = `CASE eventSource WHEN 'lambda.amazonaws.com' THEN coalesce(
 'lambda:' || regexp_extract(${first(answered('functionArn'), asked('functionName'), asked('resource'))}, '${FUNCTION}', 1),
 'layer:' || regexp_extract(${first(answered('layerArn'), asked('layerName'), asked('resource'))}, '${LAYER}', 1), 'lambda:?')
 ELSE 'stack:' || regexp_extract(${first(answered('stackId'), asked('stackName'))}, '${STACK}', 1) END`;
  const part = (group: number): string => `regexp_extract(userIdentity.arn, '${ASSUMED_ROLE}', ${group})`;
  return named(`(SELECT DISTINCT eventID AS event_id, eventTime AS time, regexp_replace(eventName, '\\d{8}(?:v\\d+)?$', '') AS event_name,
 ${component} AS component, recipientAccountId AS account, awsRegion AS region, userIdentity.arn AS actor,
 userIdentity.invokedBy AS invoked_by, ${part(1)} AS role, CASE WHEN strpos(userIdentity.arn, '/AWSReservedSSO_') = 0 THEN ${part(2)} END AS session,
 date_trunc('${slots(query).unit}', eventTime) AS slot
 FROM ${parseStoreId(query.changeStore)} WHERE ${writeTests(['lambda', 'cloudformation'])} AND ${within('eventTime', changeRange(query))})`);
}

/** In which changes of the deploys can lie. */
function changeRange({ range, before, after }: CorrelationQuery): TimeRange {
  return { from: range.from - before - LEAD_MS, until: range.until + after };
}

/** A unit of time of which the range holds a few dozen at most, and how many windows in it can touch. */
function slots(query: CorrelationQuery): { readonly unit: string; readonly count: number } {
  const { from, until } = changeRange(query);
  const days = (until - from) / DAY_MS;
  if (days <= 32) return { unit: 'day', count: Math.ceil(days) + 1 };
  if (days <= 224) return { unit: 'week', count: Math.ceil(days / 7) + 1 };
  return { unit: 'month', count: Math.ceil(days / 28) + 1 };
}
