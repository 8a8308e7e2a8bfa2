const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSED_LIST = 0x5d;
const U = 0x75;
const OPEN = 0x7b;
const CLOSED = 0x7d;
const DIGITS_OF_U = 4;
/** Deeper values are left to JSON.parse: our own bound, far above what CloudTrail writes. */
const DEEPEST = 64;
const LITERALS = ['true', 'false', 'null'].map(text => Buffer.from(text));

/** By bytes: 1 for those that stand for themselves in a text, that may follow a backslash, that are digits behind a `u`. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x80);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;
const ESCAPED = markedIn('"\\/bfnrt');
const HEX = markedIn('0123456789abcdefABCDEF');

function markedIn(text: string): Uint8Array {
  const marks = new Uint8Array(256);
  for (const byte of Buffer.from(text)) marks[byte] = 1;
  return marks;
}

/**
 * The place after the JSON value that begins here, if it is plain: all there, in ASCII, and without white space between its parts, as
 * CloudTrail writes it. 0 for any other, be it JSON or not. What is plain is JSON, whatever stands behind it.
 */
export function endOfValue(bytes: Buffer, at: number): number {
  return endOf(bytes, at, DEEPEST);
}

function endOf(bytes: Buffer, at: number, left: number): number {
  if (at >= bytes.length || left === 0) return 0;
  const byte = bytes[at] ?? 0;
  if (byte === QUOTE) return endOfText(bytes, at);
  if (byte === OPEN) return endOfObject(bytes, at + 1, left);
  if (byte === OPEN_LIST) return endOfList(bytes, at + 1, left);
  if (byte === MINUS || (byte >= ZERO && byte <= NINE)) return endOfNumber(bytes, at);
  for (const literal of LITERALS) if (isAt(literal, bytes, at)) return at + literal.length;
  return 0;
}

/** The place after the text that begins here, as {@link endOfValue}; 0 also for what is no text. */
export function endOfText(bytes: Buffer, from: number): number {
  const { length } = bytes;
  if (from >= length || bytes[from] !== QUOTE) return 0;
  let at = from + 1;
  while (at < length) {
    const byte = bytes[at] ?? 0;
    if (PLAIN[byte] === 1) at += 1;
    else if (byte === QUOTE) return at + 1;
    else {
      at = byte === BACKSLASH ? endOfEscape(bytes, at + 1) : 0;
      if (at === 0) return 0;
    }
  }
  return 0;
}

/** The same for a text without escapes, which is what stands between its quotes. */
export function endOfPlainText(bytes: Buffer, from: number): number {
  const { length } = bytes;
  if (from >= length || bytes[from] !== QUOTE) return 0;
  let at = from + 1;
  while (at < length && PLAIN[bytes[at] ?? 0] === 1) at += 1;
  return at < length && bytes[at] === QUOTE ? at + 1 : 0;
}

function endOfEscape(bytes: Buffer, at: number): number {
  const byte = bytes[at] ?? 0;
  if (ESCAPED[byte] === 1) return at + 1;
  const end = at + 1 + DIGITS_OF_U;
  if (byte !== U || end > bytes.length) return 0;
  for (let digit = at + 1; digit < end; digit += 1) if (HEX[bytes[digit] ?? 0] === 0) return 0;
  return end;
}

function endOfObject(bytes: Buffer, from: number, left: number): number {
  const { length } = bytes;
  if (from < length && bytes[from] === CLOSED) return from + 1;
  let at = from;
  while (at < length) {
    const key = endOfText(bytes, at);
    if (key === 0 || key >= length || bytes[key] !== COLON) return 0;
    at = endOf(bytes, key + 1, left - 1);
    if (at === 0 || at >= length) return 0;
    if (bytes[at] === CLOSED) return at + 1;
    if (bytes[at] !== COMMA) return 0;
    at += 1;
  }
  return 0;
}

function endOfList(bytes: Buffer, from: number, left: number): number {
  const { length } = bytes;
  if (from < length && bytes[from] === CLOSED_LIST) return from + 1;
  let at = from;
  while (at < length) {
    at = endOf(bytes, at, left - 1);
    if (at === 0 || at >= length) return 0;
    if (bytes[at] === CLOSED_LIST) return at + 1;
    if (bytes[at] !== COMMA) return 0;
    at += 1;
  }
  return 0;
}

/** Without an exponent, which CloudTrail does not write. */
function endOfNumber(bytes: Buffer, from: number): number {
  const first = bytes[from] === MINUS ? from + 1 : from;
  const whole = endOfDigits(bytes, first);
  const hasZeroBefore = bytes[first] === ZERO && whole > first + 1;
  if (whole === first || hasZeroBefore) return 0;
  if (whole >= bytes.length || bytes[whole] !== POINT) return whole;
  const end = endOfDigits(bytes, whole + 1);
  return end === whole + 1 ? 0 : end;
}

function endOfDigits(bytes: Buffer, from: number): number {
  let at = from;
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) break;
  }
  return at;
}

/** Whether these bytes stand at a place among others. */
export function isAt(text: Uint8Array, bytes: Buffer, at: number): boolean {
  const { length } = text;
  if (at + length > bytes.length) return false;
  for (let rank = 0; rank < length; rank += 1) if (text[rank] !== bytes[at + rank]) return false;
  return true;
}

/** The same for a text of ASCII. */
export function isTextAt(text: string, bytes: Buffer, at: number): boolean {
  const { length } = text;
  if (at + length > bytes.length) return false;
  for (let rank = 0; rank < length; rank += 1) if (text.charCodeAt(rank) !== bytes[at + rank]) return false;
  return true;
}
