import type { Report } from '../../core/findings/report.ts';
import type { ReportGap } from '../../core/source/gap.ts';
import { type Markup, markup } from '../markup.ts';
import {
  describeGap,
  describeMoreGaps,
  GAP_WORDS,
  INCOMPLETE_MEANING,
  LATE_GAPS_HEAD,
  OTHER_GAPS_HEAD,
  splitGaps,
} from '../words/gap-words.ts';

/** As many gaps of either sort are on the page. */
const MOST_GAPS = 200;
/** A longer list of what does not matter is folded away. */
const MOST_OPEN = 6;

/** What the answer does not rest on: a warning if that may change it, what may still come, and quietly the rest. */
export function renderGaps(report: Report): Markup | undefined {
  const { incomplete, late, others } = splitGaps(report);
  const warning = report.complete
    ? undefined
    : markup`<section class="gaps" aria-label="Incomplete"><strong>This answer is incomplete:</strong> ${INCOMPLETE_MEANING}.${renderList(incomplete, report)}</section>`;
  const awaited =
    late.length === 0
      ? undefined
      : markup`<section class="gaps" aria-label="${LATE_GAPS_HEAD}"><strong>${LATE_GAPS_HEAD}</strong>${renderList(late, report)}</section>`;
  const rest =
    others.length === 0
      ? undefined
      : markup`<section class="gaps quiet" aria-label="${OTHER_GAPS_HEAD}">${renderOthers(others, report)}</section>`;
  return markup`${warning}${awaited}${rest}`;
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
