import { describe, expect, test } from 'vitest';
import { FLAGS } from '../../src/commands/all-settings.ts';
import { COMMON_FLAGS } from '../../src/commands/flags.ts';
import { TEXTS } from '../../src/commands/help/all-texts.ts';
import { COMMON_TEXTS } from '../../src/commands/help/every-command-text.ts';
import type { CommandText, FlagText } from '../../src/commands/help/text.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import type { Option, OptionTable } from '../../src/config/option.ts';
import { DEFAULT_FAIL_ON } from '../../src/core/findings/finding.ts';
import { renderHelp } from '../../src/help.ts';
import { flagProblems, readAs } from './help-rules.ts';
import { readFiles } from './repository.ts';

const ALL = Object.entries<OptionTable>({ ...FLAGS, 'every command': COMMON_FLAGS });
const HELP = new Map<string, Readonly<Record<string, FlagText>>>([
  ...Object.entries<CommandText<OptionTable>>(TEXTS).map(([name, { flags }]) => [name, flags] as const),
  ['every command', COMMON_TEXTS],
]);
const SRC = (await readFiles()).filter(({ path }) => path.startsWith('src/'));

describe('what help says of a flag', () => {
  test.each(ALL)('%s: a sentence, with the unit, and the default', (name, options) => {
    const texts = HELP.get(name) ?? {};
    expect(Object.keys(texts)).toEqual(Object.keys(options));
    const problems = Object.entries(texts).flatMap(([flag, text]) => {
      const option = options[flag];
      return option === undefined ? [`--${flag} is no flag`] : flagProblems(flag, option, text);
    });
    expect(problems).toEqual([]);
  });

  test('times and spans are called what the source reads them as', () => {
    const read = readAs(SRC);
    expect([...read.keys()]).toEqual(expect.arrayContaining(['timeout', 'before', 'late', 'at', 'until']));
    for (const [command, options] of ALL) {
      for (const [flag, value] of read) {
        if (flag in options) expect([command, flag, options[flag]?.value]).toEqual([command, flag, value]);
      }
    }
  });

  test('the findings that fail by default are named', () => {
    expect(TEXTS.audit.flags['fail-on'].unset).toBe(DEFAULT_FAIL_ON.join(', '));
  });

  type Told = Option & FlagText;
  type Changed = { readonly [K in keyof Told]?: Told[K] | undefined };
  const good: Told = { type: 'string', value: 'X', group: 'A:', describe: 'Say x.', unset: 'none' };
  test.each<[string, Changed]>([
    ['is no sentence', { describe: 'says x.' }],
    ['is no sentence', { describe: 'Say x' }],
    ['is no sentence', { describe: 'X.' }],
    ['is not made of sentences', { describe: 'Say x. and y.' }],
    ['has 152 characters, over 150', { describe: `Say ${'x'.repeat(147)}.` }],
    ['says what help says of every flag', { describe: 'Say x (default: y).' }],
    ['says what help says of every flag', { describe: 'Say x; repeatable.' }],
    ['stands under no heading', { group: '' }],
    ['has a value, or none, unlike its type', { type: 'boolean', unset: undefined }],
    ['does not say what DURATION is counted in', { value: 'DURATION', describe: 'Wait this long.' }],
    ['does not say what TIME is counted in', { value: 'TIME' }],
    ['does not say what N is counted in', { value: 'N' }],
    ['names no default, or two', { unset: undefined }],
    ['names no default, or two', { default: 'x' }],
    ['has a default with a full stop', { unset: 'none.' }],
  ])('one that %s is found', (problem, change) => {
    const entries = Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined);
    const { type, describe, group } = good;
    const told = { type, describe, group, ...Object.fromEntries(entries) };
    expect(flagProblems('x', good, good)).toEqual([]);
    expect(flagProblems('x', told, told)).toEqual([`--x ${problem}`]);
  });
});

describe('help', () => {
  const widest = (text: string): number => Math.max(...text.split('\n').map(line => line.length));

  test('fits one screen without a command, and names each', async () => {
    const help = await renderHelp(undefined);
    expect(help.trimEnd().split('\n').length).toBeLessThanOrEqual(30);
    expect(widest(help)).toBeLessThanOrEqual(80);
    const named = [...help.matchAll(/^ {2}([a-z-]+) +[A-Z]/gm)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
  });

  test.each(COMMANDS)('of $name tells of every flag, and has two to four examples', async command => {
    const help = await renderHelp(command);
    expect(widest(help)).toBeLessThanOrEqual(80);
    expect(help).not.toMatch(/undefined|\[(?:string|array|boolean)\]/);
    const flags = [...help.matchAll(/^ {2}(?:-h, | {4})--([a-z-]+)/gm)].map(([, flag = '']) => flag);
    expect(flags.toSorted()).toEqual(
      Object.keys({ ...(await command.loadOptions()), ...COMMON_FLAGS }).toSorted(),
    );
    const { examples, summary } = TEXTS[command.name];
    expect(examples.length).toBeGreaterThanOrEqual(2);
    expect(examples.length).toBeLessThanOrEqual(4);
    for (const [, purpose] of examples) expect(purpose).toMatch(/^[A-Z].*[.?]$/);
    expect(summary).toMatch(/^[A-Z].*\.$/);
    if (command.positionals !== undefined) expect(help).toContain(`${command.positionals} `);
  });

  test('tells of lists how they are written, and of values which there are', async () => {
    const emit = await renderHelp(COMMANDS.find(({ name }) => name === 'emit'));
    const words = emit.replaceAll(/\s+/g, ' ');
    expect(words).toContain(
      '--label K=V Add a label of your own, such as team=billing. Repeat it for more. Default: none.',
    );
    expect(words).toContain('One of lake, logs, s3, file. Repeat it, or put commas between.');
    expect(words).toContain(
      '--env ENV Name the environment, such as prod. Needed unless --from or --drain is given.',
    );
  });
});
