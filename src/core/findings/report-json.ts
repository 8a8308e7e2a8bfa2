import type { Report } from './report.ts';

/** About as much is written at once, in characters. */
const PIECE = 65_536;

/**
 * The report as JSON, in pieces that end between the entries of its lists: the whole of a large one may be longer than any
 * string can be.
 */
export function* reportJson(report: Report): Generator<string> {
  let piece = '';
  let before = '{';
  for (const [name, value] of Object.entries(report)) {
    if (value === undefined) continue;
    piece += `${before}${JSON.stringify(name)}:`;
    before = ',';
    if (!Array.isArray(value)) {
      piece += JSON.stringify(value);
      continue;
    }
    piece += '[';
    for (const [i, entry] of value.entries()) {
      piece += `${i === 0 ? '' : ','}${JSON.stringify(entry)}`;
      if (piece.length < PIECE) continue;
      yield piece;
      piece = '';
    }
    piece += ']';
  }
  yield `${piece}}`;
}
