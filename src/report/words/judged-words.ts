import { DEFAULT_FAIL_ON } from '../../core/findings/finding.ts';
import type { JudgedBy, JudgedSetting, JudgingRun, Report } from '../../core/findings/report.ts';
import { type Markup, markup } from '../markup.ts';
import type { Clean, Paragraph } from '../plain-text.ts';
import { toPlainTime } from './report-words.ts';

/** Heads what an audit was judged by. */
const HEAD = 'Judged by';
/** Characters of a digest in text, as git and others cut theirs; page and JSON have it whole. */
const SHORT_DIGEST = 12;
/** As many accounts are named; JSON has them all. */
const MOST_ACCOUNTS = 50;

/** What was set, in a paragraph for a terminal; page and JSON tell the defaults as well. */
export function judgedParagraphs({ judged_by: by }: Report): Paragraph[] {
  if (by === undefined) return [];
  const set = by.settings.filter(({ from, values }) => from !== 'default' && values.length > 0);
  const told = [
    ...(isUsual(by) ? [] : [`--fail-on ${failOnOf(by)}`]),
    ...set.map(setting => toFlag(setting, by)),
  ];
  const text = told.length === 0 ? `${HEAD} ${by.tool}` : `${HEAD} ${by.tool}: ${told.join(' ')}`;
  return [{ text, rest: '  ', tones: { text: 'soft' } }];
}

/** All of it, for the page. */
export function renderJudged(report: Report): Markup | undefined {
  const { judged_by: by } = report;
  if (by === undefined) return undefined;
  const rows = judgedRows(report, by).map(
    ([name, text, note]) =>
      markup`<div><dt>${name}</dt><dd>${text}${note === '' ? undefined : markup` <small>${note}</small>`}</dd></div>`,
  );
  return markup`<section aria-labelledby="judged"><h2 id="judged">${HEAD}</h2>
<p class="sub">The same question, asked again with these and of the same sources, has the same answer; but entries of an allow list may have ended since, and explanations may have been made.</p>
<div class="one"><dl class="fields judged k">${rows}</dl></div></section>`;
}

/** All of it as properties of a test suite. */
export function toJudgedProperties(report: Report, clean: Clean): Markup | undefined {
  const { judged_by: by } = report;
  if (by === undefined) return undefined;
  const properties = judgedRows(report, by).map(
    ([name, text, note]) =>
      markup`<property name="${clean(name)}" value="${clean([text, note].filter(Boolean).join(' '))}"/>
`,
  );
  return markup`<properties>
${properties}</properties>
`;
}

type Row = readonly [name: string, text: string, note: string];

function judgedRows({ from, until, question }: Report, by: JudgedBy): Row[] {
  const asked = Object.entries(question).map(([flag, value]) => `--${flag} ${value}`);
  const left = by.accounts.length - MOST_ACCOUNTS;
  const accounts = by.accounts.slice(0, MOST_ACCOUNTS).join(', ');
  return [
    ['program', by.tool, ''],
    ...(by.run === undefined ? [] : [['asked by', describeRun(by.run), ''] as const]),
    ['time', `${toPlainTime(from)} to ${toPlainTime(until)} UTC`, asked.join(' ')],
    ['accounts seen', accounts === '' ? 'none' : accounts, left > 0 ? `and ${left} more, see --json` : ''],
    ['--fail-on', failOnOf(by, ', '), failOnNote(by)],
    ...by.settings.map((setting): Row => {
      const text = setting.values.length === 0 ? (setting.unset ?? 'none') : setting.values.join(', ');
      return [
        `--${setting.flag}`,
        text,
        [digestOf(setting, by), ORIGIN_WORDS[setting.from]].filter(Boolean).join(' · '),
      ];
    }),
  ];
}

const ORIGIN_WORDS: Readonly<Record<JudgedSetting['from'], string>> = {
  flag: '',
  environment: 'from a variable',
  file: 'from the settings file',
  default: 'by default',
};

function failOnOf({ fail_on }: JudgedBy, separator = ','): string {
  return fail_on.length === 0 ? 'none' : fail_on.join(separator);
}

function failOnNote(by: JudgedBy): string {
  if (by.fail_on.length === 0) return 'but tampered-log always fails';
  return isUsual(by) ? ORIGIN_WORDS.default : '';
}

function isUsual({ fail_on }: JudgedBy): boolean {
  return fail_on.join() === DEFAULT_FAIL_ON.join();
}

function toFlag(setting: JudgedSetting, by: JudgedBy): string {
  const { flag, values } = setting;
  const digest = digestOf(setting, by, SHORT_DIGEST);
  const value = values.join(',') === 'true' ? '' : ` ${values.join(',')}`;
  return `--${flag}${value}${digest === '' ? '' : ` (${digest})`}`;
}

function digestOf({ flag }: JudgedSetting, { files }: JudgedBy, characters?: number): string {
  const file = files.find(each => each.flag === flag);
  return file === undefined ? '' : `sha256 ${file.sha256.slice(0, characters)}`;
}

function describeRun({ system, repository, ref, git_sha, triggered_by, url }: JudgingRun): string {
  const by = triggered_by === undefined ? undefined : `started by ${triggered_by}`;
  const from = [repository, ref, git_sha].filter(Boolean).join(' ');
  return [system, from, by, url].filter(Boolean).join(', ');
}
