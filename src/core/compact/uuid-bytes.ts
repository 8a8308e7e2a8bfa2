const LENGTH = 36;
const HYPHEN = 0x2d;
const NO_DIGIT = 0xff;
const DIGITS = Buffer.from('0123456789abcdef');
/** Where the two digits of each of the 16 bytes stand in the text. */
const PLACES: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const HYPHENS: readonly number[] = [8, 13, 18, 23];
/** By the code of a character. */
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (const [value, code] of DIGITS.entries()) VALUES[code] = value;
const text = Buffer.alloc(LENGTH, HYPHEN);

/**
 * Puts the 16 bytes of a UUID, written as CloudTrail does, in small letters and with hyphens, into `bytes`. It is done once for
 * each change, and so without a text in between.
 *
 * @returns false for any other text; then what stands in the 16 bytes means nothing
 */
export function putUuid(uuid: string, bytes: Uint8Array, at: number): boolean {
  if (uuid.length !== LENGTH) return false;
  for (const place of HYPHENS) if (uuid.charCodeAt(place) !== HYPHEN) return false;
  for (let rank = 0; rank < PLACES.length; rank += 1) {
    const place = PLACES[rank] ?? 0;
    const high = VALUES[uuid.charCodeAt(place)] ?? NO_DIGIT;
    const low = VALUES[uuid.charCodeAt(place + 1)] ?? NO_DIGIT;
    if (high === NO_DIGIT || low === NO_DIGIT) return false;
    bytes[at + rank] = high * 16 + low;
  }
  return true;
}

/** The UUID whose 16 bytes stand there. */
export function uuidAt(bytes: Uint8Array, at: number): string {
  for (let rank = 0; rank < PLACES.length; rank += 1) {
    const byte = bytes[at + rank] ?? 0;
    const place = PLACES[rank] ?? 0;
    text[place] = DIGITS[byte >> 4] ?? 0;
    text[place + 1] = DIGITS[byte & 15] ?? 0;
  }
  return text.toString('latin1');
}
