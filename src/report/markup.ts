import { toVisible } from '../errors/visible-text.ts';
import { bound } from './plain-text.ts';

/** A piece of HTML or XML that is finished: what came from outside is escaped in it. */
export interface Markup {
  readonly markup: string;
}

/** What a {@link markup} template takes: text is escaped, markup is not, lists are joined, nothing leaves nothing. */
export type MarkupValue = string | number | Markup | readonly (Markup | undefined)[] | undefined;

// From here on a text is looked at closely.
const LONG = 4_000;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Template tag that escapes every text put into it, so that forgetting to is not possible. Attribute values need quotes. */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return { markup: parts.reduce((text, part, i) => text + toText(values[i - 1]) + part) };
}

/** Markup that this program wrote itself, such as a style sheet. Never for what comes from outside. */
export function trusted(text: string): Markup {
  return { markup: text };
}

function toText(value: MarkupValue): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  // Most values are plain words: a page has tens of thousands of them.
  if (typeof value === 'string' && value.length < LONG && /^[\w :.,@/-]*$/.test(value)) return value;
  if (typeof value === 'string') return escapeText(bound(toVisible(value)));
  return 'markup' in value ? value.markup : value.map(toText).join('');
}

/** What may be written to a log as well: `##[` begins a command of a runner's, and looks the same when escaped. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign).replace(/##(?=\w*\[)/g, '#&#35;');
}
