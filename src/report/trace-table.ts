import { append } from '../core/base/append.ts';
import { type StyledLine, type Tone, toPlainText } from '../core/base/styled-line.ts';
import type { Report, ReportChange, ReportDeploy } from '../core/findings/report.ts';
import { wantsLook } from '../core/findings/report-entry.ts';
import { describeLocalRange } from '../core/time/local.ts';
import { type ChangeGroup, describeAction, eventParagraphs, groupChanges } from './change-groups.ts';
import { deployHeadParagraphs } from './deploy-text.ts';
import { type Clean, cellWidth, count, layOutLines, type Paragraph, pad } from './plain-text.ts';
import { gapParagraphs } from './words/gap-words.ts';
import {
  describeDeploys,
  describeMaker,
  describeNotSeen,
  describeStandings,
  describeStillToCome,
  describeTie,
  describeUnchanged,
  STANDING_SIGN,
  startOf,
  toPlainTime,
} from './words/report-words.ts';
import { describeNoMarkers } from './words/standing-words.ts';

// A terminal shows some hundred lines; who wants all of them pipes the JSON.
const MOST_DEPLOYS = 40;
const MOST_CHANGES_OF_DEPLOY = 12;
const MOST_OPEN_CHANGES = 40;

const EMPTY: Paragraph = { text: '' };

/** Colours of standings. */
export const STANDING_TONE: Readonly<Record<ReportChange['standing'], Tone>> = {
  explained: 'good',
  attested: 'good',
  'aws-service': 'soft',
  ambiguous: 'warn',
  coincident: 'warn',
  unexplained: 'bad',
};

/**
 * The answer of `trace` for a terminal: deploys, newest first, each with its changes; then what no deploy explains; then totals
 * and what is missing. Lines end with a line feed and take at most 80 cells, but for links that are
 * longer; nothing in them steers a terminal.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderTraceTable(report: Report, clean: Clean = text => text): string {
  return toPlainText(traceLines(report, clean));
}

/** The lines of {@link renderTraceTable}, in pieces that may be coloured. */
export function traceLines(report: Report, clean: Clean = text => text): StyledLine[] {
  const byDeploy = new Map<string, ReportChange[]>();
  for (const change of report.changes) {
    if (change.standing !== 'explained') continue;
    for (const id of change.deploys) append(byDeploy, id, change);
  }
  const paragraphs = [
    ...headParagraphs(report),
    EMPTY,
    ...report.deploys
      .slice(0, MOST_DEPLOYS)
      .flatMap(deploy => [...deployParagraphs(deploy, byDeploy.get(deploy.deploy_id) ?? []), EMPTY]),
    ...moreParagraphs(report.deploys.length - MOST_DEPLOYS, 'deploys', ''),
    ...openParagraphs(report),
    ...unchangedParagraphs(report),
    ...totalParagraphs(report),
    ...freshParagraphs(report),
    ...gapParagraphs(report),
  ];
  return layOutLines(paragraphs, clean);
}

/** Which time and which question the report is about. */
export function headParagraphs(report: Report): Paragraph[] {
  const { command, from, until, question } = report;
  const notSeen = describeNotSeen(report);
  const asked = Object.entries(question).map(([flag, value]) => `--${flag} ${value}`);
  const local = describeLocalRange(Date.parse(from), Date.parse(until));
  return [
    {
      first: `${command}  `,
      text: `${toPlainTime(from)} to ${toPlainTime(until)} UTC`,
      tones: { first: 'strong' },
    },
    ...(local === undefined ? [] : [{ first: ' '.repeat(command.length + 2), text: local }]),
    ...(asked.length > 0 ? [{ first: '  ', text: asked.join(' ') }] : []),
    ...(notSeen.length === 0
      ? []
      : [EMPTY, ...notSeen.map(text => ({ text, tones: { text: 'warn' as const } }))]),
  ];
}

function unchangedParagraphs(report: Report): Paragraph[] {
  const text = describeUnchanged(report).join(' ');
  return text === '' ? [] : [{ text, tones: { text: report.complete ? 'strong' : 'warn' } }, EMPTY];
}

/**
 * How many deploys and changes there are, and how the changes stand; nothing where nothing of the component was seen: its zeros would be
 * taken for an answer.
 */
export function totalParagraphs(report: Report): Paragraph[] {
  const { totals, not_seen } = report;
  if (not_seen !== undefined && totals.deploys + totals.changes === 0) return [];
  const standings = describeStandings(report);
  return [
    { text: `${count(totals.deploys, 'deploy')}, ${count(totals.changes, 'change')}` },
    ...(standings === '' ? [] : [{ text: standings }]),
  ];
}

/** That the last changes may still come, where nothing above says so. */
export function freshParagraphs(report: Report): Paragraph[] {
  const text = describeStillToCome(report).join(' ');
  return text === '' ? [] : [{ text, tones: { text: 'warn' } }];
}

/** Says how many things a list leaves out; nothing if it holds all. */
export function moreLine(left: number, noun: string, first: string): Paragraph[] {
  return left > 0 ? [{ first, text: `… and ${left.toLocaleString('en')} more ${noun}, see --json` }] : [];
}

/** The same with an empty line behind it, for a list that ends a part of the answer. */
export function moreParagraphs(left: number, noun: string, first: string): Paragraph[] {
  return moreLine(left, noun, first).flatMap(line => [line, EMPTY]);
}

function deployParagraphs(deploy: ReportDeploy, changes: readonly ReportChange[]): Paragraph[] {
  const groups = groupChanges(changes.toReversed());
  return [
    ...deployHeadParagraphs(deploy),
    ...ownChangeParagraphs(groups.slice(0, MOST_CHANGES_OF_DEPLOY), deploy),
    ...moreLine(groups.length - MOST_CHANGES_OF_DEPLOY, 'kinds of change', '    '),
  ];
}

function ownChangeParagraphs(groups: readonly ChangeGroup[], deploy: ReportDeploy): Paragraph[] {
  const actions = groups.map(group => describeAction(group));
  const widest = Math.min(34, Math.max(0, ...actions.map(cellWidth)));
  const only = deploy.components.length === 1 ? deploy.components[0] : undefined;
  const day = startOf(deploy).slice(0, 10);
  return groups.flatMap((group, i) => {
    const { first } = group;
    const time = first.time.startsWith(day) ? first.time.slice(11, 19) : toPlainTime(first.time);
    const isOwn = first.actor.session !== undefined && first.actor.session === deploy.role_session_name;
    const details = [
      first.component === only ? '' : first.component,
      isOwn ? '' : `by ${describeMaker(first)}`,
    ].filter(Boolean);
    const columns = [pad(actions[i] ?? '', widest), (first.rule ?? '').padEnd(8), details.join(' ')];
    const indent = ' '.repeat(14);
    return [
      { first: `    ${time}  `, text: columns.join('  '), rest: indent },
      ...eventParagraphs(group, indent),
    ];
  });
}

function openParagraphs(report: Report): Paragraph[] {
  const { changes, deploys } = report;
  const groups = groupChanges(changes.filter(change => change.standing !== 'explained').toReversed())
    .sort((a, b) => (a.last.time < b.last.time ? 1 : -1))
    .sort((a, b) => Number(wantsLook(b.last)) - Number(wantsLook(a.last)));
  if (groups.length === 0) return [];
  const byId = new Map(deploys.map(deploy => [deploy.deploy_id, deploy]));
  const unknown = describeNoMarkers(report);
  const title = unknown === undefined ? 'Changes that no deploy explains' : 'Changes';
  const show = unknown === undefined ? openChangeParagraphs : plainChangeParagraphs;
  return [
    { text: title, tones: { text: 'strong' } },
    ...(unknown === undefined ? [] : [{ text: unknown }]),
    EMPTY,
    ...groups.slice(0, MOST_OPEN_CHANGES).flatMap(group => show(group, byId)),
    ...moreParagraphs(groups.length - MOST_OPEN_CHANGES, 'kinds of change', '  '),
  ];
}

function openChangeParagraphs(group: ChangeGroup, deploys: ReadonlyMap<string, ReportDeploy>): Paragraph[] {
  const { last } = group;
  const word = wantsLook(last) ? last.standing.toUpperCase() : last.standing;
  const head = `  ${STANDING_SIGN[last.standing]} ${word.padEnd(11)}  `;
  return changeParagraphs(
    group,
    { head, tone: STANDING_TONE[last.standing], indent: ' '.repeat(17) },
    deploys,
  );
}

/** A change of which nothing tells whether a deploy made it. */
function plainChangeParagraphs(group: ChangeGroup, deploys: ReadonlyMap<string, ReportDeploy>): Paragraph[] {
  return changeParagraphs(group, { head: '  ', tone: 'strong', indent: '    ' }, deploys);
}

function changeParagraphs(
  group: ChangeGroup,
  { head, tone, indent }: { readonly head: string; readonly tone: Tone; readonly indent: string },
  deploys: ReadonlyMap<string, ReportDeploy>,
): Paragraph[] {
  const { last } = group;
  const tie = describeTie(last, describeDeploys(last, deploys));
  const details = [
    `${last.component} in ${last.account} ${last.region}`,
    `by ${describeMaker(last)}${tie === '' ? '' : `, ${tie}`}`,
    last.note ?? '',
  ].filter(Boolean);
  return [
    {
      first: `${head}${toPlainTime(last.time)}  `,
      text: describeAction(group),
      rest: indent,
      tones: { first: tone, text: 'strong' },
    },
    ...details.map(text => ({ first: indent, text })),
    ...eventParagraphs(group, indent),
    EMPTY,
  ];
}
