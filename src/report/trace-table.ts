import { append } from '../core/append.ts';
import type { Report, ReportChange, ReportDeploy } from '../core/report.ts';
import { cellWidth, count, LINE_CELLS, pad, shorten, wrap } from './plain-text.ts';
import {
  describeActor,
  describeDeploys,
  describeGaps,
  describeStandings,
  describeTie,
  isOpen,
  STATE_MEANING,
  shortCommit,
  startOf,
  toPlainTime,
} from './report-words.ts';

// A terminal shows some hundred lines; who wants all of them pipes the JSON.
const MOST_DEPLOYS = 40;
const MOST_CHANGES_OF_DEPLOY = 12;
const MOST_OPEN_CHANGES = 40;

/** Equal changes in one line: the earliest, the latest and how many. */
interface Group {
  readonly first: ReportChange;
  readonly last: ReportChange;
  readonly size: number;
}

/**
 * The answer of `trace` for a terminal: deploys, newest first, each with its changes; then what no deploy explains; then totals
 * and what is missing. Lines end with a line feed and take at most {@link LINE_CELLS} cells; nothing in them steers a terminal.
 */
export function renderTraceTable(report: Report): string {
  const byDeploy = new Map<string, ReportChange[]>();
  for (const change of report.changes) {
    if (change.standing !== 'explained') continue;
    for (const id of change.deploys) append(byDeploy, id, change);
  }
  const lines = [
    ...headLines(report),
    '',
    ...report.deploys
      .slice(0, MOST_DEPLOYS)
      .flatMap(deploy => [...deployLines(deploy, byDeploy.get(deploy.deploy_id) ?? []), '']),
    ...moreLine(report.deploys.length - MOST_DEPLOYS, 'deploys', ''),
    ...openLines(report),
    ...totalLines(report),
    ...gapLines(report),
  ];
  return lines.map(line => `${line.trimEnd()}\n`).join('');
}

/** Which time and which question the report is about. */
export function headLines({ command, from, until, question }: Report): string[] {
  const asked = Object.entries(question).map(([flag, value]) => `--${flag} ${value}`);
  return [
    `${command}  ${toPlainTime(from)} to ${toPlainTime(until)} UTC`,
    ...(asked.length > 0 ? wrap(asked.join(' '), { first: '  ' }) : []),
  ];
}

/** How many deploys and changes there are, and how the changes stand. */
export function totalLines({ totals }: Report): string[] {
  const standings = describeStandings(totals);
  return [
    `${count(totals.deploys, 'deploy')}, ${count(totals.changes, 'change')}`,
    ...(standings === '' ? [] : [standings]),
  ];
}

/** One line for each source that failed; none if the answer is complete. */
export function gapLines(report: Report): string[] {
  if (report.complete) return [];
  const gaps = describeGaps(report).flatMap(gap => wrap(gap, { first: '  failed: ' }));
  return ['INCOMPLETE: what is missing may change this answer', ...gaps];
}

/** Says how many things a list leaves out; nothing if it holds all. */
export function moreLine(left: number, noun: string, indent: string): string[] {
  return left > 0 ? [`${indent}… and ${left.toLocaleString('en')} more ${noun}, see --json`, ''] : [];
}

function deployLines(deploy: ReportDeploy, changes: readonly ReportChange[]): string[] {
  const { window, state, kind } = deploy;
  const others = deploy.components.length - 1;
  const left = `${toPlainTime(startOf(deploy))}  ${deploy.status.padEnd(8)}  ${shorten(shortCommit(deploy), 7)}  `;
  const place = [kind === 'deploy' ? '' : kind, shorten(deploy.env, 14)].filter(Boolean).join(' ');
  const rest = others > 0 ? ` and ${others} more` : '';
  const head = `${left}${place}  `;
  const date = window.from.slice(0, 10);
  const until = window.until.startsWith(date) ? window.until.slice(11, 19) : toPlainTime(window.until);
  const details = [
    `window ${toPlainTime(window.from)} to ${until}${window.assumed_start ? ', start assumed' : ''}`,
    state === 'changed' ? '' : state === 'missing' ? 'NO CHANGE FOUND' : STATE_MEANING[state],
  ];
  const groups = groupChanges(changes.toReversed());
  return [
    head + shorten(deploy.components[0] ?? '-', LINE_CELLS - cellWidth(head) - rest.length) + rest,
    ...(deploy.role_session_name === undefined ? [] : [`  session ${shorten(deploy.role_session_name, 70)}`]),
    `  ${details.filter(Boolean).join(', ')}`,
    ...ownChangeLines(groups.slice(0, MOST_CHANGES_OF_DEPLOY), deploy),
    ...moreLine(groups.length - MOST_CHANGES_OF_DEPLOY, 'kinds of change', '    ').slice(0, 1),
  ];
}

function ownChangeLines(groups: readonly Group[], deploy: ReportDeploy): string[] {
  const actions = groups.map(group => describeAction(group));
  const widest = Math.min(34, Math.max(0, ...actions.map(cellWidth)));
  const only = deploy.components.length === 1 ? deploy.components[0] : undefined;
  const day = startOf(deploy).slice(0, 10);
  return groups.flatMap(({ first }, i) => {
    const time = first.time.startsWith(day) ? first.time.slice(11, 19) : toPlainTime(first.time);
    const isOwn = first.actor.session !== undefined && first.actor.session === deploy.role_session_name;
    const details = [
      first.component === only ? '' : first.component,
      isOwn ? '' : `by ${describeActor(first.actor)}`,
    ];
    const line = `    ${time}  ${pad(actions[i] ?? '', widest)}  ${(first.rule ?? '').padEnd(8)}  `;
    const detail = shorten(details.filter(Boolean).join(' '), LINE_CELLS - 14);
    if (cellWidth(line) + cellWidth(detail) <= LINE_CELLS) return [line + detail];
    return [line, `${' '.repeat(14)}${detail}`];
  });
}

function openLines({ changes, deploys }: Report): string[] {
  const groups = groupChanges(changes.filter(change => change.standing !== 'explained').toReversed())
    .sort((a, b) => (a.last.time < b.last.time ? 1 : -1))
    .sort((a, b) => Number(isOpen(b.last)) - Number(isOpen(a.last)));
  if (groups.length === 0) return [];
  const byId = new Map(deploys.map(deploy => [deploy.deploy_id, deploy]));
  const lines = groups.slice(0, MOST_OPEN_CHANGES).flatMap(group => openChangeLines(group, byId));
  return [
    'Changes that no deploy explains',
    '',
    ...lines,
    ...moreLine(groups.length - MOST_OPEN_CHANGES, 'kinds of change', '  '),
  ];
}

function openChangeLines(group: Group, deploys: ReadonlyMap<string, ReportDeploy>): string[] {
  const { first, last } = group;
  const standing = isOpen(last) ? last.standing.toUpperCase() : last.standing;
  const tie = describeTie(last, describeDeploys(last, deploys));
  const since = group.size > 1 ? `, first ${toPlainTime(first.time)}` : '';
  const details = [
    `${last.component} in ${last.account} ${last.region}`,
    `by ${describeActor(last.actor)}${tie === '' ? '' : `, ${tie}`}${since}`,
    last.note ?? '',
  ].filter(Boolean);
  return [
    `  ${standing.padEnd(11)}  ${toPlainTime(last.time)}  ${shorten(describeAction(group), 44)}`,
    ...details.flatMap(detail => wrap(detail, { first: ' '.repeat(15) })),
    '',
  ];
}

function describeAction({ last, size }: Group): string {
  return size > 1 ? `${last.action} x${size}` : last.action;
}

/** Takes changes in the order of time; groups stay in the order of their first change. */
function groupChanges(changes: readonly ReportChange[]): Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const { standing, rule, action, component, account, region, actor, deploys, note } = change;
    const key = JSON.stringify([standing, rule, action, component, account, region, actor, deploys, note]);
    const group = groups.get(key);
    groups.set(key, { first: group?.first ?? change, last: change, size: (group?.size ?? 0) + 1 });
  }
  return [...groups.values()];
}
