import type { DeployWindow } from '../deploy/span.ts';
import { FINAL_STATUSES } from '../marker/marker.ts';
import { parameter, timestamp } from './lake.ts';

// The tables that the correlation statement makes of markers; what is done here is what deploy.ts does. Lake is not known to take
// CTEs, so that each table is a scan of its own; there are few markers. Lake takes no long statements: names are short.

/** What the tables of markers are made from. */
export interface MarkerTables {
  /**
   * Gives markers as they were stored: `uid`, their fields in the map `p`, and in `stored` when the store took each in, by its own clock,
   * in whole seconds and without an offset; where it tells none, a text that comes after all times.
   */
  readonly rows: string;
  readonly window: DeployWindow;
  /** Milliseconds since the epoch; the window of a deploy that runs ends here. */
  readonly now: number;
  /** Whether `names` is wanted too: the session names of all markers of the deploy. */
  readonly wantsNames: boolean;
}

const REGION = '[a-z]{2,}(?:-[a-z]+)+-\\d';
/** A function as a component: by its name, or its partial or full ARN, with or without a qualifier; the name is the first group. */
const FUNCTION = `^(?:(?:lambda:)?arn:aws[a-z-]*:lambda:|lambda:)(?:(?:${REGION}:)?(?:\\d{12}:)?function:|\\d{12}:)?([\\w-]+)(?::(?:\\$LATEST|[\\w-]+))?$`;

/** The place of a change of something global, of which only the account is told: `ACCOUNT/~`. */
export const ANYWHERE = "split_part(place, '/', 1) || '/~'";

/** No other status begins like a final one. */
const FINAL = `regexp_like(${parameter('p', 'status')}, '^[${FINAL_STATUSES.map(([first]) => first).join('')}]')`;

/**
 * What markers say they changed, and as whom: `id` of the deploy, `raw` as the marker spells the component, `key` in the spelling of
 * changes, and `place` as `ACCOUNT/REGION`, empty where no marker tells; `role` as `ACCOUNT:assumed-role/NAME`, and `session` as
 * that with the session's name, for a session name without its role may be anybody's. `roles`, `sessions`, `places` and
 * `accounts` are of all markers of the deploy; `marker_uid` and `p` of the marker that tells how the component stands.
 */
export function targets(tables: MarkerTables): string {
  const ofFunction = `'lambda:' || regexp_extract(raw, '${FUNCTION}', 1)`;
  const ofOther = `regexp_replace(raw, '^arn:aws[a-z-]*:(?:lambda|cloudformation):[a-z0-9-]+:\\d{12}:(layer|stack)[:/]([\\w-]+)(?::\\d+|/[\\w-]+)?$', '$1:$2')`;
  // An ARN says itself where it is, as far as it does.
  const account = `coalesce(regexp_extract(raw, '^arn:([^:]*:){3}(\\d+)', 2), ${own('account')}, '')`;
  const region = `coalesce(regexp_extract(raw, '^arn:([^:]*:){2}([^:]+)', 2), ${own('region')}, '')`;
  const place = `${account} || '/' || ${region}`;
  const names = tables.wantsNames ? `, array_agg(${own('role_session_name')}) OVER d AS names` : '';
  return `(SELECT id, raw, place, session, coalesce(${ofFunction}, ${ofOther}) AS key, max_by(uid, word) OVER t AS marker_uid, max_by(p, word) OVER t AS p, histogram(role) OVER d AS roles, histogram(session) OVER d AS sessions, array_agg(place) OVER d AS places, array_agg(${ANYWHERE}) OVER d AS accounts${names}
 FROM (SELECT *, ${place} AS place, role || '/' || ${own('role_session_name')} AS session FROM (SELECT *, ${own('deploy_id')} AS id, ${own('component')} AS raw, regexp_replace(${own('role_arn')}, '^.*:(\\d+):.*?([^/]+)$', '$1:assumed-role/$2') AS role, CAST(${FINAL} AS varchar) || ${own('recorded_at')} AS word FROM ${folded(tables)}))
 WINDOW d AS (PARTITION BY id), t AS (PARTITION BY id, raw, place))`;
}

/**
 * When deploys were under way: one row for each final marker and each component that still runs, as `spansOf` has it, with `run`,
 * which the deploys of one pipeline run share, `first`, by which they are ordered, and `more`, how many slots after the one in which it
 * opens it touches. What is only pending has no time but `seen`.
 */
export function spans(tables: MarkerTables, unit: string): string {
  const { before, after, assumed, unfinishedAfter } = tables.window;
  const start = `greatest(coalesce(started, ${shifted(before - assumed, 'ended')}), coalesce(${shifted(-unfinishedAfter, 'ended')}, started))`;
  const closes = `coalesce(${shifted(after, 'ended')}, least(${shifted(unfinishedAfter, 'started')}, ${timestamp(tables.now)}))`;
  const late = `made > ${shifted(unfinishedAfter, 'moment')}`;
  const slots = `date_diff('${unit}', ${slotOf(unit)}, closes)`;
  return `(SELECT deploy, run, late, opens, closes, started, ended, seen, greatest(coalesce(${slots}, 0), 0) AS more, min(coalesce(opens, seen)) OVER w AS first, min(started) OVER w AS started_at, max(ended) OVER w AS deployed_at
 FROM (SELECT *, ${shifted(-before, start)} AS opens, ${closes} AS closes FROM (SELECT *, coalesce(least(told, runs), told, runs) AS started
 FROM (SELECT id AS deploy, run, min_by(${late}, CASE WHEN done THEN '' WHEN begins IS NOT NULL THEN word END) AS late, max(CASE WHEN done THEN moment END) AS ended, max(CASE WHEN done THEN told END) AS told, coalesce(min(begins), max(first)) AS runs, max(moment) AS seen FROM ${ordered(tables)} GROUP BY id, run, raw, attempt))) WINDOW w AS (PARTITION BY deploy))`;
}

/**
 * Markers in the order of what they tell of, which is when it ended or began, and no later than it was made; those of one
 * `attempt` at a component belong together.
 */
function ordered(tables: MarkerTables): string {
  const moment = `least(made, coalesce(CASE WHEN done THEN ended ELSE told END, made))`;
  const begins = `CASE WHEN NOT done AND (told IS NOT NULL OR ${own('status')} = 'running') THEN moment END`;
  return `(SELECT *, count_if(done) OVER (PARTITION BY id, raw ORDER BY word DESC) AS attempt, CASE WHEN done THEN min(begins) OVER (PARTITION BY id ORDER BY word) END AS first, min_by(${RUN}, CASE WHEN coalesce(name, arn) IS NULL THEN 'z' ELSE '' END || word) OVER (PARTITION BY id) AS run
 FROM (SELECT *, ${begins} AS begins, CAST(moment AS varchar) || CAST(made AS varchar) || CAST(done AS varchar) || uid AS word FROM (SELECT *, ${moment} AS moment
 FROM (SELECT *, ${own('deploy_id')} AS id, ${own('component')} AS raw, ${own('role_session_name')} AS name, ${own('role_arn')} AS arn, ${FINAL} AS done, ${instant(`least(${own('recorded_at')}, replace(stored, ' ', 'T') || 'Z')`)} AS made, ${instant(own('started_at'))} AS told, ${instant(own('deployed_at'))} AS ended FROM ${folded(tables, 'min(stored) AS stored, ')}))))`;
}

/** Names a marker's pipeline run. A session name of ours stands for one run; others may be used again and again. */
const RUN = `concat_ws('|', name, CASE WHEN regexp_like(name, '^[^-]+(-[^-]+)+-[0-9a-f]{7}$') THEN regexp_extract(arn, '[^/]+$') ELSE concat_ws('|', coalesce(${own('run_id')}, name, id), ${own('git_sha')}, ${own('env')}) END)`;

/** Markers of deploys, each once: the copy counts that the store took in first, or that says it was recorded first. */
function folded({ rows }: MarkerTables, alsoOf = ''): string {
  return `(SELECT uid, ${alsoOf}min_by(p, stored || ${own('recorded_at')}) AS p FROM (${rows}) WHERE ${own('explains')} IS NULL GROUP BY 1)`;
}

/** The slot in which a window opens. */
export function slotOf(unit: string): string {
  return `date_trunc('${unit}', opens)`;
}

/** `column` moved by milliseconds, of which whole seconds count. */
function shifted(milliseconds: number, column: string): string {
  return `date_add('second', ${Math.trunc(milliseconds / 1000)}, ${column})`;
}

/** A field of the marker `p`; NULL where it has none. */
export function own(field: string): string {
  return parameter('p', field);
}

/** A text as a time of UTC; NULL where it is none. */
function instant(text: string): string {
  return `try(CAST(from_iso8601_timestamp(${text}) AT TIME ZONE 'UTC' AS timestamp))`;
}
