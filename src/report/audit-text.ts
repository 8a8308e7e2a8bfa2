import { type StyledLine, type Tone, toPlainText } from '../core/base/styled-line.ts';
import { describeAccepted, isToldBefore } from '../core/findings/acceptance.ts';
import { isBlind } from '../core/findings/coverage.ts';
import { groupFindings } from '../core/findings/groups.ts';
import type { Report, ReportDeploy, ReportFinding } from '../core/findings/report.ts';
import { recordedOf } from '../core/investigate/found-difference.ts';
import { describeDifference } from '../core/investigate/summary.ts';
import { originParagraphs } from './deploy-text.ts';
import { type Clean, count, layOutLines, type Paragraph } from './plain-text.ts';
import { headParagraphs, moreLine, moreParagraphs, totalParagraphs } from './trace-table.ts';
import { gapParagraphs } from './words/gap-words.ts';
import { integrityParagraphs } from './words/integrity-words.ts';
import { describeRecording } from './words/investigate-words.ts';
import { judgedParagraphs } from './words/judged-words.ts';
import { isFailing, shortCommit, startOf, toPlainTime } from './words/report-words.ts';

const MOST_SUBJECTS = 60;
/** As many that do not count are told; JSON and the page have all. */
const MOST_ACCEPTED = 20;
const MOST_DIFFERENCES = 10;
/** As many deploys of one subject are told. */
const MOST_DEPLOYS = 3;

/**
 * The answer of `audit` for a terminal: findings by the change or the deploy that they are about, those that fail first; then
 * those that do not count, each in a line with the reason; then what is missing and a verdict. As narrow and as harmless to a terminal as the table of `trace`.
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
    ...acceptedParagraphs(findings),
    ...totalParagraphs(report),
    ...integrityParagraphs(report),
    ...gapParagraphs(report),
    ...judgedParagraphs(report),
    { text: describeVerdict(report), tones: { text: verdictTone(report) } },
  ];
  return layOutLines(paragraphs, clean);
}

/**
 * One sentence: whether the audit failed, and on what. What several findings say of one change is one thing to look at. What does not
 * fail is told with its kinds: it may be a person's change all the same. What an earlier run told is still there, and nobody accepted it.
 */
export function describeVerdict(report: Report): string {
  const { findings = [], complete } = report;
  const failing = findings.filter(isFailing);
  const accepted = findings.filter(finding => finding.accepted !== undefined);
  const notes = findings.filter(finding => finding.accepted === undefined && !isFailing(finding));
  if (failing.length > 0) {
    const info = notes.length > 0 ? [`${notes.length} for information`] : [];
    const parts = [...kindsOf(failing), ...info, ...describeAccepted(accepted)];
    return `audit failed: ${subjectsOf(failing)} to look at (${parts.join(', ')})${complete ? '' : ', and the answer is incomplete'}`;
  }
  const parts = [...kindsOf(notes), ...describeAccepted(accepted)];
  const detail = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  const outcome = describeOutcome(report, notes, accepted);
  if (!complete) return `audit incomplete: ${blindness(report) ?? outcome}${detail}`;
  return `${isReportOnly(report) ? 'report only' : 'audit passed'}: ${outcome}${detail}`;
}

/** Whether nothing was to fail: such an audit passes whatever it finds, and that is no pass. */
export function isReportOnly({ judged_by: by }: Report): boolean {
  return by !== undefined && by.fail_on.length === 0;
}

/** What was found, where nothing fails. */
function describeOutcome(
  report: Report,
  { length: notes }: readonly ReportFinding[],
  accepted: readonly ReportFinding[],
): string {
  const soFar = report.complete ? '' : ' so far';
  if (notes === 0) {
    if (accepted.some(isToldBefore)) return `nothing new to look at${soFar}`;
    return `${accepted.length > 0 ? 'nothing but what is accepted' : 'nothing to look at'}${soFar}`;
  }
  const found = `${count(notes, 'finding')}${soFar}`;
  if (isReportOnly(report)) return `${found}, and none was to fail`;
  return `${found}, ${notes === 1 ? 'which does not fail' : 'none of which fails'} by --fail-on`;
}

/** Kinds of findings, with their numbers where there is more than one of them. */
function kindsOf(findings: readonly ReportFinding[]): string[] {
  const kinds = new Map<string, number>();
  for (const { kind } of findings) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const isOne = [...groupFindings(findings)].length === 1 && kinds.size === findings.length;
  return [...kinds].map(([kind, number]) => (isOne ? kind : `${number} ${kind}`));
}

function subjectsOf(failing: readonly ReportFinding[]): string {
  const groups = [...groupFindings(failing)];
  const changes = groups.filter(([first]) => first?.event_id !== undefined).length;
  const others = groups.length - changes;
  const parts = [
    ...(changes > 0 ? [count(changes, 'change')] : []),
    ...(others > 0 ? [count(others, changes > 0 ? 'other finding' : 'finding')] : []),
  ];
  return parts.join(' and ');
}

/** That nothing was judged, where no changes could be read. */
function blindness(report: Report): string | undefined {
  if (!isBlind(report)) return undefined;
  const changes = report.sources.filter(({ side }) => side === 'changes');
  return `nothing could be judged (no changes could be read of ${count(changes.length, 'source')})`;
}

function verdictTone(report: Report): Tone {
  const { findings = [], complete } = report;
  if (findings.some(isFailing)) return 'bad';
  return complete && !isReportOnly(report) ? 'good' : 'warn';
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

/** One line for each change or deploy of which nothing counts, with the reason; those that nobody accepted first. */
function acceptedParagraphs(findings: readonly ReportFinding[]): Paragraph[] {
  const accepted = findings.filter(finding => finding.accepted !== undefined);
  const subjects = [...groupFindings(accepted)].sort(
    ([a], [b]) => Number(b !== undefined && isToldBefore(b)) - Number(a !== undefined && isToldBefore(a)),
  );
  if (subjects.length === 0) return [];
  const left = subjects.length - MOST_ACCEPTED;
  return [
    { text: 'Found, and not counted', tones: { text: 'strong' } },
    ...subjects.slice(0, MOST_ACCEPTED).flatMap(acceptedParagraph),
    ...moreLine(left, 'not counted', '  '),
    { text: '' },
  ];
}

function acceptedParagraph(subject: readonly ReportFinding[]): Paragraph[] {
  const [first] = subject;
  if (first === undefined) return [];
  const kinds = subject.map(({ kind }) => kind).join(', ');
  const reasons = [...new Set(subject.flatMap(({ accepted }) => accepted ?? []))].join('; ');
  const text = `${first.component}  ${kinds}: ${reasons}`;
  return [{ first: `  · ${toPlainTime(first.time)}  `, text, rest: '      ', tones: { text: 'soft' } }];
}
