/**
 * Whether `text` fits a pattern as a whole: `*` stands for any characters, none included, and `?` for one; case counts.
 *
 * @param hasEscapes whether `${*}`, `${?}` and `${$}` stand for the character itself, as in policies that have variables.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
 */
export function fitsPattern(pattern: string, text: string, hasEscapes: boolean): boolean {
  const tokens = hasEscapes ? (pattern.match(/\$\{[*?$]\}|./gsu) ?? []) : [...pattern];
  // Once, since the loop may come by the same token as often as the text is long.
  const literals = tokens.map(toLiteral);
  const characters = [...text];
  let [at, star, retry] = [0, -1, 0];
  // Only the last star ever has to take more, so this needs no more steps than pattern times text.
  for (let place = 0; place < characters.length; ) {
    const token = tokens[at];
    if (token === '*') {
      star = at++;
      retry = place;
    } else if (token === '?' || literals[at] === characters[place]) {
      at += 1;
      place += 1;
    } else if (star < 0) {
      return false;
    } else {
      at = star + 1;
      retry += 1;
      place = retry;
    }
  }
  return tokens.slice(at).every(token => token === '*');
}

/** The text with `${*}`, `${?}` and `${$}` replaced by the character that they stand for. */
export function toLiteral(text: string): string {
  return text.replace(/\$\{([*?$])\}/g, '$1');
}
