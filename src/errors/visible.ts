// Control characters, and what reorders or hides text.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
// Of a text in several lines, line breaks and tabs stay.
const UNSEEN_IN_LINES = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Every character that nobody sees, or that moves others, as JSON would escape it: `\u001b`. Within a JSON text it means the same. */
export function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, toEscapes);
}

/** {@link escapeUnseen} for a text of ours that may have several lines. */
export function escapeUnseenInLines(text: string): string {
  return text.replace(UNSEEN_IN_LINES, toEscapes);
}

/** A text from outside as a part of one line: line breaks become blanks, and nothing else in it moves the cursor or turns the text. */
export function toOneLine(text: string): string {
  return escapeUnseen(text.replace(/\s*[\n\r\u2028\u2029]\s*/g, ' '));
}

function toEscapes(character: string): string {
  return character
    .split('')
    .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
