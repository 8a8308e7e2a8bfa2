// Prints what happens to markers under every kind of trouble: the fault matrix, run now, against the built command line.
// Ends with 1 if a cell is not as the table says.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './import-typescript.mjs';

const checkout = fileURLToPath(new URL('..', import.meta.url));

/** What differs from the expectation, field by field. */
function differences(expected, found) {
  return Object.keys(expected)
    .filter(key => JSON.stringify(expected[key]) !== JSON.stringify(found[key]))
    .map(key => `${key}: expected ${JSON.stringify(expected[key])}, found ${JSON.stringify(found[key])}`);
}

/** `error NETWORK` of exit 4 becomes `4 error NETWORK`; no word is a dash. */
const showTold = ({ exit, told }) => `${exit} ${told === '' ? '–' : told.replaceAll('\n', ' ')}`;

function toRow(cells) {
  const [{ cell, found }] = cells;
  const { stored, storedInTheEnd, rejected, leftInSpool } = found;
  const kept = `${leftInSpool.length} left, ${rejected.length} rejected`;
  return [
    cell.fault,
    cell.sink,
    cell.spool ? 'yes' : 'no',
    ...cells.map(({ found: each }) => showTold(each)),
    `${stored.length} of 3`,
    cell.spool ? `${storedInTheEnd.length} of 3` : '–',
    cell.spool ? kept : '–',
  ];
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => row[column].length)));
  const toLine = row => `| ${row.map((text, column) => text.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...body] = rows;
  console.log([toLine(head), toLine(widths.map(width => '-'.repeat(width))), ...body.map(toLine)].join('\n'));
}

const { allCells, expectationOf, POLICIES, runCells } = await importTypeScript(
  "export * from './test/cli/fault-matrix.ts'",
);
const cells = allCells();
const results = new Map();
await runCells(cells, join(checkout, 'dist/cli.cjs'), (cell, found) => results.set(cell, found));

const rows = [];
for (let at = 0; at < cells.length; at += POLICIES.length)
  rows.push(toRow(cells.slice(at, at + POLICIES.length).map(cell => ({ cell, found: results.get(cell) }))));
const policies = POLICIES.map(policy => `--on-error ${policy}`);
printTable([
  ['fault', 'sink', 'spool', ...policies, 'stored by emit', 'stored after drain', 'spool then'],
  ...rows,
]);

let wrong = 0;
for (const cell of cells) {
  const found = differences(expectationOf(cell), results.get(cell));
  if (found.length > 0) wrong += 1;
  for (const line of found) console.log(`NOT AS PROMISED: ${Object.values(cell).join(', ')}: ${line}`);
}
console.log(`\n${cells.length} cells, ${cells.length - wrong} as promised, ${wrong} not`);
process.exitCode = wrong > 0 ? 1 : 0;
