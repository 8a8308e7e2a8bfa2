import type { Option, OptionTable, Origin } from './option.ts';
import { findValue, type OptionSources, type RawValue } from './resolve.ts';

/** A setting as it counts in this run. */
export interface Setting {
  /** The flag without its dashes, or a variable that AWS's own tools read too. */
  readonly name: string;
  /** Null where nothing sets it. */
  readonly value: string | null;
  readonly origin: Origin | 'ci';
  /** Where it comes from, for people: a flag, a variable, the file, a CI system. */
  readonly source: string;
}

/** Every setting of a table with its value and where it comes from, by the published precedence. Secrets are not shown. */
export function describeSettings(table: OptionTable, sources: OptionSources, file: string): Setting[] {
  return Object.entries(table).map(([name, option]) => {
    const { raw, origin, source } = findValue(name, option, sources);
    if (raw === undefined) return { name, value: null, origin, source: 'not set' };
    const value = isSecret(option, raw) ? describeSecret(String(raw)) : toText(raw);
    return { name, value, origin, source: origin === 'file' ? file : origin === 'default' ? origin : source };
  });
}

/** The values of settings that nothing may show. */
export function secretsOf(table: OptionTable, sources: OptionSources): string[] {
  return Object.entries(table).flatMap(([name, option]) => {
    if (option.secret === undefined) return [];
    const { raw } = findValue(name, option, sources);
    return raw !== undefined && isSecret(option, raw) ? [String(raw)] : [];
  });
}

/** A webhook or a token is easily written where the name of its variable belongs. */
function isSecret({ secret }: Option, raw: RawValue): boolean {
  return secret === 'unless a name' ? !/^[A-Za-z_]\w{0,63}$/.test(String(raw)) : secret === true;
}

/** What may be told of a secret: that it is there, and whether it is about as long as it should be. */
export function describeSecret(value: string): string {
  return `(${value.length} characters, not shown)`;
}

function toText(raw: RawValue): string {
  const items = typeof raw === 'string' && raw.includes('\n') ? raw.split(/\r?\n/) : [raw].flat().map(String);
  return items
    .filter(item => item !== '')
    .map(item => (/^https?:/i.test(item) ? hidePassword(item) : item))
    .join(', ');
}

// A host and port; and a URL that comes out of its parser as it went in, which takes longer.
const PLAIN =
  /^(?:[\w.-]+(?::\d+)?\/?|https?:\/\/(?!.*xn--)[a-z][a-z\d-]*(?:\.[a-z][a-z\d-]*)*(?::[1-9]\d{3})?)$/;

/**
 * A URL, or a host and port, without what may be secret: user, password and query. What cannot be read as either may be a
 * misspelt one with a password, and is not shown at all.
 */
export function hidePassword(text: string): string {
  if (PLAIN.test(text)) return text;
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return describeSecret(text);
  const { protocol, username, host, pathname, search } = new URL(text);
  const user = username === '' ? '' : '(not shown)@';
  return `${protocol}//${user}${host}${pathname === '/' ? '' : pathname}${search === '' ? '' : '?(not shown)'}`;
}
