import { placeAsked } from '../component/asked-place.ts';
import { componentKey } from '../component/key.ts';
import { DEFAULT_WINDOW } from '../deploy/deploy.ts';
import type { DeployWindow } from '../deploy/span.ts';
import type { TimeRange } from '../time/range.ts';
import { changes, NAMED_SERVICES } from './change.ts';
import {
  ALL_BLANKS,
  checkStatement,
  isShort,
  literal,
  markerTests,
  parseStoreId,
  tighten,
  timestamp,
  within,
} from './lake.ts';
import { ANYWHERE, type MarkerTables, spans, targets } from './marker.ts';
import { placeFilters } from './place-filter.ts';

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
  /** The time in which records are asked for, where more than the range has to be. */
  scan?(range: TimeRange): TimeRange;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/**
 * The shortest time that Lake's own page lets a query ask for; whether less is refused is not known.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-limitations.html
 */
const SHORTEST_SCAN_MS = 7 * DAY_MS;
/** A deploy's first marker comes at most this long before the time in which its window can lie. */
const MARKER_LEAD_MS = DAY_MS;
/** Windows of more slots than this get slots of a day. */
const MOST_SLOTS = 30;

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
 FROM ${store} WHERE ${markerTests(eventSource)} AND ${within('eventTime', atLeastShortest(range))}`,
    changes: parseStoreId(changeStore),
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
  const { range, component } = query;
  const tables = markerTables(evidence, query);
  const { unit, count } = slots(tables.window);
  const key = component === undefined ? undefined : literal(componentKey(component));
  // Of the components of a deploy the one that is asked for shows what is of none of them.
  const preferred = key === undefined ? 'key' : `key <> ${key}`;
  const found = changes({
    from: evidence.changes,
    scan: evidence.scan?.(range) ?? range,
    range,
    unit,
    named,
  });
  return `SELECT deploy AS deploy_id, marker_uid, component, account, region, env, git_sha, status, role_session_name, started_at, deployed_at,
 CASE WHEN score < ${SESSION} THEN 'window' WHEN score > 0 THEN 'session' END AS rule, CASE WHEN score = 0 THEN 'coincident' WHEN score > 0 THEN CASE rivals WHEN 1 THEN 'explained' ELSE 'ambiguous' END END AS standing,
 event_id, time AS event_time, event_name, changed, actor, invoked_by
FROM (SELECT *, count(*) OVER (PARTITION BY event_id) AS rivals, max(event_id) OVER (PARTITION BY deploy, raw, place) AS found
FROM (SELECT *, row_number() OVER (PARTITION BY event_id, ${SIDE} ORDER BY first, deploy, ${preferred}) AS nth FROM (SELECT *, rank() OVER (PARTITION BY event_id ORDER BY score DESC) AS best
FROM (SELECT *, points + CASE WHEN points > 0 AND time BETWEEN begun AND finished THEN 1 ELSE 0 END AS score
FROM (SELECT d.*,${placeAsked(component ?? '') === undefined ? '' : ' c.spots,'} c.event_id, c.time, c.event_name, c.key AS changed, c.actor, c.invoked_by, ${POINTS} AS points
FROM ${slotted(tables, { unit, count, range })} AS d LEFT JOIN ${byNames(found)} AS c ON d.kind = c.kind AND d.name = c.name AND d.slot = c.slot AND time BETWEEN opens AND closes)))
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
const POINTS = `CASE WHEN c.kind = 's' THEN CASE WHEN late = 0 AND arrays_overlap(places || accounts, spots) THEN ${SESSION} END
 WHEN c.kind = 'c' AND (contains(spots, place) OR contains(spots, ${ANYWHERE})) THEN CASE WHEN element_at(sessions, c.session) > 0 THEN ${SESSION + NAME} WHEN element_at(roles, c.role) > 0 THEN ${ROLE + NAME} ELSE 0 END END`;

/** What shows one row for each change: a pipeline run, or each deploy of those that are coincident; for rows of no change the target. */
const SIDE = "CASE WHEN kind = 'n' THEN deploy || raw || place WHEN score = 0 THEN deploy ELSE run END";

/** Rows twice, by `key` and by `session`, or once where there is no session; once more under no name if others are there. */
function byNames(rows: string, others = ''): string {
  return `(SELECT *, CASE kind WHEN 's' THEN session ELSE key END AS name FROM ${rows} JOIN (VALUES (true, 'c'), (false, 'c'), (false, 's')${others}) AS k (alone, kind) ON alone = (session IS NULL))`;
}

/** What deploys are found by, a row for each slot of time that a window touches. */
function slotted(
  tables: MarkerTables,
  { unit, count, range }: Slots & { readonly range: TimeRange },
): string {
  const first = `date_trunc('${unit}', opens)`;
  // By a join on equality: Lake's list of joins has no CROSS JOIN.
  const steps = Array.from({ length: count }, (_, step) => `(1, ${step})`);
  const names = byNames(targets(tables), ", (true, 'n'), (false, 'n')");
  const length = `coalesce(date_diff('${unit}', ${first}, closes), 0)`;
  return `(SELECT n.*, s.*, date_add('${unit}', step, ${first}) AS slot FROM ${names} AS n JOIN ${spans(tables)} AS s ON deploy = id AND coalesce(opens, seen) < ${timestamp(range.until)} AND coalesce(closes, seen) >= ${timestamp(range.from)}
 JOIN (VALUES (0, 0), ${steps.join(', ')}) AS v (many, step) ON many = CASE WHEN kind = 'n' OR ${length} < 1 THEN 0 ELSE 1 END WHERE step <= greatest(${length}, 0))`;
}

function filters({ component, gitSha, sessionName }: CorrelationQuestion): string {
  const tests: string[] = [];
  if (component !== undefined)
    tests.push(`key = ${literal(componentKey(component))}`, ...placeFilters(component));
  if (gitSha !== undefined) {
    const sha = literal(gitSha.toLowerCase());
    // Either may be the short form of the other.
    tests.push(`substr(git_sha, 1, ${gitSha.length}) = substr(${sha}, 1, length(git_sha))`);
  }
  if (sessionName !== undefined) {
    tests.push(`role_session_name = ${literal(sessionName)}`);
  }
  return tests.map(test => ` AND ${test}`).join('');
}

function markerTables(evidence: EvidenceTables, query: CorrelationQuestion): MarkerTables {
  const { range, before, after } = query;
  const { assumed, unfinishedAfter } = DEFAULT_WINDOW;
  const window = { before, after, assumed, unfinishedAfter: query.unfinishedAfter ?? unfinishedAfter };
  const now = query.now ?? range.until;
  const reach = Math.max(window.unfinishedAfter + before, assumed) + after;
  const from = range.from - MARKER_LEAD_MS - reach;
  // A marker is made when its deploy ends, which may be after the range.
  return { rows: evidence.markerRows({ from, until: Math.max(now, range.until) }), window, now };
}

function atLeastShortest({ from, until }: TimeRange): TimeRange {
  return { from: Math.min(from, until - SHORTEST_SCAN_MS), until };
}

interface Slots {
  readonly unit: string;
  /** How many of them a window can touch. */
  readonly count: number;
}

function slots({ before, after, unfinishedAfter }: DeployWindow): Slots {
  const longest = before + unfinishedAfter + after;
  const hours = Math.ceil(longest / HOUR_MS) + 1;
  return hours <= MOST_SLOTS
    ? { unit: 'hour', count: hours }
    : { unit: 'day', count: Math.ceil(longest / DAY_MS) + 1 };
}
