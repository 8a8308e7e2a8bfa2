import { STANDINGS } from '../../core/correlate/standing.ts';
import type { Report } from '../../core/findings/report.ts';
import { wantsLook } from '../../core/findings/report-entry.ts';
import { isInvestigation } from '../../core/investigate/investigation.ts';
import { describeLocalRange } from '../../core/time/local.ts';
import { describeVerdict, isReportOnly } from '../audit-text.ts';
import { type Markup, markup, trusted } from '../markup.ts';
import { type Clean, count } from '../plain-text.ts';
import { renderIntegrity } from '../words/integrity-words.ts';
import { renderJudged } from '../words/judged-words.ts';
import {
  describeNotSeen,
  describeStillToCome,
  describeUnchanged,
  isFailing,
  standingMeaning,
  titleNotSeen,
  toPlainTime,
} from '../words/report-words.ts';
import { describeNoMarkers, standingWord } from '../words/standing-words.ts';
import { renderFindings } from './findings.ts';
import { renderGaps } from './gaps.ts';
import { renderInvestigated, renderSummary } from './investigation.ts';
import { redactReport } from './redact-report.ts';
import type { RequestSource } from './request.ts';
import { drawIcon } from './standing-symbol.ts';
import { PAGE_STYLE } from './style.ts';
import { numberRows, renderTables } from './tables.ts';
import { renderTimelines } from './timeline-svg.ts';

/** Rows and findings beyond so many make a page that no browser likes; whoever has more reads the JSON. */
const MOST_SHOWN = 10_000;

/**
 * The report as one page that needs nothing else: no network, which its own policy forbids, and no script. Everything that comes
 * from a log or a marker is escaped.
 *
 * @param clean takes out what must not be shown; by default nothing
 * @param requests tells what changes asked for; by default that is not on the page
 */
export function renderPage(whole: Report, clean?: Clean, requests?: RequestSource): string {
  const cut = cutReport(whole);
  const shown = clean === undefined ? cut : redactReport(cut, clean);
  const { findings } = whole;
  // The verdict counts all of them.
  const report = findings === undefined ? shown : { ...shown, findings };
  const rows = numberRows(shown);
  const subject = report.question['component'] ?? report.question['git-sha'] ?? '';
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">
<title>${`${report.command} ${subject}`.trim()} · deploy-marker</title>
<style>${trusted(PAGE_STYLE)}</style></head><body>
<header>${renderHead(report)}</header>
<main>${isInvestigation(shown) ? renderSummary(shown) : undefined}${renderGaps(report)}${renderTotals(report)}${renderIntegrity(report)}${renderCut(whole, shown)}${renderFindings(shown, rows)}${isInvestigation(shown) ? renderInvestigated(shown, rows) : undefined}${renderTimelines(shown, rows)}${renderTables(shown, rows, requests)}${renderJudged(report)}</main>
<footer>${renderSources(report)}</footer></body></html>
`.markup;
}

/** What wants a look first, as far as there is room. */
function cutReport(report: Report): Report {
  const { changes, findings = [] } = report;
  if (Math.max(changes.length, findings.length) <= MOST_SHOWN) return report;
  const open = changes.filter(wantsLook);
  const failing = findings.filter(isFailing);
  const rest = changes.filter(change => !wantsLook(change));
  const others = findings.filter(finding => !isFailing(finding));
  return {
    ...report,
    changes: [...open, ...rest].slice(0, MOST_SHOWN),
    findings: [...failing, ...others].slice(0, MOST_SHOWN),
  };
}

function renderCut({ changes, findings = [] }: Report, shown: Report): Markup | undefined {
  const left = [
    count(changes.length - shown.changes.length, 'change'),
    count(findings.length - (shown.findings?.length ?? 0), 'finding'),
  ].filter(text => !text.startsWith('0 '));
  if (left.length === 0) return undefined;
  return markup`<p class="sub">Left out here: ${left.join(' and ')}. See --json for all.</p>`;
}

/** The answer in one sentence. */
function describeAnswer(report: Report): string {
  const { changes, deploys, standings } = report.totals;
  if (report.command === 'audit') {
    if ((report.findings ?? []).some(isFailing)) return 'Audit failed';
    if (!report.complete) return 'Audit incomplete';
    return isReportOnly(report) ? 'Report only' : 'Audit passed';
  }
  const notSeen = titleNotSeen(report);
  if (notSeen !== undefined) return notSeen;
  if (changes === 0)
    return deploys === 0 ? 'No deploy and no change' : `${count(deploys, 'deploy')}, no change`;
  const open = standings.unexplained + standings.coincident + standings.ambiguous;
  if (describeNoMarkers(report) !== undefined) return count(changes, 'change');
  if (open > 0) return `${open.toLocaleString('en')} of ${count(changes, 'change')} to look at`;
  return changes === 1
    ? 'The one change is accounted for'
    : `All ${count(changes, 'change')} are accounted for`;
}

function renderHead(report: Report): Markup {
  const asked = Object.entries(report.question).map(
    ([flag, value]) => markup`<li><span>${flag}</span> ${value}</li>`,
  );
  const local = describeLocalRange(Date.parse(report.from), Date.parse(report.until));
  const said = [
    ...describeNotSeen(report),
    ...describeUnchanged(report),
    ...(report.totals.changes > 0 ? [describeNoMarkers(report) ?? ''] : []),
    ...describeStillToCome(report),
  ]
    .filter(Boolean)
    .join(' ');
  return markup`<p class="brand">deploy-marker ${report.command}</p><h1>${describeAnswer(report)}</h1>
<p class="sub">${toPlainTime(report.from)} to ${toPlainTime(report.until)} UTC${local === undefined ? undefined : markup`<br>${local}`}${report.command === 'audit' ? markup`<br>${describeVerdict(report)}` : undefined}</p>${
    asked.length > 0 ? markup`<ul class="asked" aria-label="Asked for">${asked}</ul>` : undefined
  }${said === '' ? undefined : markup`<p class="sub">${said}</p>`}`;
}

/** Figures that are the legend of the timelines as well. */
function renderTotals(report: Report): Markup {
  const { totals } = report;
  const tiles = STANDINGS.map(
    standing =>
      markup`<li class="${totals.standings[standing] === 0 ? 'none' : standing}"><b>${drawIcon(standing)}${totals.standings[standing].toLocaleString('en')}</b><span>${standingWord(standing, report)}</span><small>${standingMeaning(standing, report)}</small></li>`,
  );
  return markup`<section aria-label="Totals and legend"><ul class="tiles"><li><b><svg class="i" width="18" height="18" aria-hidden="true"><g class="d"><rect class="w" width="18" height="16" y="1" rx="3"/><rect class="r" x="3" y="13" width="10" height="4"/></g></svg>${totals.deploys.toLocaleString('en')}</b><span>${totals.deploys === 1 ? 'deploy' : 'deploys'}</span><small>its window, and the run in it</small></li>${tiles}</ul></section>`;
}

function renderSources({ sources, generated_at, judged_by }: Report): Markup {
  const items = sources.map(
    ({ source, side, records, complete }) =>
      markup`<li><span class="k">${source}</span> ${count(records, side === 'markers' ? 'marker' : 'change')}${complete ? '' : ', incomplete'}</li>`,
  );
  return markup`<h2>Sources</h2><ul>${items}</ul><p>Made ${toPlainTime(generated_at)} UTC by ${judged_by?.tool ?? 'deploy-marker'}. This page loads nothing and runs nothing.</p>`;
}
