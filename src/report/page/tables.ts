import type { Report, ReportChange, ReportDeploy } from '../../core/findings/report.ts';
import { wantsLook } from '../../core/findings/report-entry.ts';
import { type Markup, markup } from '../markup.ts';
import { count } from '../plain-text.ts';
import {
  describeDeploys,
  describeMaker,
  describeOrigin,
  describeTie,
  openWordsOf,
  STATE_MEANING,
  shortCommit,
  startOf,
  toPlainTime,
} from '../words/report-words.ts';
import { describeNoMarkers, standingWord } from '../words/standing-words.ts';
import { type RequestSource, renderRequest } from './request.ts';
import { drawIcon } from './standing-symbol.ts';
import type { RowIds } from './timeline-svg.ts';

// Roles are spelled out because the rows are laid out as grids: what is off the screen then costs nothing.
const DEPLOY_HEADS = ['Started', 'Commit', 'Component', 'Status', 'Session', 'Result'];
const CHANGE_HEADS = ['Standing', 'Time', 'Action', 'Component', 'Made by', 'Deploy'];

/** From so many rows on a page lays out only those on the screen. */
export const MANY_ROWS = 200;

/** The ids of all rows, by what they show. */
export function numberRows({ deploys, changes }: Report): RowIds {
  return {
    deploys: new Map(deploys.map((deploy, i) => [deploy, `d${i + 1}`])),
    changes: new Map(changes.map((change, i) => [change, `c${i + 1}`])),
  };
}

/** Every change that wants a look, every deploy, and every other change, each in a row that can be linked to. */
export function renderTables(report: Report, rows: RowIds, requests?: RequestSource): Markup {
  const { deploys, changes } = report;
  const toRow = (change: ReportChange): Markup =>
    renderChange(change, { report: byId, rows, requests, word: standingWord(change.standing, report) });
  const byId = new Map(deploys.map(deploy => [deploy.deploy_id, deploy]));
  const open = changes.filter(wantsLook);
  const fine = changes.filter(change => !wantsLook(change));
  return markup`<div id="tables" tabindex="-1">${renderTable(describeNoMarkers(report) === undefined ? `Changes ${openWordsOf(report)}` : 'Changes', CHANGE_HEADS, open.map(toRow))}${renderTable(
    'Deploys',
    DEPLOY_HEADS,
    deploys.map(deploy => renderDeploy(deploy, rows)),
  )}${renderTable('Changes accounted for', CHANGE_HEADS, fine.map(toRow))}</div>`;
}

function renderTable(title: string, heads: readonly string[], rows: readonly Markup[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  const id = title.toLowerCase().replaceAll(' ', '-');
  const cells = heads.map(head => markup`<th role="columnheader" scope="col">${head}</th>`);
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title} <small>${rows.length.toLocaleString('en')}</small></h2>
<table role="table" aria-labelledby="${id}" class="${heads === DEPLOY_HEADS ? 'deploys' : 'changes'}${rows.length > MANY_ROWS ? ' many' : ''}"><thead role="rowgroup"><tr role="row">${cells}</tr></thead><tbody role="rowgroup">
${rows}</tbody></table></section>`;
}

function cell(content: Markup | string, kind = ''): Markup {
  return markup`<td role="cell"${kind === '' ? undefined : markup` class="${kind}"`}>${content}</td>`;
}

function renderTime(time: string): Markup {
  return markup`<time datetime="${time}">${toPlainTime(time)}</time>`;
}

/** Only what is plainly a web page becomes a link. */
function renderLink(url: string | undefined, text: string): Markup {
  const isWeb = url !== undefined && /^https:\/\/[^\s]+$/i.test(url) && URL.canParse(url);
  return isWeb ? markup`<a href="${url}" rel="noopener noreferrer">${text}</a>` : markup`${text}`;
}

function renderDeploy(deploy: ReportDeploy, rows: RowIds): Markup {
  const { env, components, kind, status, role_session_name, state, changes, window } = deploy;
  const place = [env, deploy.account, deploy.region].filter(Boolean).join(' ');
  const start = window.assumed_start ? ', start assumed' : '';
  const until = `${toPlainTime(window.from).slice(11)} to ${toPlainTime(window.until).slice(11)}${start}`;
  const result = state === 'changed' ? count(changes, 'change') : STATE_MEANING[state];
  return markup`<tr role="row" id="${rows.deploys.get(deploy) ?? ''}" tabindex="-1" class="${status} ${state}">${cell(markup`${renderTime(startOf(deploy))}<small>window ${until}</small>`)}${cell(
    markup`${renderLink(deploy.commit_url, shortCommit(deploy))}${renderVersions(deploy)}${deploy.url === undefined ? undefined : markup`<small>${renderLink(deploy.url, 'run')}</small>`}`,
    'k',
  )}${cell(markup`${components.join(', ')}<small>${place}</small>`, 'k')}${cell(
    markup`<span class="tag">${status}</span>${kind === 'deploy' ? undefined : markup` <span class="tag">${kind}</span>`}`,
  )}${cell(markup`${role_session_name ?? ''}<small>${describeOrigin(deploy)}</small>`, 'k')}${cell(markup`${result}${renderWhy(deploy)}`)}</tr>
`;
}

function renderVersions({ previous_git_sha: before, target_version: version }: ReportDeploy): Markup {
  const after = before === undefined ? undefined : markup`<small>after ${before.slice(0, 7)}</small>`;
  return markup`${after}${version === undefined ? undefined : markup`<small>version ${version}</small>`}`;
}

function renderWhy({ reason, approved_by }: ReportDeploy): Markup {
  const approved = approved_by === undefined ? undefined : markup`<small>approved by ${approved_by}</small>`;
  return markup`${reason === undefined ? undefined : markup`<small>reason: ${reason}</small>`}${approved}`;
}

function renderChange(
  change: ReportChange,
  {
    report,
    rows,
    requests,
    word: called,
  }: {
    report: ReadonlyMap<string, ReportDeploy>;
    rows: RowIds;
    requests: RequestSource | undefined;
    word: string;
  },
): Markup {
  const { event_id, standing, time, action, component, account, region, rule, note, deploys } = change;
  const commits = describeDeploys(change, report);
  const links = deploys.map((id, i) => {
    const deploy = report.get(id);
    const row = deploy === undefined ? undefined : rows.deploys.get(deploy);
    const commit = commits[i] ?? '';
    const word =
      i === 0 ? describeTie(change, commits).split(commit)[0] : standing === 'ambiguous' ? ' or ' : ', ';
    return markup`${word}${row === undefined ? commit : markup`<a class="k" href="#${row}">${commit}</a>`}`;
  });
  const asked = requests?.of(event_id);
  const request =
    asked === undefined || asked.fields.length === 0
      ? undefined
      : markup`<details class="asks"><summary>asked for</summary>${renderRequest(asked)}</details>`;
  const lines = [rule === undefined ? '' : `rule: ${rule}`, note ?? ''].filter(Boolean);
  return markup`<tr role="row" id="${rows.changes.get(change) ?? ''}" tabindex="-1" class="${standing}">${cell(
    markup`${drawIcon(standing)}${called}`,
    'st',
  )}${cell(renderTime(time))}${cell(markup`${action}<small>event ${event_id}</small>${request}`, 'k')}${cell(markup`${component}<small>${account} ${region}</small>`, 'k')}${cell(
    describeMaker(change),
  )}${cell(markup`${links}${lines.map(line => markup`<small>${line}</small>`)}`)}</tr>
`;
}
