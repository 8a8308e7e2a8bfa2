const row = cells => `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

/** A Markdown table. */
export const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** Text as code. */
export const code = text => `\`${text}\``;

/** A default as a table shows it: null or undefined means that a value has to be given. */
export function showDefault(standard) {
  if (standard === undefined || standard === null) return '**required**';
  return standard === '' ? '' : code(standard);
}

/** A part that is shown on a click. */
export const folded = (summary, content) =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end: NAME -->`, for every name of `sections`. */
export function replaceSections(text, sections) {
  let result = text;
  for (const [name, content] of Object.entries(sections)) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->)[\\s\\S]*?(<!-- end: ${name} -->)`);
    if (!pattern.test(result)) throw new Error(`there is no place for the generated section ${name}`);
    result = result.replace(pattern, (_, begin, end) => `${begin}\n${content}\n${end}`);
  }
  return result;
}
