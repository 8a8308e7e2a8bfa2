import type { OptionTable, Origin } from './option.ts';
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
    const value = option.secret ? describeSecret(String(raw)) : toText(raw);
    return { name, value, origin, source: origin === 'file' ? file : origin === 'default' ? origin : source };
  });
}

/** What may be told of a secret: that it is there, and whether it is about as long as it should be. */
export function describeSecret(value: string): string {
  return `(${value.length} characters, not shown)`;
}

function toText(raw: RawValue): string {
  const items = typeof raw === 'string' ? raw.split(/\r?\n/) : [raw].flat();
  return hidePassword(items.filter(item => item !== '').join(', '));
}

/** The text without user and password of a URL, or of a proxy that is written without a scheme. */
export function hidePassword(text: string): string {
  return text.replace(/(:\/\/|^(?=[^/@\s]*:[^/@\s]*@)).*@/, '$1(not shown)@');
}
