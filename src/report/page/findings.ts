import { describeAccepted } from '../../core/findings/acceptance.ts';
import { groupFindings } from '../../core/findings/groups.ts';
import type { Report, ReportFinding } from '../../core/findings/report.ts';
import { recordedOf } from '../../core/investigate/found-difference.ts';
import { type Markup, markup, trusted } from '../markup.ts';
import { isFailing, toPlainTime } from '../words/report-words.ts';
import { renderRecorded } from './investigation.ts';
import { MANY_ROWS } from './tables.ts';
import type { RowIds } from './timeline-svg.ts';

/** What an audit found: what fails first, then information, those that do not count folded away. Nothing for a trace. */
export function renderFindings(report: Report, rows: RowIds): Markup | undefined {
  const { findings = [], changes, deploys } = report;
  const targets = new Map([
    ...changes.map(change => [change.event_id, rows.changes.get(change)] as const),
    ...deploys.map(deploy => [deploy.deploy_id, rows.deploys.get(deploy)] as const),
  ]);
  const subjects = [...groupFindings(findings)];
  const failing = subjects.filter(subject => subject.some(isFailing));
  const others = subjects.filter(subject => !subject.some(isFailing));
  const notes = others.filter(subject => subject.some(({ accepted }) => accepted === undefined));
  const accepted = others.filter(subject => !notes.includes(subject));
  if (findings.length === 0) return undefined;
  const toItem = (subject: readonly ReportFinding[]): Markup => renderSubject(subject, targets);
  return markup`<section aria-labelledby="findings"><h2 id="findings">Findings <small>${findings.length.toLocaleString('en')}</small></h2>
${failing.length > 0 ? renderList('fail', failing.map(toItem)) : undefined}${renderFolded('for information', notes.map(toItem), failing.length === 0)}${renderFolded(`not counted: ${describeAccepted(accepted.flat()).join(', ')}`, accepted.map(toItem))}</section>`;
}

function renderList(kind: string, items: readonly Markup[]): Markup {
  return markup`<ol class="findings ${kind}${items.length > MANY_ROWS ? ' many' : ''}">${items}</ol>`;
}

/** @param isOpen where there is nothing before it to look at */
function renderFolded(title: string, items: readonly Markup[], isOpen = false): Markup | undefined {
  if (items.length === 0) return undefined;
  return markup`<details${isOpen ? trusted(' open') : undefined}><summary>${items.length.toLocaleString('en')} ${title}</summary>${renderList('', items)}</details>`;
}

function renderSubject(
  subject: readonly ReportFinding[],
  targets: ReadonlyMap<string, string | undefined>,
): Markup {
  const [first] = subject;
  if (first === undefined) return markup``;
  const { component, time, account, region, event_id, deploy_id } = first;
  const recorded = recordedOf(first);
  const row = targets.get(event_id ?? '') ?? targets.get(deploy_id ?? '');
  const isNew = subject.some(finding => finding.new === true);
  const lines = subject.map(
    ({ kind, message, accepted }) =>
      markup`<p><span class="tag">${kind.replaceAll('-', ' ')}</span> ${message}${accepted === undefined ? undefined : markup` <small>not counted: ${accepted}</small>`}</p>`,
  );
  return markup`<li><div class="subject">${row === undefined ? markup`<b class="k">${component}</b>` : markup`<a class="k" href="#${row}">${component}</a>`}<small>${toPlainTime(time)} ${account} ${region}${event_id === undefined ? undefined : markup` · event ${event_id}`}</small>${isNew ? markup`<span class="tag new">new</span>` : undefined}</div>${lines}${recorded === undefined ? undefined : renderRecorded(recorded)}</li>
`;
}
