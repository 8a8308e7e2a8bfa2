import { describe, expect, test } from 'vitest';
import type { ArgumentList, Command } from '../../src/commands/command.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { renderHelp } from '../../src/help.ts';

const commandOf = (name: string): Command | undefined => COMMANDS.find(command => command.name === name);
const helpOf = (name: string): Promise<string> => renderHelp(commandOf(name));

describe('where flags can be set', () => {
  test.each([
    ['session-name', 'The flags of session-name itself but --export, --check can'],
    ['emit', 'The flags of emit itself but --dry-run, --drain, --explains, --from, --keep-going can'],
    ['audit', 'The flags of audit itself but --since, --until,'],
  ])('%s says it, and of which not', async (name, beginning) => {
    const words = (await helpOf(name)).replace(/\s+/g, ' ');
    expect(words).toContain(beginning);
    expect(words).toContain('can also be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json.');
  });

  test.each(['template', 'validate'])('%s, of whose flags none is a setting, does not', async name => {
    expect(await helpOf(name)).toContain('Examples:');
    expect(await helpOf(name)).not.toContain('DEPLOY_MARKER_');
  });

  test('doctor says that its own two are none', async () => {
    expect((await helpOf('doctor')).replace(/\s+/g, ' ')).toContain(
      'It also takes every flag of another command that can be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json, which --online and --trust-policy cannot.',
    );
    expect(await helpOf('doctor')).not.toContain('The flags of');
  });
});

test('a list stands before the examples, in 80 columns', async () => {
  const rows = [
    ['lake', `${'word '.repeat(20)}end`],
    ['audit-role', 'short'],
  ] as const;
  const template = commandOf('template');
  if (template === undefined) throw new Error('there is no template');
  const listArguments = async (): Promise<ArgumentList> => ({ title: 'Templates', rows });
  expect(await renderHelp({ ...template, listArguments })).toContain(
    `
Templates:
  lake        ${'word '.repeat(12)}word
              ${'word '.repeat(7)}end
  audit-role  short

Examples:
`,
  );
});
