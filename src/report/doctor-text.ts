import type { DoctorCheck } from '../core/doctor-check.ts';
import { toVisible } from '../errors/visible-text.ts';
import { type Clean, count, LINE_CELLS, wrap } from './plain-text.ts';

/** A setting as it is told. */
export interface ToldSetting {
  readonly name: string;
  /** Null where nothing sets it. */
  readonly value: string | null;
  readonly source: string;
}

/** What `doctor` found. */
export interface DoctorReport {
  readonly settings: readonly ToldSetting[];
  readonly checks: readonly DoctorCheck[];
  /** Tells only what failed or is to be looked at. */
  readonly quiet?: boolean;
}

/**
 * The answer of `doctor` for a terminal: settings with where they come from, those that have their defaults, those that nothing sets, and
 * the checks, what is to be looked at and what failed last, for that is what a terminal still shows. Lines take at most {@link LINE_CELLS} cells, but for values of settings that are longer: an ARN can be copied whole.
 *
 * @param clean takes out what must not be shown; by default nothing
 */
export function renderDoctor(
  { settings, checks, quiet = false }: DoctorReport,
  clean: Clean = text => text,
): string {
  const told = quiet ? checks.filter(({ status }) => /^(?:warn|fail)$/.test(status)) : checks;
  const lines = [
    ...(quiet ? [] : ['Settings', ...settingsLines(settings), '', 'Checks']),
    ...told
      .toSorted((a, b) => URGENCY[a.status] - URGENCY[b.status])
      .flatMap(check => checkLines(check, clean)),
    ...(told.length === 0 ? [] : ['']),
    countLine(checks),
  ];
  return lines.map(line => `${line.trimEnd()}\n`).join('');
}

const URGENCY: Readonly<Record<DoctorCheck['status'], number>> = { ok: 0, skipped: 0, warn: 1, fail: 2 };

function settingsLines(settings: readonly ToldSetting[]): string[] {
  const known = settings.filter(({ value }) => value !== null);
  const given = known.filter(({ source }) => source !== 'default');
  const defaults = known.filter(({ source }) => source === 'default');
  const unset = settings.filter(({ value }) => value === null).map(({ name }) => name);
  const width = Math.max(...given.map(({ name }) => name.length));
  return [
    ...given.flatMap(setting => settingLines(setting, width)),
    ...(defaults.length === 0
      ? []
      : wrap({
          text: defaults.map(({ name, value }) => `${name} ${toVisible(value ?? '')}`).join(', '),
          first: '  default: ',
        })),
    ...(unset.length === 0 ? [] : wrap({ text: unset.join(', '), first: '  not set: ' })),
  ];
}

function settingLines({ name, value, source }: ToldSetting, width: number): string[] {
  const first = `  ${name.padEnd(width)}  `;
  const line = `${first}${toVisible(value ?? '')}`;
  const from = `(${toVisible(source)})`;
  if (line.length + 2 + from.length <= LINE_CELLS) return [`${line}  ${from}`];
  return [line, `${' '.repeat(first.length)}${from}`];
}

const STATUS_WIDTH = 'skipped'.length;
const NAME_WIDTH = 'channel-status'.length;

function checkLines({ name, status, summary, details = [], next }: DoctorCheck, clean: Clean): string[] {
  const start = `  ${status.padEnd(STATUS_WIDTH)}  `;
  const first = `${start}${name.padEnd(NAME_WIDTH)}  `;
  return [
    ...fold(clean(summary), first),
    ...details.flatMap(detail => {
      const [, label = '', text = ''] = /^( *(?:\w+ +)?)(.*)$/s.exec(clean(detail)) ?? [];
      return fold(text, `${' '.repeat(start.length)}${label}`);
    }),
    ...(next === undefined ? [] : fold(clean(next), `${' '.repeat(first.length)}next: `)),
  ];
}

/** Claims and patterns are longer than a line, and are compared with each other: they break at one and the same place. */
function fold(text: string, first: string): string[] {
  const cells = LINE_CELLS - first.length;
  const told = toVisible(text);
  if (told.length <= cells) return wrap({ text: told, first });
  const folded = told
    .split(' ')
    .map(word => (word.length <= cells ? word : piecesOf(word, cells).join(' ')))
    .join(' ');
  return wrap({ text: folded, first });
}

function piecesOf(word: string, length: number): string[] {
  return word.match(new RegExp(`.{1,${length}}`, 'gu')) ?? [];
}

function countLine(checks: readonly DoctorCheck[]): string {
  const of = (status: DoctorCheck['status']): number => checks.filter(each => each.status === status).length;
  const parts = [
    `${of('ok')} ok`,
    `${of('warn')} to look at`,
    `${of('fail')} failed`,
    `${of('skipped')} skipped`,
  ];
  return `${count(checks.length, 'check')}: ${parts.join(', ')}`;
}
