import type { Report, ReportGap } from '../../core/findings/report.ts';
import {
  describeGap,
  describeMoreGaps,
  GAP_WORDS,
  INCOMPLETE_MEANING,
  OTHER_GAPS_HEAD,
  splitGaps,
} from '../gap-words.ts';
import { type Markup, markup } from '../markup.ts';

/** As many gaps of either sort are on the page. */
const MOST_GAPS = 200;
/** A longer list of what does not matter is folded away. */
const MOST_OPEN = 6;

/** What the answer does not rest on: a warning if that may change it, and quietly the rest. */
export function renderGaps(report: Report): Markup | undefined {
  const { incomplete, others } = splitGaps(report);
  const warning = report.complete
    ? undefined
    : markup`<section class="gaps" aria-label="Incomplete"><strong>This answer is incomplete:</strong> ${INCOMPLETE_MEANING}.${renderList(incomplete, report)}</section>`;
  const rest =
    others.length === 0
      ? undefined
      : markup`<section class="gaps quiet" aria-label="${OTHER_GAPS_HEAD}">${renderOthers(others, report)}</section>`;
  return markup`${warning}${rest}`;
}

function renderOthers(others: readonly ReportGap[], report: Report): Markup {
  const list = renderList(others, report);
  if (others.length <= MOST_OPEN) return markup`<strong>${OTHER_GAPS_HEAD}</strong>${list}`;
  return markup`<details><summary><strong>${OTHER_GAPS_HEAD}</strong> <small>${others.length.toLocaleString('en')}</small></summary>${list}</details>`;
}

function renderList(gaps: readonly ReportGap[], report: Report): Markup {
  const items = gaps
    .slice(0, MOST_GAPS)
    .map(gap => markup`<li><span class="tag">${GAP_WORDS[gap.kind]}</span> ${describeGap(gap, report)}</li>`);
  const more = describeMoreGaps(gaps.length - MOST_GAPS).map(text => markup`<li>${text}</li>`);
  return markup`<ul>${items}${more}</ul>`;
}
