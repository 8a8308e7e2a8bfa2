import { createPieceSearch, type Piece } from './piece-search.ts';

/** Whether a name is meant. */
export type NameTest = (name: string) => boolean;

/** Trails name the same few roles and components again and again. As many answers are remembered at the most. */
const MOST_REMEMBERED = 1000;

/**
 * Makes a test of patterns in which `*` stands for any characters and `?` for one; everything else is meant as it
 * stands, case included. A name is meant if one of them fits it as a whole; no patterns fit nothing.
 */
export function matchesAny(patterns: readonly string[]): NameTest {
  if (patterns.length === 0) return () => false;
  const tests = patterns.map(pattern => compilePattern([...pattern]));
  const known = new Map<string, boolean>();
  return name => {
    const answer = known.get(name);
    if (answer !== undefined) return answer;
    const characters = [...name];
    const isMeant = tests.some(fits => fits(characters));
    if (known.size >= MOST_REMEMBERED) known.clear();
    known.set(name, isMeant);
    return isMeant;
  };
}

/**
 * Makes a test whether characters fit a pattern as a whole. Each character is looked at a bounded number of times, however many
 * stars there are: what a star takes is given back by none of them, since the first place where the next piece fits leaves most.
 *
 * @param tokens `*` stands for any characters, none included, and `?` for one; all else, as {@link toLiteral} reads it, for itself
 */
export function compilePattern(
  tokens: readonly string[],
  toLiteral: (token: string) => string = token => token,
): (text: readonly string[]) => boolean {
  const pieces: (string | undefined)[][] = [[]];
  for (const token of tokens) {
    if (token === '*') pieces.push([]);
    else pieces.at(-1)?.push(token === '?' ? undefined : toLiteral(token));
  }
  const [first = [], ...others] = pieces;
  const end = others.pop();
  if (end === undefined) return text => text.length === first.length && liesAt(text, first, 0);
  // Two stars side by side are one.
  const between = others.filter(({ length }) => length > 0);
  const searches = between.map(piece => ({ length: piece.length, search: createPieceSearch(piece) }));
  return text => {
    const limit = text.length - end.length;
    if (first.length > limit || !liesAt(text, first, 0) || !liesAt(text, end, limit)) return false;
    let from = first.length;
    for (const { length, search } of searches) {
      const at = search(text, from);
      if (at < 0 || at + length > limit) return false;
      from = at + length;
    }
    return true;
  };
}

function liesAt(text: readonly string[], piece: Piece, from: number): boolean {
  return piece.every((character, at) => character === undefined || character === text[from + at]);
}
