import { quote } from '../core/base/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { Env } from '../io/io.ts';
import { type Option, type OptionTable, type OptionValues, type Origin, twinOf } from './option.ts';

/** A raw value, before its type is checked. */
export type RawValue = string | boolean | readonly string[];

/** What the three outer sources say: flags as parsed, the environment, the configuration file. */
export interface OptionSources {
  readonly flags: Readonly<Record<string, RawValue | undefined>>;
  readonly env: Env;
  readonly file: Readonly<Record<string, RawValue | undefined>>;
}

/** Values of a command's flags, and where each came from. */
export interface Resolved<T extends OptionTable> {
  readonly values: OptionValues<T>;
  readonly origins: Readonly<Record<keyof T & string, Origin>>;
}

/**
 * Resolves flags by the published precedence: flag, environment, file, default. Empty means unset; but an empty value beside
 * others, or of a flag that narrows or chooses an identity, is refused: the unset variable of a script must not drop
 * something in silence. What the CI system says comes later, from the commands that know what it means.
 *
 * @throws DeployMarkerError USAGE if a value is not one of the flag's choices, not a boolean, or empty where it must not be.
 */
export function resolveOptions<T extends OptionTable>(table: T, sources: OptionSources): Resolved<T>;
export function resolveOptions(table: OptionTable, sources: OptionSources): Resolved<OptionTable> {
  const values: Record<string, string | boolean | readonly string[] | undefined> = {};
  const origins: Record<string, Origin> = {};
  for (const [name, option] of Object.entries(table)) {
    refuseEmpty(name, option, sources.flags[name]);
    const { raw, origin, source } = findValue(name, option, sources);
    values[name] = parseValue(option, raw, source);
    origins[name] = origin;
  }
  return { values: values as OptionValues<OptionTable>, origins };
}

/** A value as it was found. */
export interface Found {
  readonly raw: RawValue | undefined;
  readonly origin: Origin;
  /** How messages name the place. */
  readonly source: string;
}

/** Where the value of a flag comes from, by the published precedence. */
export function findValue(name: string, option: Option, { flags, env, file }: OptionSources): Found {
  if (isSet(option, flags[name])) return { raw: flags[name], origin: 'flag', source: `--${name}` };
  if (option.configurable !== false) {
    const twin = twinOf(name);
    const variable = isSet(option, env[twin]) ? twin : option.alsoFrom;
    if (variable !== undefined && isSet(option, env[variable]))
      return { raw: env[variable], origin: 'environment', source: variable };
    if (isSet(option, file[name]))
      return { raw: file[name], origin: 'file', source: `${name} in the configuration file` };
  }
  if (option.default !== undefined) return { raw: option.default, origin: 'default', source: `--${name}` };
  return { raw: undefined, origin: 'absent', source: `--${name}` };
}

/** @throws DeployMarkerError USAGE */
function refuseEmpty(name: string, option: Option, given: RawValue | undefined): void {
  const { type, refusesEmpty } = option;
  if (given === undefined || type === 'boolean') return;
  const items = typeof given === 'object' ? given : [given];
  const values = items.flatMap(item => splitNames(option, String(item)));
  const empty = values.filter(value => String(value).trim() === '').length;
  if (empty === 0 || (empty === values.length && refusesEmpty !== true)) return;
  const which = empty < values.length ? 'one of its values is empty' : 'its value is empty';
  throw new DeployMarkerError('USAGE', `--${name} is given, but ${which}`, {
    hint: `see whether a variable in the call is not set; leave --${name} out if it is not meant`,
  });
}

function isSet({ type }: Option, value: RawValue | undefined): boolean {
  return value !== undefined && value !== '' && (type !== 'list' || toList(value).length > 0);
}

function parseValue(option: Option, raw: RawValue | undefined, source: string): RawValue | undefined {
  switch (option.type) {
    case 'boolean':
      return parseBoolean(raw, source);
    case 'list':
      return toNames(option, toList(raw)).map(item => parseChoice(option, item, source));
    case 'string':
      return raw === undefined ? undefined : parseChoice(option, String(raw), source);
  }
}

/**
 * Reads a boolean as flags, variables and files write it; absent is false.
 *
 * @throws DeployMarkerError USAGE naming the source
 */
export function parseBoolean(raw: RawValue | undefined, source: string): boolean {
  if (raw === undefined || raw === false || raw === 'false' || raw === '0') return false;
  if (raw === true || raw === 'true' || raw === '1') return true;
  throw new DeployMarkerError('USAGE', `${source} must be true, false, 1 or 0, got ${quote(raw)}`);
}

/** Names come one by one, with commas between them, or both. */
function toNames(option: Option, values: readonly string[]): readonly string[] {
  return values
    .flatMap(value => splitNames(option, value))
    .map(name => name.trim())
    .filter(name => name !== '');
}

function splitNames({ isNames, separator }: Option, value: string): readonly string[] {
  return isNames === true ? value.split(separator ?? ',') : [value];
}

/**
 * A text, as of a variable, has one value on each line. What can be repeated, as a flag can, comes as a list, and a line break in
 * one of its values belongs to it.
 */
function toList(raw: RawValue | undefined): string[] {
  if (raw === undefined || typeof raw === 'boolean') return [];
  const values = typeof raw === 'string' ? raw.split('\n') : raw;
  return values.map(value => value.trim()).filter(value => value !== '');
}

/** Refuses what is none of the flag's choices. @throws DeployMarkerError USAGE naming the source */
export function parseChoice(option: Option, value: string, source: string): string {
  if (option.choices === undefined || option.choices.includes(value)) return value;
  throw new DeployMarkerError(
    'USAGE',
    `${source} must be one of ${option.choices.join(', ')}, got ${quote(value)}`,
    { hint: hintOfChoice(option.choices, value) },
  );
}

/** The one choice that begins most like the value; asked of nothing that takes time to load, for every start reads this file. */
function hintOfChoice(choices: readonly string[], value: string): string {
  const alike = choices.map(choice => {
    const differs = choice.split('').findIndex((letter, index) => letter !== value[index]?.toLowerCase());
    return { choice, letters: differs === -1 ? choice.length : differs };
  });
  const [first, second] = alike.sort((a, b) => b.letters - a.letters);
  const near = first !== undefined && first.letters > (second?.letters ?? 0) ? first : undefined;
  return near !== undefined && near.letters > 1
    ? `did you mean ${near.choice}?`
    : `pass one of ${choices.join(', ')}`;
}
