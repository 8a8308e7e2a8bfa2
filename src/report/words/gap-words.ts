import type { Tone } from '../../core/base/styled-line.ts';
import type { Report } from '../../core/findings/report.ts';
import type { GapKind, ReportGap } from '../../core/source/gap.ts';
import { count, type Paragraph } from '../plain-text.ts';

/** As many gaps of either sort are told in text; JSON has them all. */
const MOST_GAPS = 60;

/** What each kind of gap is called. */
export const GAP_WORDS: Readonly<Record<GapKind, string>> = {
  failed: 'failed',
  'passed-over': 'passed over',
  'left-out': 'left out',
  'not-seen': 'not seen',
  bounded: 'bounded',
};

/** Says of an incomplete answer what that means. */
export const INCOMPLETE_MEANING = 'what is missing may change this answer';
/** Heads what may still come, and would change an answer that is complete as far as records go. */
export const LATE_GAPS_HEAD = 'May still be missing';
/** Heads what an answer does without. */
export const OTHER_GAPS_HEAD = 'Also to know';

/** The gaps of a report: those that leave it incomplete, what may still come, and the rest. */
export interface GapSections {
  readonly incomplete: readonly ReportGap[];
  readonly late: readonly ReportGap[];
  readonly others: readonly ReportGap[];
}

/** Sorts the gaps of a report by what they mean for it. */
export function splitGaps({ gaps }: Pick<Report, 'gaps'>): GapSections {
  const rest = gaps.filter(({ incomplete }) => !incomplete);
  return {
    incomplete: gaps.filter(({ incomplete }) => incomplete),
    late: rest.filter(({ late }) => late === true),
    others: rest.filter(({ late }) => late !== true),
  };
}

/** One gap in words, without its kind: what it is about, why, how many, and the code of the error that it comes from. */
export function describeGap(gap: ReportGap, { sources }: Pick<Report, 'sources'>): string {
  const { subject, message } = gap;
  const source = sources.find(each => each.source === subject);
  const about = source === undefined ? subject : `${subject} (${source.side})`;
  const code = codeOfGap(gap, { sources });
  const what = source === undefined && message.startsWith(subject) ? message : `${about}: ${message}`;
  return `${what}${figureOf(gap)}${code === undefined ? '' : ` (${code})`}`;
}

/** Code of the error that a source ended with, where that is the gap. */
export function codeOfGap(
  { subject, message }: ReportGap,
  { sources }: Pick<Report, 'sources'>,
): string | undefined {
  return sources.find(({ source, error }) => source === subject && error?.message === message)?.error?.code;
}

/** Says how many gaps a list leaves out; nothing if it holds all. */
export function describeMoreGaps(left: number): string[] {
  return left > 0 ? [`… and ${count(left, 'more gap')}, see --json`] : [];
}

/** The sections of what the answer does not rest on: what may change it, what may still come, then the rest; empty where there is nothing. */
export function gapParagraphs(report: Report): Paragraph[] {
  const { incomplete, late, others } = splitGaps(report);
  const toParagraph = (gap: ReportGap): Paragraph => ({
    first: `  ${GAP_WORDS[gap.kind]}: `,
    text: describeGap(gap, report),
    rest: '    ',
  });
  const toList = (head: string, gaps: readonly ReportGap[], tone: Tone): Paragraph[] => [
    { text: head, tones: { text: tone } },
    ...gaps.slice(0, MOST_GAPS).map(toParagraph),
    ...describeMoreGaps(gaps.length - MOST_GAPS).map(text => ({ first: '  ', text })),
  ];
  return [
    ...(report.complete ? [] : toList(`INCOMPLETE: ${INCOMPLETE_MEANING}`, incomplete, 'warn')),
    ...(late.length === 0 ? [] : toList(LATE_GAPS_HEAD, late, 'warn')),
    ...(others.length === 0 ? [] : toList(OTHER_GAPS_HEAD, others, 'soft')),
  ];
}

/** How many, where the message does not tell. */
function figureOf({ count: size, message }: ReportGap): string {
  if (size === undefined) return '';
  const figures = message.match(/\d[\d,]*/g) ?? [];
  return figures.some(figure => Number(figure.replaceAll(',', '')) === size)
    ? ''
    : ` (${size.toLocaleString('en')})`;
}
