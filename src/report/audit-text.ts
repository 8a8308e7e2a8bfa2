import { append } from '../core/base/append.ts';
import { type StyledLine, type Tone, toPlainText } from '../core/base/styled-line.ts';
import type { Report, ReportDeploy, ReportFinding } from '../core/findings/report.ts';
import { recordedOf } from '../core/investigate/found-difference.ts';
import { describeDifference } from '../core/investigate/summary.ts';
import { originParagraphs } from './deploy-text.ts';
import { gapParagraphs } from './gap-words.ts';
import { integrityParagraphs } from './integrity-words.ts';
import { describeRecording } from './investigate-words.ts';
import { type Clean, count, layOutLines, type Paragraph } from './plain-text.ts';
import { isFailing, shortCommit, startOf, toPlainTime } from './report-words.ts';
import { headParagraphs, moreParagraphs, totalParagraphs } from './trace-table.ts';

const MOST_SUBJECTS = 60;
const MOST_DIFFERENCES = 10;
/** As many deploys of one subject are told. */
const MOST_DEPLOYS = 3;

/**
 * The answer of `audit` for a terminal: findings by the change or the deploy that they are about, those that fail first; accepted
 * ones are only counted; then what is missing and a verdict. As narrow and as harmless to a terminal as the table of `trace`.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderAuditText(report: Report, clean: Clean = text => text): string {
  return toPlainText(auditLines(report, clean));
}

/** The lines of {@link renderAuditText}, in pieces that may be coloured. */
export function auditLines(report: Report, clean: Clean = text => text): StyledLine[] {
  const findings = report.findings ?? [];
  const subjects = [...groupFindings(findings.filter(({ accepted }) => accepted === undefined))];
  const ranked = [...subjects.filter(hasFailing), ...subjects.filter(subject => !hasFailing(subject))];
  const shown = ranked.slice(0, MOST_SUBJECTS);
  const deploysOf = findDeploys(report, shown);
  const paragraphs = [
    ...headParagraphs(report),
    { text: '' },
    ...shown.flatMap(subject => subjectParagraphs(subject, deploysOf(subject))),
    ...moreParagraphs(ranked.length - MOST_SUBJECTS, 'with findings', ''),
    ...totalParagraphs(report),
    ...integrityParagraphs(report),
    ...gapParagraphs(report),
    { text: describeVerdict(report), tones: { text: verdictTone(report) } },
  ];
  return layOutLines(paragraphs, clean);
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

function verdictTone({ findings = [], complete }: Report): Tone {
  if (findings.some(isFailing)) return 'bad';
  return complete ? 'good' : 'warn';
}

/** The deploys that findings are about: their own, or those that their change is tied to. */
function findDeploys(
  { deploys, changes }: Report,
  subjects: readonly (readonly ReportFinding[])[],
): (subject: readonly ReportFinding[]) => ReportDeploy[] {
  const byId = new Map(deploys.map(deploy => [deploy.deploy_id, deploy]));
  const wanted = new Set(subjects.flatMap(([first]) => first?.event_id ?? []));
  const tied = new Map<string, readonly string[]>();
  for (const change of changes) if (wanted.has(change.event_id)) tied.set(change.event_id, change.deploys);
  return ([first]) => {
    const ids = [first?.deploy_id ?? [], tied.get(first?.event_id ?? '') ?? []].flat();
    return [...new Set(ids)].flatMap(id => byId.get(id) ?? []).slice(0, MOST_DEPLOYS);
  };
}

function hasFailing(subject: readonly ReportFinding[]): boolean {
  return subject.some(isFailing);
}

function subjectParagraphs(subject: readonly ReportFinding[], deploys: readonly ReportDeploy[]): Paragraph[] {
  const [first] = subject;
  if (first === undefined) return [];
  const { component, account, region, time, event_id, deploy_id } = first;
  const place = [account, region].filter(Boolean).join(' ');
  const isNew = subject.some(finding => finding.new === true);
  const indent = ' '.repeat(8);
  const fails = hasFailing(subject);
  return [
    {
      first: `${fails ? '✗ FAIL' : '· info'}  ${toPlainTime(time)}  `,
      text: [component, place, isNew ? 'new' : ''].filter(Boolean).join('  '),
      rest: indent,
      tones: { first: fails ? 'bad' : 'soft', text: 'strong' },
    },
    ...subject.map(({ kind, message }) => ({ first: indent, text: `${kind}: ${message}` })),
    ...recordedParagraphs(first, indent),
    ...(event_id === undefined ? [] : [{ first: `${indent}event `, text: event_id }]),
    ...(event_id !== undefined || deploy_id === undefined
      ? []
      : [{ first: `${indent}deploy `, text: deploy_id }]),
    ...deploys.flatMap(deploy => [
      {
        first: `${indent}deploy `,
        text: `${shortCommit(deploy)}  ${deploy.status}  ${toPlainTime(startOf(deploy))}`,
      },
      ...originParagraphs(deploy, `${indent}  `),
    ]),
    { text: '' },
  ];
}

/** What AWS Config recorded around the change, where somebody asked. */
function recordedParagraphs(finding: ReportFinding, indent: string): Paragraph[] {
  const recorded = recordedOf(finding);
  if (recorded === undefined) return [];
  const lines = recorded.differences.slice(0, MOST_DIFFERENCES).map(describeDifference);
  const left = recorded.differences.length - lines.length;
  return [
    { first: indent, text: describeRecording(recorded) },
    ...lines.map(text => ({ first: `${indent}  `, text, rest: `${indent}    ` })),
    ...(left > 0 ? [{ first: `${indent}  `, text: `… and ${left} more, see --json` }] : []),
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
