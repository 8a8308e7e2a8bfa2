import { componentKey } from '../component/key.ts';
import { DEFAULT_WINDOW } from '../deploy/deploy.ts';
import type { TimeRange } from '../time/range.ts';
import { changes, NAMED_SERVICES } from './change.ts';
import {
  ALL_BLANKS,
  between,
  checkStatement,
  isShort,
  literal,
  markerTests,
  parseStoreId,
  tighten,
  timestamp,
} from './lake.ts';
import { ANYWHERE, type MarkerTables, own, slotOf, spans, targets } from './marker.ts';
import { placeTests } from './place-filter.ts';
import { type Slots, slots } from './slots.ts';

/** What is asked of markers and changes. */
export interface CorrelationQuestion {
  /** Whose changes are shown, and the deploys that were under way in it. */
  readonly range: TimeRange;
  /** Until when markers are read, and until when a deploy that has not ended goes on; milliseconds since the epoch, default the end of the range. */
  readonly now?: number | undefined;
  /** How far a deploy's window reaches beyond its start and its end. Milliseconds; whole seconds count. */
  readonly before: number;
  readonly after: number;
  /** The longest that a deploy takes. Milliseconds; default that of `DEFAULT_WINDOW`. */
  readonly unfinishedAfter?: number | undefined;
  readonly component?: string | undefined;
  /** A commit, or how it begins. */
  readonly gitSha?: string | undefined;
  readonly sessionName?: string | undefined;
}

/** What the statement that joins both stores of Lake is made from. */
export interface CorrelationQuery extends CorrelationQuestion {
  /** Id or ARN of the store that markers go to. */
  readonly markerStore: string;
  /** Id or ARN of the store of management events. */
  readonly changeStore: string;
  /** `eventSource` of markers; default `deploymarker.internal`. */
  readonly eventSource?: string | undefined;
}

/** Where an engine has markers and changes. */
export interface EvidenceTables {
  /** A SELECT of the markers of a time, as {@link MarkerTables} wants them. */
  markerRows(range: TimeRange): string;
  /** What FROM names: a table of records with the columns of Lake's. */
  readonly changes: string;
  /** Whether a record's caller is somebody, and no service by itself; never NULL. */
  readonly isSomebody: string;
  /** The time in which records are asked for, where more than the range has to be. */
  scan?(range: TimeRange): TimeRange;
}

const DAY_MS = 24 * 3_600_000;
/**
 * The shortest time that Lake's own page lets a query ask for; whether less is refused is not known.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html
 */
const SHORTEST_SCAN_MS = 7 * DAY_MS;
/**
 * A deploy's first marker, which may name another session than the last one, comes at most this long before the time in which its
 * window can lie: an approval may take a weekend.
 */
const MARKER_LEAD_MS = 7 * DAY_MS;
/**
 * The statement that ties changes to deploys inside CloudTrail Lake, by the rules `session`, for all services, and `window`, for those
 * whose names it can read. It begins with a comment of one line that says what it leaves out. As many services have their names
 * read as fit into what Lake takes.
 *
 * One row for each change of a deploy in the range, and one for each deploy without any. A change goes to the deploys that ran
 * under its session, role and account; else to those that name its component and whose role made it; else it is coincident with
 * those that name its component; each within the deploys' windows, account and Region. Of several the ones count that name the
 * component, then those under way, and one of each pipeline run, as in `tellApart`. Filters choose the deploys that are shown; all
 * of them take part in the judgement.
 *
 * Every join hangs on equalities: session or component, and the slots of time that a window touches. So the cost grows with the
 * rows and not with their product.
 *
 * @throws DeployMarkerError ARN_INVALID, QUERY_TOO_LONG
 */
export function correlationSql({
  markerStore,
  changeStore,
  eventSource,
  ...query
}: CorrelationQuery): string {
  const store = parseStoreId(markerStore);
  const tables = {
    markerRows: (range: TimeRange): string =>
      `SELECT eventData.uid AS uid, eventData.requestParameters AS p, coalesce(regexp_extract(metadata.ingestionTime, '^2.{18}'), '~') AS stored
 FROM ${store} WHERE ${markerTests(eventSource)} AND ${between('eventTime', atLeastShortest(range))}`,
    changes: parseStoreId(changeStore),
    isSomebody: "coalesce(userIdentity.type, '') <> 'AWSService'",
    scan: atLeastShortest,
  };
  const statementOf = (named: readonly string[]): string =>
    commentFor(named) + correlationStatement(tables, query, named);
  const counts = Array.from(
    { length: NAMED_SERVICES.length + 1 },
    (_, fewer) => NAMED_SERVICES.length - fewer,
  );
  for (const [layout, least] of LAYOUTS) {
    for (const count of counts.filter(each => each >= least)) {
      const statement = layout(statementOf(NAMED_SERVICES.slice(0, count)));
      if (isShort(statement)) return statement;
    }
  }
  return checkStatement(tighten(statementOf([]), ALL_BLANKS));
}

/** How a statement is written, and the fewest services that it may have names of for being written so. */
const LAYOUTS: readonly (readonly [layout: (statement: string) => string, least: number])[] = [
  [statement => statement, 5],
  [statement => tighten(statement), 5],
  [statement => tighten(statement, ALL_BLANKS), 0],
];

/** What is no part of the statement: the comment, which is for those who read it. */
export function withoutComment(statement: string): string {
  return statement.replace(/^--.*\n/, '');
}

/** The line that says what a statement leaves out. @param named services of which it reads the names */
export function commentFor(named: readonly string[]): string {
  const kinds = ['lambda', 'layer', 'stack', ...named].join(', ');
  return `-- Rule session: all services; window: ${kinds}. Not here: other kinds, ARNs of them, chain, stack, rollback, version, explanations.\n`;
}

/**
 * The statement of {@link correlationSql} over any tables that have the columns of Lake's, without its comment.
 *
 * @param named services of which it reads the names, besides Lambda and CloudFormation
 */
export function correlationStatement(
  evidence: EvidenceTables,
  query: CorrelationQuestion,
  named: readonly string[],
): string {
  const { component } = query;
  const range = wholeSeconds(query.range);
  const tables = markerTables(evidence, { ...query, range });
  const { unit, count } = slots(tables.window);
  // Of the components of a deploy the one that is asked for shows what is of none of them.
  const preferred = component === undefined ? 'key' : 'NOT asked';
  const found = changes({
    from: evidence.changes,
    scan: evidence.scan?.(range) ?? range,
    range,
    unit,
    named,
    isSomebody: evidence.isSomebody,
  });
  return `SELECT deploy AS deploy_id, marker_uid, ${SHOWN.join(', ')}, started_at, deployed_at,
 CASE WHEN score < ${SESSION} THEN 'window' WHEN score > 0 THEN 'session' END AS rule, CASE WHEN score = 0 THEN 'coincident' WHEN score > 0 THEN CASE rivals WHEN 1 THEN 'explained' ELSE 'ambiguous' END END AS standing,
 event_id, time AS event_time, event_name, changed, actor, invoked_by
FROM (SELECT *, count(*) OVER (PARTITION BY event_id) AS rivals, max(event_id) OVER (PARTITION BY deploy, raw, place) AS found
FROM (SELECT *, row_number() OVER (PARTITION BY event_id, ${SIDE} ORDER BY first, deploy, ${preferred}) AS nth FROM (SELECT *, rank() OVER (PARTITION BY event_id ORDER BY score DESC) AS best
FROM (SELECT *, points + CASE WHEN points > 0 AND time BETWEEN coalesce(started, opens) AND coalesce(ended, closes) THEN 1 ELSE 0 END AS score
FROM (SELECT d.*,${placeTests(component ?? '') === undefined ? '' : ' c.spots,'} c.event_id, c.time, c.event_name, c.key AS changed, c.actor, c.invoked_by, ${POINTS} AS points
FROM ${slotted(tables, { unit, count, range, component })} AS d LEFT JOIN ${byNames(found)} AS c ON d.kind = c.kind AND d.name = c.name AND d.slot = c.slot AND time BETWEEN opens AND closes)))
 WHERE best = 1 AND (kind = 'n' OR score >= 0)) WHERE nth = 1) WHERE (event_id IS NOT NULL OR found IS NULL)${filters(query)}
ORDER BY 11, 1, 3, 15, 14`;
}

/** Points of a deploy whose session made the change, of one whose role made a change of what it names, and for the name. */
const SESSION = 20;
const ROLE = 10;
const NAME = 2;

/**
 * What speaks for the deploy: nothing where it only names the component, NULL where it does not come into question. A marker that was
 * made late explains nothing but what it names.
 */
const POINTS = `CASE WHEN c.kind = 's' AND NOT late AND arrays_overlap(places || accounts, spots) THEN ${SESSION}
 WHEN c.kind = 'c' AND (contains(spots, place) OR contains(spots, ${ANYWHERE})) THEN CASE WHEN element_at(sessions, c.session) > 0 THEN ${SESSION + NAME} WHEN element_at(roles, c.role) > 0 THEN ${ROLE + NAME} ELSE 0 END END`;

/** What a row shows of its marker as it is. */
const SHOWN = ['component', 'account', 'region', 'env', 'git_sha', 'status', 'role_session_name'].map(
  field => `${own(field)} AS ${field}`,
);

/** What shows one row for each change: a pipeline run, or each deploy of those that are coincident; for rows of no change the target. */
const SIDE = "CASE WHEN kind = 'n' THEN deploy || raw || place WHEN score = 0 THEN deploy ELSE run END";

/** Rows twice, by `key` and by `session`, or once where there is no session; once more under no name if others are there. */
function byNames(rows: string, others = ''): string {
  return `(SELECT *, CASE kind WHEN 's' THEN session ELSE key END AS name FROM ${rows} JOIN (VALUES (true, 'c'), (false, 'c'), (false, 's')${others}) AS k (alone, kind) ON alone = (session IS NULL))`;
}

/** What deploys are found by, a row for each slot of time that a window touches. */
function slotted(
  tables: MarkerTables,
  { unit, count, range, component }: Slots & Pick<CorrelationQuestion, 'range' | 'component'>,
): string {
  // By a join on equality: Lake's list of joins has no CROSS JOIN.
  const steps = Array.from({ length: count }, (_, step) => `(1, ${step})`);
  const asked =
    component === undefined
      ? ''
      : `, key = ${literal(componentKey(component))}${placeTests(component)?.target ?? ''} AS asked`;
  const names = byNames(targets(tables), ", (true, 'n'), (false, 'n')");
  return `(SELECT n.*, s.*${asked}, date_add('${unit}', step, ${slotOf(unit)}) AS slot FROM ${names} AS n JOIN ${spans(tables, unit)} AS s ON deploy = id AND coalesce(opens, seen) < ${timestamp(range.until)} AND coalesce(closes, seen) >= ${timestamp(range.from)}
 JOIN (VALUES (0, 0), ${steps.join(', ')}) AS v (many, step) ON many = CASE WHEN kind = 'n' THEN 0 ELSE least(more, 1) END WHERE step <= more)`;
}

function filters({ component, gitSha, sessionName }: CorrelationQuestion): string {
  const tests: string[] = [];
  if (component !== undefined) tests.push(`asked${placeTests(component)?.change ?? ''}`);
  if (gitSha !== undefined) {
    const sha = literal(gitSha.toLowerCase());
    const told = own('git_sha');
    // Either may be the short form of the other.
    tests.push(`substr(lower(${told}), 1, ${gitSha.length}) = substr(${sha}, 1, length(${told}))`);
  }
  if (sessionName !== undefined) {
    // Of any job of the deploy, or of whoever made the change.
    tests.push(`contains(names || ARRAY[split_part(actor, '/', 3)], ${literal(sessionName)})`);
  }
  return tests.map(test => ` AND ${test}`).join('');
}

function markerTables(evidence: EvidenceTables, query: CorrelationQuestion): MarkerTables {
  const { range, before, after } = query;
  const { assumed, unfinishedAfter } = DEFAULT_WINDOW;
  const window = { before, after, assumed, unfinishedAfter: query.unfinishedAfter ?? unfinishedAfter };
  const now = Math.trunc((query.now ?? range.until) / 1000) * 1000;
  const reach = Math.max(window.unfinishedAfter + before, assumed) + after;
  const from = range.from - MARKER_LEAD_MS - reach;
  // A marker is made when its deploy ends, which may be after the range.
  return {
    rows: evidence.markerRows({ from, until: Math.max(now, range.until) }),
    window,
    now,
    wantsNames: query.sessionName !== undefined,
  };
}

/** CloudTrail's times are whole seconds, of which a range that is rounded up has the same. */
function wholeSeconds({ from, until }: TimeRange): TimeRange {
  return { from: Math.ceil(from / 1000) * 1000, until: Math.ceil(until / 1000) * 1000 };
}

function atLeastShortest({ from, until }: TimeRange): TimeRange {
  return { from: Math.min(from, until - SHORTEST_SCAN_MS), until };
}
