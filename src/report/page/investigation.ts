import type { Drift, DriftedResource } from '../../core/investigate/drift.ts';
import type { InvestigatedChange, Investigation, Stray } from '../../core/investigate/investigation.ts';
import type { RecordedChange } from '../../core/investigate/recorded-change.ts';
import { describeShown, type ShownValue } from '../../core/investigate/shown-value.ts';
import { type Markup, markup } from '../markup.ts';
import {
  describeDriftHead,
  describeLook,
  describeRecording,
  describeStanding,
} from '../words/investigate-words.ts';
import { describeMaker, toPlainTime } from '../words/report-words.ts';
import { renderRequest } from './request.ts';
import { drawIcon } from './standing-symbol.ts';
import type { RowIds } from './timeline-svg.ts';

/** As many changes have a section; the tables have all. */
const MOST_SECTIONS = 200;

/** The summary of an investigation, first of all. */
export function renderSummary({ summary }: Investigation): Markup {
  const lines = summary.map(({ topic, text }) => markup`<div><dt>${topic}</dt><dd>${text}</dd></div>`);
  return markup`<section aria-label="Summary"><dl class="summary">${lines}</dl></section>`;
}

/** Each change with what it asked for and what AWS Config recorded, what it recorded besides, and drift. */
export function renderInvestigated(report: Investigation, rows: RowIds): Markup {
  const { changes, strays, drift } = report;
  const sections = changes.slice(0, MOST_SECTIONS).map(change => renderChange(change, report, rows));
  return markup`${section('What each change did', 'each-change', sections)}${section(
    'Recorded, and no change accounts for it',
    'strays',
    strays.map(renderStray),
  )}${section('Drift', 'drift', drift.map(renderDrift))}`;
}

function section(title: string, id: string, parts: readonly Markup[]): Markup | undefined {
  if (parts.length === 0) return undefined;
  return markup`<section aria-labelledby="${id}"><h2 id="${id}">${title} <small>${parts.length}</small></h2>${parts}</section>`;
}

function renderChange(change: InvestigatedChange, report: Investigation, rows: RowIds): Markup {
  const { time, action, component, standing, recorded, request, event_id } = change;
  const row = rows.changes.get(change);
  const head = markup`<h3><span class="k">${action}</span> ${component} <small>${toPlainTime(time)} UTC</small></h3>`;
  const shared =
    recorded.shared_with.length === 0
      ? undefined
      : markup`<p class="sub">Together with ${recorded.shared_with.join(', ')}.</p>`;
  return markup`<article class="one ${standing}">${head}<p>${drawIcon(standing)} ${describeStanding(change, report)}, by <b>${describeMaker(change)}</b>. <small>event ${row === undefined ? event_id : markup`<a class="k" href="#${row}">${event_id}</a>`}</small></p>${
    request === null ? undefined : markup`<h4>Asked for</h4>${renderRequest(request)}`
  }<h4>Before and after</h4><p>${describeRecording(recorded)}</p>${shared}${renderPairs(
    ['Before', 'After'],
    recorded.differences.map(({ path, before, after }) => ({ path, from: before, to: after })),
  )}</article>`;
}

function renderStray({ component, account, region, before_at, after_at, state, differences }: Stray): Markup {
  const what = state === 'changed' ? 'differs' : `was ${state}`;
  return markup`<article class="one"><h3>${component} <small>${account} ${region}</small></h3><p>It ${what} between ${toPlainTime(before_at)} and ${toPlainTime(after_at)} UTC.</p>${renderPairs(
    ['Before', 'After'],
    differences.map(({ path, before, after }) => ({ path, from: before, to: after })),
  )}</article>`;
}

function renderDrift(drift: Drift): Markup {
  const notes = [describeLook(drift) ?? [], drift.notes]
    .flat()
    .map(note => markup`<p class="sub">${note}</p>`);
  return markup`<article class="one"><p>${describeDriftHead(drift)}</p>${notes}${drift.resources.map(renderResource)}</article>`;
}

function renderResource({ logical_id, type, state, differences }: DriftedResource): Markup {
  return markup`<h3>${logical_id} <small>${type}, ${state}</small></h3>${renderPairs(
    ['Expected', 'Actual'],
    differences.map(({ path, expected, actual, event_id }) => ({
      path,
      from: expected,
      to: actual,
      by: event_id,
    })),
  )}`;
}

interface PairRow {
  readonly path: string;
  readonly from: ShownValue | undefined;
  readonly to: ShownValue | undefined;
  readonly by?: string | undefined;
}

/** What AWS Config recorded around the change of a finding. */
export function renderRecorded(recorded: RecordedChange): Markup {
  const pairs = recorded.differences.map(({ path, before, after }) => ({ path, from: before, to: after }));
  return markup`<p>${describeRecording(recorded)}</p>${renderPairs(['Before', 'After'], pairs)}`;
}

/** Two values side by side; on a narrow screen one below the other, each with its head. */
function renderPairs([from, to]: readonly [string, string], pairs: readonly PairRow[]): Markup | undefined {
  if (pairs.length === 0) return undefined;
  const rows = pairs.map(
    pair =>
      markup`<tr role="row"><th role="rowheader" scope="row" class="k">${pair.path}${pair.by === undefined ? undefined : markup`<small>by event ${pair.by}</small>`}</th>${valueCell(from, pair.from)}${valueCell(to, pair.to)}</tr>`,
  );
  return markup`<table role="table" class="pairs"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Field</th><th role="columnheader" scope="col">${from}</th><th role="columnheader" scope="col">${to}</th></tr></thead><tbody role="rowgroup">${rows}</tbody></table>`;
}

function valueCell(label: string, shown: ShownValue | undefined): Markup {
  return markup`<td role="cell" class="k"><small class="label">${label}</small>${shown === undefined ? markup`<i>nothing</i>` : describeShown(shown)}</td>`;
}
