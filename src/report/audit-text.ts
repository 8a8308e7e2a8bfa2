import { append } from '../core/base/append.ts';
import type { Report, ReportFinding } from '../core/findings/report.ts';
import { gapParagraphs } from './gap-words.ts';
import { integrityParagraphs } from './integrity-words.ts';
import { type Clean, count, layOut, type Paragraph } from './plain-text.ts';
import { isFailing, toPlainTime } from './report-words.ts';
import { headParagraphs, moreParagraphs, totalParagraphs } from './trace-table.ts';

const MOST_SUBJECTS = 60;

/**
 * The answer of `audit` for a terminal: findings by the change or the deploy that they are about, those that fail first; accepted
 * ones are only counted; then what is missing and a verdict. As narrow and as harmless to a terminal as the table of `trace`.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderAuditText(report: Report, clean: Clean = text => text): string {
  const findings = report.findings ?? [];
  const subjects = [...groupFindings(findings.filter(({ accepted }) => accepted === undefined))];
  const ranked = [...subjects.filter(hasFailing), ...subjects.filter(subject => !hasFailing(subject))];
  const paragraphs = [
    ...headParagraphs(report),
    { text: '' },
    ...ranked.slice(0, MOST_SUBJECTS).flatMap(subjectParagraphs),
    ...moreParagraphs(ranked.length - MOST_SUBJECTS, 'with findings', ''),
    ...totalParagraphs(report),
    ...integrityParagraphs(report),
    ...gapParagraphs(report),
    { text: describeVerdict(report) },
  ];
  return layOut(paragraphs, clean);
}

/** One sentence: whether the audit failed, and on how many findings of which kind. */
export function describeVerdict({ findings = [], complete }: Report): string {
  const failing = findings.filter(isFailing);
  const accepted = findings.filter(finding => finding.accepted !== undefined).length;
  const notes = findings.length - failing.length - accepted;
  const kinds = new Map<string, number>();
  for (const { kind } of failing) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const parts = [
    ...[...kinds].map(([kind, number]) => `${number} ${kind}`),
    ...(notes > 0 ? [`${notes} for information`] : []),
    ...(accepted > 0 ? [`${accepted} accepted`] : []),
  ];
  const detail = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  if (failing.length > 0)
    return `audit failed: ${count(failing.length, 'finding')} to look at${detail}${complete ? '' : ', and the answer is incomplete'}`;
  return complete
    ? `audit passed: nothing to look at${detail}`
    : `audit incomplete: nothing to look at so far${detail}`;
}

function hasFailing(subject: readonly ReportFinding[]): boolean {
  return subject.some(isFailing);
}

function subjectParagraphs(subject: readonly ReportFinding[]): Paragraph[] {
  const [first] = subject;
  if (first === undefined) return [];
  const { component, account, region, time, event_id, deploy_id } = first;
  const place = [account, region].filter(Boolean).join(' ');
  const isNew = subject.some(finding => finding.new === true);
  const indent = ' '.repeat(6);
  return [
    {
      first: `${hasFailing(subject) ? 'FAIL' : 'info'}  ${toPlainTime(time)}  `,
      text: [component, place, isNew ? 'new' : ''].filter(Boolean).join('  '),
      rest: indent,
    },
    ...subject.map(({ kind, message }) => ({ first: indent, text: `${kind}: ${message}` })),
    ...(event_id === undefined ? [] : [{ first: `${indent}event `, text: event_id }]),
    ...(event_id !== undefined || deploy_id === undefined
      ? []
      : [{ first: `${indent}deploy `, text: deploy_id }]),
    { text: '' },
  ];
}

/** Findings about one change or one deploy, each group in the place of its first one. */
export function groupFindings(findings: readonly ReportFinding[]): Iterable<ReportFinding[]> {
  const groups = new Map<string, ReportFinding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([
      finding.event_id ?? '',
      finding.event_id ? '' : (finding.deploy_id ?? finding.id),
    ]);
    append(groups, key, finding);
  }
  return groups.values();
}
