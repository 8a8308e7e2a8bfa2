import { compilePattern } from '../base/pattern.ts';

/**
 * Whether `text` fits a pattern as a whole: `*` stands for any characters, none included, and `?` for one; case counts.
 *
 * @param hasEscapes whether `${*}`, `${?}` and `${$}` stand for the character itself, as in policies that have variables.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function fitsPattern(pattern: string, text: string, hasEscapes: boolean): boolean {
  if (!hasEscapes) return compilePattern([...pattern])([...text]);
  return compilePattern(pattern.match(/\$\{[*?$]\}|./gsu) ?? [], toLiteral)([...text]);
}

/** The text with `${*}`, `${?}` and `${$}` replaced by the character that they stand for. */
export function toLiteral(text: string): string {
  return text.replace(/\$\{([*?$])\}/g, '$1');
}
