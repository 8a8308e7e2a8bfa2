import { importTypeScript } from '../import-typescript.mjs';
import { code, folded, table } from './markdown.mjs';

/** The tables in the sources that the documents show. */
const TABLES = `
export { COMMANDS } from './src/commands/table.ts';
export { COMMON_FLAGS } from './src/commands/flags.ts';
export { TEXTS } from './src/commands/help/all-texts.ts';
export { COMMON_TEXTS } from './src/commands/help/every-command-text.ts';
export { errorCodes } from './src/errors/codes.ts';
export { CODE_MEANINGS, EXIT_MEANINGS } from './src/errors/meanings.ts';
export { twinOf } from './src/config/option.ts';
export { CORRELATION_RULES } from './src/core/correlate/rules.ts';
export { DEFAULT_FAIL_ON, FINDING_MEANINGS } from './src/core/findings/finding.ts';
export { SERVICES } from './src/core/services/table.ts';
`;

function flagRows(options, texts, twinOf) {
  return Object.entries(options).map(([name, option]) => {
    const { choices, value, default: standard, configurable, alsoFrom } = option;
    const { describe, unset = '' } = texts[name];
    const shown = value === undefined ? `--${name}` : `--${name} ${value}`;
    const meaning = choices === undefined ? describe : `${describe} One of ${choices.map(code).join(', ')}.`;
    const variables = configurable === false ? [] : [twinOf(name), ...(alsoFrom ? [alsoFrom] : [])];
    return [
      code(shown),
      meaning,
      standard === undefined ? unset : code(standard),
      variables.map(code).join(', '),
    ];
  });
}

/** A variable stands below its flag: in a column of its own it would make the table wider than a page. */
function flagTable(rows) {
  const cells = rows.map(([flag, meaning, standard, variables]) => [
    [flag, variables].filter(Boolean).join('<br>'),
    meaning,
    standard,
  ]);
  return table(['flag, variable', 'meaning', 'default'], cells);
}

/** Tables of commands, flags, codes, rules, findings and components, from the code. */
export async function commandTables() {
  const tables = await importTypeScript(TABLES);
  const { COMMANDS, COMMON_FLAGS, COMMON_TEXTS, EXIT_MEANINGS, TEXTS, twinOf } = tables;
  const loaded = await Promise.all(
    COMMANDS.map(async ({ name, loadOptions }) => [name, await loadOptions()]),
  );
  const flags = loaded
    .filter(([, options]) => Object.keys(options).length > 0)
    .map(([name, options]) => [`flags-${name}`, flagTable(flagRows(options, TEXTS[name].flags, twinOf))]);
  return {
    'exit-codes': table(['exit', 'meaning'], Object.entries(EXIT_MEANINGS)),
    commands: table(
      ['command', 'does'],
      COMMANDS.map(({ name }) => [`[${code(name)}](#${name})`, TEXTS[name].summary]),
    ),
    ...Object.fromEntries(flags),
    'flags-of-all': table(
      ['flag', 'meaning'],
      flagRows(COMMON_FLAGS, COMMON_TEXTS, twinOf).map(cells => cells.slice(0, 2)),
    ),
    'error-codes': errorTable(tables),
    ...correlationTables(tables),
    components: componentTable(tables),
  };
}

/** Every error code, in the order of their exit codes, with what its hint says where nothing better is known. */
function errorTable({ CODE_MEANINGS, errorCodes }) {
  const rows = Object.entries(errorCodes())
    .toSorted(([, a], [, b]) => a.exit - b.exit)
    .map(([name, { exit, hint }]) => [code(name), exit, CODE_MEANINGS[name], hint]);
  return table(['code', 'exit', 'means', 'what to do'], rows);
}

/** What the components of each service look like. */
function componentTable({ SERVICES }) {
  const told = ({ what, like }) => (like === undefined ? [] : [`${code(like)} (${what})`]);
  const rows = SERVICES.map(({ name, things }) => [code(name), things.flatMap(told).join(', ')]);
  return folded(`Components of ${SERVICES.length} services`, table(['service', 'components'], rows));
}

/** Tables of the rules that tie changes to deploys, and of what `audit` finds. */
function correlationTables({ CORRELATION_RULES, DEFAULT_FAIL_ON, FINDING_MEANINGS }) {
  return {
    rules: table(
      ['rule', "the change is a deploy's if"],
      CORRELATION_RULES.map(({ name, says }) => [code(name), says]),
    ),
    findings: table(
      ['finding', 'is', 'fails by default'],
      Object.entries(FINDING_MEANINGS).map(([kind, meaning]) => [
        code(kind),
        meaning,
        DEFAULT_FAIL_ON.includes(kind) ? 'yes' : '',
      ]),
    ),
  };
}
