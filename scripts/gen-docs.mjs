// Writes README's tables from the code: `node scripts/gen-docs.mjs`, or with --check fails if they are stale.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Loads tables out of the TypeScript sources, which Node 20 cannot import as they are. */
async function loadTables() {
  const outfile = join(root, 'node_modules/.cache/deploy-marker/tables.mjs');
  await build({
    stdin: {
      contents: `export { COMMANDS, COMMON_FLAGS } from './src/commands/table.ts';
        export { ERROR_CODES, EXIT_MEANINGS } from './src/errors/codes.ts';
        export { twinOf } from './src/config/option.ts';
        export { MARKER_FIELDS } from './src/core/marker.ts';
        export { UID_NAMESPACE } from './src/core/uuid.ts';`,
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    // Only the tables are wanted; what a command runs stays where it is.
    external: ['*/session-name.ts', '*/assume-role.ts', '*/emit.ts', '*/validate.ts'].map(
      path => `./src/commands${path.slice(1)}`,
    ),
    packages: 'external',
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile));
}

const row = cells => `| ${cells.map(cell => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
const code = text => `\`${text}\``;

function flagRows(options, twinOf) {
  return Object.entries(options).map(([name, option]) => {
    const { describe, choices, value, default: standard, configurable, alsoFrom } = option;
    const shown = value === undefined ? `--${name}` : `--${name} ${value}`;
    const meaning = choices === undefined ? describe : `${describe}: ${choices.map(code).join(', ')}`;
    const variables = configurable === false ? [] : [twinOf(name), ...(alsoFrom ? [alsoFrom] : [])];
    return [
      code(shown),
      meaning,
      standard === undefined ? '' : code(standard),
      variables.map(code).join(', '),
    ];
  });
}

function generateSections({ COMMANDS, COMMON_FLAGS, ERROR_CODES, EXIT_MEANINGS, twinOf }) {
  const head = ['flag', 'meaning', 'default', 'variable'];
  const flags = COMMANDS.filter(({ options }) => Object.keys(options).length > 0).map(
    ({ name, options }) =>
      `<details><summary>Flags of <code>${name}</code></summary>\n\n${table(head, flagRows(options, twinOf))}\n\n</details>`,
  );
  const codesOf = exit =>
    Object.entries(ERROR_CODES)
      .filter(([, entry]) => entry.exit === Number(exit))
      .map(([name]) => code(name))
      .join(', ');
  return {
    commands: table(
      ['command', 'does'],
      COMMANDS.map(({ name, summary }) => [code(name), summary]),
    ),
    flags: [
      ...flags,
      `Every command also has:\n\n${table(
        ['flag', 'meaning'],
        flagRows(COMMON_FLAGS, twinOf).map(cells => cells.slice(0, 2)),
      )}`,
    ].join('\n\n'),
    'exit-codes': table(
      ['exit', 'meaning', 'codes'],
      Object.entries(EXIT_MEANINGS).map(([exit, meaning]) => [exit, meaning, codesOf(exit)]),
    ),
  };
}

function replaceSections(text, sections) {
  let result = text;
  for (const [name, content] of Object.entries(sections)) {
    const pattern = new RegExp(`(<!-- generated: ${name} -->)[\\s\\S]*?(<!-- end: ${name} -->)`);
    if (!pattern.test(result)) throw new Error(`README has no place for the generated section ${name}`);
    result = result.replace(pattern, (_, begin, end) => `${begin}\n${content}\n${end}`);
  }
  return result;
}

const readme = join(root, 'README.md');
const current = await readFile(readme, 'utf8');
const fresh = replaceSections(current, generateSections(await loadTables()));
if (fresh !== current && process.argv.includes('--check')) {
  console.error('README.md has stale tables; run npm run docs');
  process.exitCode = 1;
} else if (fresh !== current) await writeFile(readme, fresh);
