import { utcTicks } from 'd3-time';
import { STANDINGS, type Standing } from '../../core/correlate/standing.ts';
import type { Report, ReportChange, ReportDeploy } from '../../core/findings/report.ts';
import { wantsLook } from '../../core/findings/report-entry.ts';
import { type Markup, markup } from '../markup.ts';
import { count, wrap } from '../plain-text.ts';
import {
  describeMaker,
  openWordsOf,
  STATE_MEANING,
  shortCommit,
  startOf,
  toPlainTime,
} from '../words/report-words.ts';
import { standingWord } from '../words/standing-words.ts';
import { drawSymbol } from './standing-symbol.ts';
import {
  type Cluster,
  clusterChanges,
  clusterDeploys,
  collectLanes,
  type Lane,
  spanOf,
  TIMELINE_WIDTH,
  type TimeSpan,
} from './timeline.ts';

const MOST_LANES = 12;
const HEIGHT = 112;
const LABEL_Y = 13;
const TOP = 20;
const OPEN_Y = 36;
const FINE_Y = 59;
const RUN_Y = 74;
const BOTTOM = 78;
const TIP_Y = 92;
const TIP_LINE = 14;
// A commit's label needs as much of the width.
const LABEL_GAP = (62 / TIMELINE_WIDTH) * 100;

/** Where the rows of the tables are: marks lead to them. */
export interface RowIds {
  readonly deploys: ReadonlyMap<ReportDeploy, string>;
  readonly changes: ReadonlyMap<ReportChange, string>;
}

interface Axis {
  readonly span: TimeSpan;
  readonly toPercent: (ms: number) => number;
  readonly rows: RowIds;
  /** What is said of the changes that no deploy accounts for. */
  readonly openWords: string;
  /** What a standing is called here. */
  readonly wordOf: (standing: Standing) => string;
}

/** A time line for each component that has most to say, all on one axis in UTC; empty if there is nothing to draw. */
export function renderTimelines(report: Report, rows: RowIds): Markup | undefined {
  const lanes = collectLanes(report);
  if (lanes.length === 0) return undefined;
  const shown = lanes.slice(0, MOST_LANES);
  const span = spanOf(shown, report);
  const toPercent = (ms: number): number => ((ms - span.from) / (span.until - span.from)) * 100;
  const wordOf = (standing: Standing): string => standingWord(standing, report);
  const axis = { span, toPercent, rows, openWords: openWordsOf(report), wordOf };
  const left = lanes.length - shown.length;
  return markup`<section aria-labelledby="timelines"><h2 id="timelines">Timelines</h2>
<p class="sub">${toDay(span.from)} to ${toDay(span.until)}, all times in UTC. A mark leads to its row below. <a class="skip" href="#tables">Skip to the tables</a></p>
<div class="board" role="region" aria-label="Timelines, scroll sideways" tabindex="0"><div class="lanes">${renderAxis(axis)}${shown.map(lane => renderLane(lane, axis))}</div></div>${
    left > 0
      ? markup`<p class="sub">${count(left, 'more component')} with less ${axis.openWords} ${left === 1 ? 'is' : 'are'} only in the tables.</p>`
      : undefined
  }</section>`;
}

function toDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}

function toTicks({ span, toPercent }: Axis): { at: string; label: string }[] {
  return utcTicks(new Date(span.from), new Date(span.until), 7).map(date => {
    const time = date.toISOString();
    const isDay = time.slice(11, 16) === '00:00';
    const day = `${date.getUTCDate()} ${date.toLocaleString('en', { month: 'short', timeZone: 'UTC' })}`;
    return { at: toFixed(toPercent(date.getTime())), label: isDay ? day : time.slice(11, 16) };
  });
}

function toFixed(percent: number): string {
  return `${Number(percent.toFixed(2))}%`;
}

function renderAxis(axis: Axis): Markup {
  const ticks = toTicks(axis).map(({ at, label }) => markup`<text x="${at}" y="16">${label}</text>`);
  return markup`<svg class="axis" width="100%" height="24" aria-hidden="true">${ticks}</svg>`;
}

function renderLane(lane: Lane, axis: Axis): Markup {
  const { component, account, region, changes, deploys } = lane;
  const open = changes.filter(wantsLook);
  const grid = toTicks(axis).map(
    ({ at }) => markup`<line x1="${at}" x2="${at}" y1="${TOP}" y2="${BOTTOM}"/>`,
  );
  const bars = clusterDeploys(deploys, axis.toPercent);
  const fine = changes.filter(change => !wantsLook(change));
  const marks = [
    ...clusterChanges(fine, axis.toPercent).map(one => renderMark(one, FINE_Y, axis)),
    ...clusterChanges(open, axis.toPercent).map(one => renderMark(one, OPEN_Y, axis)),
  ];
  const figures = `${count(deploys.length, 'deploy')}, ${count(changes.length, 'change')}`;
  return markup`<div class="lane"><h3>${component}<small>${[account, region].filter(Boolean).join(' ')}</small><small>${figures}${open.some(({ standing }) => axis.wordOf(standing) === standing) ? markup`, <b>${open.length} ${axis.openWords}</b>` : undefined}</small></h3>
<svg width="100%" height="${HEIGHT}" role="group" aria-label="Timeline of ${component}: ${figures}"><g class="grid" aria-hidden="true">${grid}<line class="track" x1="0" x2="100%" y1="${FINE_Y}" y2="${FINE_Y}"/></g>${renderBars(bars, axis)}${marks}</svg></div>`;
}

function renderBars(bars: readonly Cluster<ReportDeploy>[], axis: Axis): Markup[] {
  let free = Number.NEGATIVE_INFINITY;
  return bars.map(bar => {
    const [first] = bar.items;
    const isLabelled = bar.from >= free;
    if (isLabelled) free = bar.from + LABEL_GAP;
    const isBad = bar.items.some(({ status }) => status === 'failed');
    const many = bar.items.length > 1;
    const text = many
      ? `${count(bar.items.length, 'deploy')}, ${shortCommit(bar.items.at(-1) ?? first)} the latest`
      : `Deploy ${shortCommit(first)} ${first.status}, ${first.env}, ${toPlainTime(startOf(first))}, ${STATE_MEANING[first.state]}`;
    const label = many ? `${bar.items.length} deploys` : `${shortCommit(first)}${isBad ? ' ✕' : ''}`;
    const runs = bar.items.map(deploy => renderRun(deploy, axis));
    return markup`<a class="d${isBad ? ' bad' : ''}" href="#${axis.rows.deploys.get(first) ?? ''}"><title>${text}</title><rect class="w" x="${toFixed(bar.from)}" y="${TOP}" width="${toFixed(bar.until - bar.from)}" height="${BOTTOM - TOP}" rx="3"/>${runs}${
      isLabelled
        ? markup`<text class="l${bar.from > 100 - LABEL_GAP ? ' e' : ''}" x="${toFixed(bar.from > 100 - LABEL_GAP ? bar.until : bar.from)}" y="${LABEL_Y}">${label}</text>`
        : undefined
    }${renderTip(text, bar.from)}</a>`;
  });
}

function renderRun({ started_at, deployed_at }: ReportDeploy, { toPercent }: Axis): Markup | undefined {
  if (started_at === undefined || deployed_at === undefined) return undefined;
  const from = toPercent(Date.parse(started_at));
  const width = toPercent(Date.parse(deployed_at)) - from;
  return width > 0
    ? markup`<rect class="r" x="${toFixed(from)}" y="${RUN_Y}" width="${toFixed(width)}" height="4"/>`
    : undefined;
}

function renderMark({ items, from, until }: Cluster<ReportChange>, y: number, axis: Axis): Markup {
  const worst = items.reduce((a, b) =>
    STANDINGS.indexOf(b.standing) > STANDINGS.indexOf(a.standing) ? b : a,
  );
  const last = items.at(-1) ?? worst;
  const text =
    items.length === 1
      ? `${axis.wordOf(worst.standing)}: ${worst.action}, ${toPlainTime(worst.time)}, by ${describeMaker(worst)}`
      : `${count(items.length, 'change')}, ${describeMix(items, axis)}, ${toPlainTime(items[0].time)} to ${toPlainTime(last.time)}`;
  const at = (from + until) / 2;
  return markup`<a class="c" href="#${axis.rows.changes.get(worst) ?? ''}"><title>${text}</title><svg x="${toFixed(at)}" y="${y}" overflow="visible"><circle class="h" r="11"/>${drawSymbol(worst.standing)}${
    items.length > 1 ? markup`<text class="n" x="9" y="-3">${items.length}</text>` : undefined
  }</svg>${renderTip(text, at)}</a>`;
}

function describeMix(items: readonly ReportChange[], { wordOf }: Axis): string {
  return STANDINGS.map(standing => ({
    standing,
    size: items.filter(item => item.standing === standing).length,
  }))
    .filter(({ size }) => size > 0)
    .map(({ standing, size }) => `${size} ${wordOf(standing)}`)
    .join(', ');
}

/** Below the marks, shown for the mark that is pointed at. It moves left as its mark moves right, so that it stays inside. */
function renderTip(text: string, percent: number): Markup {
  const lines = wrap({ text });
  // 6.4 pixels are more than a character takes on average.
  const width = lines.reduce((longest, line) => Math.max(longest, line.length), 0) * 6.4;
  const shift = Math.round((Math.min(percent, 100) / 100) * width);
  const spans = lines.map(
    (line, i) =>
      markup`<tspan x="${toFixed(percent)}" dx="-${shift}" y="${TIP_Y + i * TIP_LINE}">${line}</tspan>`,
  );
  return markup`<text class="t" aria-hidden="true">${spans}</text>`;
}
