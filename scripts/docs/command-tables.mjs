import { importTypeScript } from '../import-typescript.mjs';
import { code, folded, table } from './markdown.mjs';

/** The tables in the sources that README shows. */
const TABLES = `
export { COMMANDS } from './src/commands/table.ts';
export { COMMON_FLAGS } from './src/commands/flags.ts';
export { ERROR_CODES } from './src/errors/codes.ts';
export { EXIT_MEANINGS } from './src/errors/exit-codes.ts';
export { twinOf } from './src/config/option.ts';
export { CORRELATION_RULES } from './src/core/correlate/rules.ts';
export { DEFAULT_FAIL_ON, FINDING_MEANINGS } from './src/core/findings/finding.ts';
export { SERVICES } from './src/core/services/table.ts';
export { MARKER_FIELDS } from './src/core/marker/marker.ts';
export { UID_NAMESPACE } from './src/core/marker/uuid.ts';
`;

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

/** Tables of commands, flags and exit codes, from the code. */
export async function commandTables() {
  const tables = await importTypeScript(TABLES);
  const { COMMANDS, COMMON_FLAGS, ERROR_CODES, EXIT_MEANINGS, twinOf } = tables;
  const head = ['flag', 'meaning', 'default', 'variable'];
  const loaded = await Promise.all(
    COMMANDS.map(async ({ name, loadOptions }) => [name, await loadOptions()]),
  );
  const flags = loaded
    .filter(([, options]) => Object.keys(options).length > 0)
    .map(([name, options]) =>
      folded(`Flags of <code>${name}</code>`, table(head, flagRows(options, twinOf))),
    );
  const codesOf = exit =>
    Object.entries(ERROR_CODES)
      .filter(([, entry]) => entry.exit === Number(exit))
      .map(([name]) => code(name))
      .join(', ');
  const common = flagRows(COMMON_FLAGS, twinOf).map(cells => cells.slice(0, 2));
  return {
    commands: table(
      ['command', 'does'],
      COMMANDS.map(({ name, summary }) => [code(name), summary]),
    ),
    flags: [...flags, `Every command also has:\n\n${table(['flag', 'meaning'], common)}`].join('\n\n'),
    'exit-codes': table(
      ['exit', 'meaning', 'codes'],
      Object.entries(EXIT_MEANINGS).map(([exit, meaning]) => [exit, meaning, codesOf(exit)]),
    ),
    ...correlationTables(tables),
    components: componentTable(tables),
  };
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
