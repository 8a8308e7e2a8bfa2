import type { FlagText } from '../../src/commands/help/text.ts';
import type { Option } from '../../src/config/option.ts';
import type { TextFile } from './repository.ts';

/** What help has to say of a value, by the word that stands for it. */
const UNITS: Readonly<Record<string, RegExp>> = {
  DURATION: /\b\d+(?:ms|s|m|h)\b.*a bare number is seconds/,
  SECONDS: /\bseconds\b/,
  TIME: /\bISO 8601\b|\bforms that --since takes\b/,
  N: /\b(?:times|requests a second|pages)\b/,
  SHA: /\b(?:hexadecimal )?characters\b/,
  PATTERN: /\* and \?/,
};

/** Where help tells of a flag what it does, it is in one form. */
export function flagProblems(flag: string, option: Option, text: FlagText): string[] {
  const { type, value } = option;
  const { describe, group } = text;
  const problems: string[] = [];
  if (!/^[A-Z][a-z]+ \S.*\.$/.test(describe)) problems.push('is no sentence');
  if (/\. [^A-Z-]|\.\.|\n| {2}/.test(describe)) problems.push('is not made of sentences');
  if (describe.length > 150) problems.push(`has ${describe.length} characters, over 150`);
  if (/\bdefaults?\b(?!\.$)|\brepeat/i.test(describe)) problems.push('says what help says of every flag');
  if (!/^[A-Z].*:$/.test(group)) problems.push('stands under no heading');
  if ((type === 'boolean') !== (value === undefined)) problems.push('has a value, or none, unlike its type');
  const unit = UNITS[value ?? ''];
  if (unit !== undefined && !unit.test(describe)) problems.push(`does not say what ${value} is counted in`);
  return [...problems, ...defaultProblems(option, text)].map(problem => `--${flag} ${problem}`);
}

function defaultProblems({ type, default: standard }: Option, { unset }: FlagText): string[] {
  if (type === 'boolean') return standard === undefined && unset === undefined ? [] : ['has a default'];
  if ((standard === undefined) === (unset === undefined)) return ['names no default, or two'];
  return unset === undefined || /^\S.*[^.\s]$/.test(unset) ? [] : ['has a default with a full stop'];
}

/** How the source reads values: flags by the word that has to stand for their value. */
const PARSERS: readonly (readonly [call: RegExp, value: string])[] = [
  [/\bparse(?:Duration|Span)\([^()]*,\s*'--([a-z-]+)'/g, 'DURATION'],
  [/\bparse(?:Instant|Moment)\([^()]*,\s*'--([a-z-]+)'/g, 'TIME'],
];

/** Flags that the source reads as a time or a span, with the word that stands for it. */
export function readAs(files: readonly TextFile[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { text } of files) {
    for (const [call, value] of PARSERS) {
      for (const [, flag = ''] of text.matchAll(call)) found.set(flag, value);
    }
  }
  return found;
}
