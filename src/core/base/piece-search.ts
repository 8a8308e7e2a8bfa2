/** Characters of a pattern that stand side by side; undefined stands for any one. */
export type Piece = readonly (string | undefined)[];

/** Finds where a piece fits first, from a place on: its place, or -1. */
export type PieceSearch = (text: readonly string[], from: number) => number;

const WORD = 32;

/**
 * Makes a search for a piece that reads every character of the text once. Without a `?` it takes steps by the length of the text;
 * with one, those times the piece's length in words of 32 bits.
 */
export function createPieceSearch(piece: Piece): PieceSearch {
  const characters = piece.flatMap(character => character ?? []);
  return characters.length === piece.length ? searchPlain(characters) : searchOpen(piece);
}

/** Knuth, Morris and Pratt: where a character does not fit, the beginning that still does is known. */
function searchPlain(piece: readonly string[]): PieceSearch {
  // By how many characters fitted: how many of the first ones their end repeats.
  const repeats = [0];
  for (let at = 1, fitting = 0; at < piece.length; at += 1) {
    while (fitting > 0 && piece[at] !== piece[fitting]) fitting = repeats[fitting - 1] ?? 0;
    if (piece[at] === piece[fitting]) fitting += 1;
    repeats.push(fitting);
  }
  return (text, from) => {
    let fitting = 0;
    for (let at = from; at < text.length && fitting < piece.length; at += 1) {
      const character = text[at];
      while (fitting > 0 && character !== piece[fitting]) fitting = repeats[fitting - 1] ?? 0;
      if (character === piece[fitting]) fitting += 1;
      if (fitting === piece.length) return at + 1 - fitting;
    }
    return piece.length === 0 ? from : -1;
  };
}

/** Shift-and: one bit for each beginning of the piece that the text fits so far. */
function searchOpen(piece: Piece): PieceSearch {
  const size = Math.ceil(piece.length / WORD);
  const anything = new Uint32Array(size);
  const fits = new Map<string, Uint32Array>();
  for (const [at, character] of piece.entries()) if (character === undefined) setBit(anything, at);
  for (const [at, character] of piece.entries()) {
    if (character === undefined) continue;
    const bits = fits.get(character) ?? anything.slice();
    setBit(bits, at);
    fits.set(character, bits);
  }
  const [last, lastBit] = [size - 1, 1 << ((piece.length - 1) % WORD)];
  return (text, from) => {
    const fitting = new Uint32Array(size);
    for (let at = from; at < text.length; at += 1) {
      const bits = fits.get(text[at] ?? '') ?? anything;
      for (let word = last; word >= 0; word -= 1) {
        const carried = word === 0 ? 1 : (fitting[word - 1] ?? 0) >>> (WORD - 1);
        fitting[word] = (((fitting[word] ?? 0) << 1) | carried) & (bits[word] ?? 0);
      }
      if (((fitting[last] ?? 0) & lastBit) !== 0) return at + 1 - piece.length;
    }
    return -1;
  };
}

function setBit(words: Uint32Array, at: number): void {
  const word = Math.floor(at / WORD);
  words[word] = (words[word] ?? 0) | (1 << (at % WORD));
}
