// Width and wrapping of the help text, in place of string-width and wrap-ansi, whose Intl.Segmenter and emoji tables
// take 20 ms to load. The help is ours: no escape codes, no double-width characters, so one code point is one column.

/** Columns that `text` takes in a terminal. */
export function textWidth(text) {
  let width = 0;
  for (const _ of text) width += 1;
  return width;
}

/** The first row that `word`, wider than a row, shares with what is already there, then rows of its own. */
function cutWord(row, word, columns) {
  const letters = [...word];
  const room = Math.max(0, columns - textWidth(row));
  // A word begins on a row of its own only if that saves a cut.
  const startsHere = Math.ceil(letters.length / columns) - 1 >= Math.ceil((letters.length - room) / columns);
  const rows = startsHere ? [row + letters.splice(0, room).join('')] : [row];
  while (letters.length > 0) rows.push(letters.splice(0, columns).join(''));
  return rows;
}

function wrapLine(line, columns) {
  const rows = [];
  let row = '';
  for (const word of line.split(' ')) {
    const start = row === '' ? '' : `${row} `;
    if (word === '' || textWidth(start + word) <= columns) {
      row = start + word;
    } else if (textWidth(word) <= columns) {
      rows.push(row);
      row = word;
    } else {
      const cut = cutWord(start, word, columns);
      row = cut.pop();
      rows.push(...cut);
    }
  }
  return [...rows, row].map(text => text.trimEnd());
}

/** `text` with line breaks put in so that no row is wider than `columns`; only a word wider than a row is cut. */
export function wrapText(text, columns) {
  return text
    .split('\n')
    .flatMap(line => wrapLine(line.trimStart(), Math.max(1, columns)))
    .join('\n');
}
