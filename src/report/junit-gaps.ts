import type { Report } from '../core/findings/report.ts';
import type { ReportGap } from '../core/source/gap.ts';
import { type Markup, markup } from './markup.ts';
import type { Clean } from './plain-text.ts';
import { codeOfGap, describeGap, describeMoreGaps, splitGaps } from './words/gap-words.ts';

/** As many gaps of either sort have a case; the report has them all. */
const MOST_GAPS = 100;

/** A test suite with its figures. */
export interface JunitSuite {
  readonly name: string;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
  readonly cases: readonly Markup[];
  /** Before the cases. */
  readonly properties?: Markup | undefined;
}

/**
 * What an answer does not rest on, a case each: an error if it leaves the answer incomplete, else skipped. Nothing where there
 * are no gaps.
 */
export function toGapSuite(report: Report, clean: Clean): JunitSuite | undefined {
  const { incomplete, late, others } = splitGaps(report);
  const rest = [...late, ...others];
  if (report.complete && rest.length === 0) return undefined;
  const errors = toCases(incomplete, { report, clean }, (message, code) => {
    return markup`<error message="${message}" type="${code}"/>`;
  });
  const skipped = toCases(rest, { report, clean }, message => markup`<skipped message="${message}"/>`);
  return {
    name: `deploy-marker ${report.command}: gaps`,
    tests: errors.length + skipped.length,
    failures: 0,
    errors: errors.length,
    skipped: skipped.length,
    cases: [...errors, ...skipped],
  };
}

function toCases(
  gaps: readonly ReportGap[],
  { report, clean }: { readonly report: Report; readonly clean: Clean },
  toOutcome: (message: string, code: string) => Markup,
): Markup[] {
  const toCase = (kind: string, subject: string, outcome: Markup): Markup =>
    markup`<testcase classname="gaps.${kind}" name="${subject}" time="0">${outcome}</testcase>
`;
  return [
    ...gaps.slice(0, MOST_GAPS).map(gap => {
      const code = clean(codeOfGap(gap, report) ?? 'INCOMPLETE');
      return toCase(gap.kind, clean(gap.subject), toOutcome(clean(describeGap(gap, report)), code));
    }),
    ...describeMoreGaps(gaps.length - MOST_GAPS).map(text =>
      toCase('more', 'more', toOutcome(text, 'INCOMPLETE')),
    ),
  ];
}
