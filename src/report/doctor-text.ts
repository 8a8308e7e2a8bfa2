import type { DoctorCheck } from '../core/doctor-check.ts';
import { count, LINE_CELLS, toVisible, wrap } from './plain-text.ts';

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
}

/**
 * The answer of `doctor` for a terminal: settings with where they come from, those that nothing sets, the checks. Lines take at
 * most {@link LINE_CELLS} cells, except for words that are longer: an ARN can be copied whole.
 */
export function renderDoctor({ settings, checks }: DoctorReport): string {
  const given = settings.filter(({ value }) => value !== null);
  const unset = settings.filter(({ value }) => value === null).map(({ name }) => name);
  const width = Math.max(...given.map(({ name }) => name.length));
  const lines = [
    'Settings',
    ...given.flatMap(setting => settingLines(setting, width)),
    ...(unset.length === 0 ? [] : wrap(unset.join(', '), { first: '  not set: ', most: Infinity })),
    '',
    'Checks',
    ...checks.flatMap(checkLines),
    '',
    countLine(checks),
  ];
  return lines.map(line => `${line.trimEnd()}\n`).join('');
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

function checkLines({ name, status, summary, details = [], next }: DoctorCheck): string[] {
  const first = `  ${status.padEnd(STATUS_WIDTH)}  ${name.padEnd(NAME_WIDTH)}  `;
  const under = ' '.repeat(first.length);
  const whole = { most: Infinity, keepsWords: true } as const;
  return [
    ...wrap(summary, { first, ...whole }),
    ...details.flatMap(detail => {
      const [, indent = '', text = ''] = /^( *)(.*)$/su.exec(detail) ?? [];
      return wrap(text, { first: `${under}${indent}`, ...whole });
    }),
    ...(next === undefined ? [] : wrap(next, { first: `${under}next: `, ...whole })),
  ];
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
