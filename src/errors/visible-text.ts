// Most texts are, and this is quicker to see.
const PLAIN = /^[ -~]*$/;
const PLAIN_LINES = /^[\n -~]*$/;
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * The text with everything that a reader cannot see as `\u001b`: controls, escape sequences, marks that turn the writing
 * direction, line breaks, lone surrogates, code points that are no characters. What is left is legal in XML 1.0 as well.
 */
export function toVisible(text: string): string {
  if (PLAIN.test(text)) return text;
  return replaceUnseen(text, character => {
    const hex = toHex(character.codePointAt(0) ?? 0);
    return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex}`;
  });
}

/**
 * Controls (C0, C1), marks that turn the writing direction or join and hide, lone surrogates, code points that are no characters, line
 * and paragraph separators. V8 collects the characters of a property as soon as it reads a literal that names it, a tenth of a millisecond
 * and more; the bundle makes such a pattern when it is run, if the property stands outside of brackets and the pattern in a function.
 */
function replaceUnseen(text: string, write: (character: string) => string): string {
  return text.replace(/\p{C}|\p{Zl}|\p{Zp}/gu, write);
}

/** The text in one line, in words that a reader sees: line breaks become blanks, what else cannot be seen `\u001b`. */
export function toOneLine(text: string): string {
  const lines = text.split(LINE_BREAK);
  if (lines.length === 1) return toVisible(text);
  return toVisible(
    lines
      .map(line => line.trim())
      .filter(Boolean)
      .join(' '),
  );
}

/** JSON of the same value in which nothing steers a terminal or a runner: in JSON, what cannot be seen stands in texts alone. */
export function toVisibleJson(json: string): string {
  const plain = PLAIN_LINES.test(json)
    ? json
    : replaceUnseen(json, character => (character === '\n' ? character : toUnits(character)));
  return plain.replace(MARKED, '#\\u0023');
}

// What runners take for their commands: GitHub's anywhere after the blanks that a line begins with, or, in the older form,
// anywhere (`##[add-mask]`), as do Azure Pipelines (`##vso[`) and TeamCity (`##teamcity[`).
// https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
const LED = /^(\s*):(?=:)/;
const MARKED = /##(?=\w*\[)/g;

/** Lines of a text, each of which stays what it is, a line to read: no terminal and no runner of a CI takes it for a command. */
export function toHarmlessLines(text: string): string {
  return text
    .split('\n')
    .map(line => {
      const visible = toVisible(line);
      if (!visible.includes('::') && !visible.includes('##')) return visible;
      return visible.replace(LED, '$1\\u003a').replace(MARKED, '#\\u0023');
    })
    .join('\n');
}

function toUnits(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${toHex(unit.charCodeAt(0))}`)
    .join('');
}

function toHex(code: number): string {
  return code.toString(16).padStart(4, '0');
}
