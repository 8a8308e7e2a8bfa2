import { type StyledLine, toPlainText } from '../core/base/styled-line.ts';
import { wantsLook } from '../core/findings/report-entry.ts';
import type { Drift } from '../core/investigate/drift.ts';
import type {
  InvestigatedChange,
  Investigation,
  Stray,
  SummaryLine,
} from '../core/investigate/investigation.ts';
import { describeRequest } from '../core/investigate/request.ts';
import { describeDifference, describeDriftDifference } from '../core/investigate/summary.ts';
import { deployHeadParagraphs } from './deploy-text.ts';
import { type Clean, layOutLines, type Paragraph } from './plain-text.ts';
import {
  freshParagraphs,
  headParagraphs,
  moreLine,
  moreParagraphs,
  STANDING_TONE,
  totalParagraphs,
} from './trace-table.ts';
import { gapParagraphs } from './words/gap-words.ts';
import {
  describeDriftHead,
  describeLook,
  describeRecording,
  describeStanding,
} from './words/investigate-words.ts';
import { describeMaker, STANDING_SIGN, toPlainTime } from './words/report-words.ts';

const MOST_DEPLOYS = 10;
const MOST_CHANGES = 40;
const MOST_LINES = 20;
const MOST_STRAYS = 10;
const MOST_RESOURCES = 20;
const EMPTY: Paragraph = { text: '' };
const INDENT = '    ';

/**
 * The answer of `investigate` for a terminal: the summary, then the deploys, then each change with what it asked for and what AWS Config
 * recorded, then drift, then what is missing. As narrow and as harmless to a terminal as the table of `trace`.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderInvestigation(report: Investigation, clean: Clean = text => text): string {
  return toPlainText(investigationLines(report, clean));
}

/** The lines of {@link renderInvestigation}, in pieces that may be coloured. */
export function investigationLines(report: Investigation, clean: Clean = text => text): StyledLine[] {
  const { summary, deploys, changes, strays, drift } = report;
  const isNews = createNewsTest();
  const paragraphs = [
    ...headParagraphs(report),
    EMPTY,
    ...summary.map(summaryParagraph),
    EMPTY,
    ...titleParagraphs('Deploys', deploys),
    ...deploys.slice(0, MOST_DEPLOYS).flatMap(deploy => [...deployHeadParagraphs(deploy), EMPTY]),
    ...moreParagraphs(deploys.length - MOST_DEPLOYS, 'deploys', ''),
    ...titleParagraphs('Changes', changes),
    ...changes.slice(0, MOST_CHANGES).flatMap(change => changeParagraphs(change, report, isNews(change))),
    ...moreParagraphs(changes.length - MOST_CHANGES, 'changes', ''),
    ...strayParagraphs(strays),
    ...titleParagraphs('Drift', drift),
    ...drift.flatMap(driftParagraphs),
    ...totalParagraphs(report),
    ...freshParagraphs(report),
    ...gapParagraphs(report),
  ];
  return layOutLines(paragraphs, clean);
}

function titleParagraphs(title: string, entries: readonly unknown[]): Paragraph[] {
  return entries.length === 0 ? [] : [{ text: title, tones: { text: 'strong' } }, EMPTY];
}

function summaryParagraph({ topic, text }: SummaryLine): Paragraph {
  return { first: `  ${topic.padEnd(6)}  `, text, tones: { first: 'strong' } };
}

/** Where AWS Config records nothing, it does so of every change: the sentence stands once for each account and Region. */
function createNewsTest(): (change: InvestigatedChange) => boolean {
  const told = new Set<string>();
  return ({ account, region, recorded }) => {
    if (recorded.state !== 'not-recorded' && recorded.state !== 'not-read') return true;
    const sentence = JSON.stringify([account, region, describeRecording(recorded)]);
    const isNews = !told.has(sentence);
    told.add(sentence);
    return isNews;
  };
}

function changeParagraphs(change: InvestigatedChange, report: Investigation, isNews: boolean): Paragraph[] {
  const { time, action, component, account, region, request, recorded, event_id } = change;
  const standing = describeStanding(change, report);
  const isKnown = standing.startsWith(change.standing);
  const tone = isKnown ? STANDING_TONE[change.standing] : 'soft';
  const asked = request === null ? [] : describeRequest(request);
  return [
    {
      first: `  ${toPlainTime(time)}  `,
      text: `${action}  ${component} in ${account} ${region}`,
      rest: INDENT,
      tones: { text: 'strong' },
    },
    {
      first: `${INDENT}${isKnown ? STANDING_SIGN[change.standing] : '·'} `,
      text:
        isKnown && wantsLook(change)
          ? standing.toUpperCase().slice(0, standing.indexOf(':')) + standing.slice(standing.indexOf(':'))
          : standing,
      tones: { first: tone, text: tone },
    },
    { first: `${INDENT}by `, text: describeMaker(change) },
    ...listParagraphs(`${INDENT}asked `, asked),
    ...(isNews ? [{ first: `${INDENT}then  `, text: describeRecording(recorded) }] : []),
    ...listParagraphs(`${INDENT}      `, recorded.differences.map(describeDifference)),
    { first: `${INDENT}event `, text: event_id, tones: { first: 'soft', text: 'soft' } },
    EMPTY,
  ];
}

function listParagraphs(first: string, lines: readonly string[]): Paragraph[] {
  const rest = ' '.repeat(first.length);
  const shown = lines
    .slice(0, MOST_LINES)
    .map((text, rank) => ({ first: rank === 0 ? first : rest, text, rest: `${rest}  ` }));
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...shown, { first: rest, text: `… and ${left} more, see --json` }] : shown;
}

function strayParagraphs(strays: readonly Stray[]): Paragraph[] {
  if (strays.length === 0) return [];
  return [
    { text: 'Recorded by AWS Config, and no change that was found accounts for it' },
    EMPTY,
    ...strays
      .slice(0, MOST_STRAYS)
      .flatMap(({ component, account, region, before_at, after_at, state, differences }) => [
        {
          first: `  ${toPlainTime(after_at)}  `,
          text: `${component} in ${account} ${region} ${state === 'changed' ? 'differs' : `was ${state}`} since ${toPlainTime(before_at)}`,
          rest: INDENT,
        },
        ...listParagraphs(`${INDENT}      `, differences.map(describeDifference)),
        EMPTY,
      ]),
    ...moreParagraphs(strays.length - MOST_STRAYS, 'differences', '  '),
  ];
}

function driftParagraphs(drift: Drift): Paragraph[] {
  const look = describeLook(drift);
  const left = drift.resources.length - MOST_RESOURCES;
  return [
    { first: '  ', text: describeDriftHead(drift), rest: INDENT },
    ...(look === undefined ? [] : [{ first: INDENT, text: look }]),
    ...drift.notes.map(text => ({ first: INDENT, text })),
    ...drift.resources.slice(0, MOST_RESOURCES).flatMap(({ logical_id, type, state, differences }) => [
      { first: INDENT, text: `${logical_id} (${type}): ${state}`, rest: `${INDENT}  ` },
      ...listParagraphs(
        `${INDENT}  `,
        differences.map(each => {
          const by = each.event_id === undefined ? '' : `, by event ${each.event_id}`;
          return `${describeDriftDifference(each)}${each.expected === undefined && each.actual === undefined ? '' : ' (expected → actual)'}${by}`;
        }),
      ),
    ]),
    ...moreLine(left, 'resources', INDENT),
    EMPTY,
  ];
}
