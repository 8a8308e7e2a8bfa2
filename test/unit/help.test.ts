import { describe, expect, test } from 'vitest';
import type { ArgumentList } from '../../src/commands/command.ts';
import { COMMANDS } from '../../src/commands/table.ts';
import { renderHelp } from '../../src/help.ts';

const helpOf = (name: string, list?: ArgumentList): string =>
  renderHelp(
    COMMANDS.find(command => command.name === name),
    list,
  );

describe('where flags can be set', () => {
  test.each([
    ['session-name', 'The flags of session-name itself but --export, --check can'],
    ['emit', 'The flags of emit itself but --dry-run, --drain, --explains, --from, --keep-going can'],
    ['audit', 'The flags of audit itself but --since, --until,'],
  ])('%s says it, and of which not', (name, beginning) => {
    const words = helpOf(name).replace(/\s+/g, ' ');
    expect(words).toContain(beginning);
    expect(words).toContain('can also be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json.');
  });

  test.each(['template', 'validate'])('%s, of whose flags none is a setting, does not', name => {
    expect(helpOf(name)).toContain('Examples:');
    expect(helpOf(name)).not.toContain('DEPLOY_MARKER_');
  });

  test('doctor says that its own two are none', () => {
    expect(helpOf('doctor').replace(/\s+/g, ' ')).toContain(
      'It also takes every flag of another command that can be set as DEPLOY_MARKER_<FLAG> or in deploy-marker.json, which --online and --trust-policy cannot.',
    );
    expect(helpOf('doctor')).not.toContain('The flags of');
  });
});

test('a list stands before the examples, in 80 columns', () => {
  const rows = [
    ['lake', `${'word '.repeat(20)}end`],
    ['audit-role', 'short'],
  ] as const;
  expect(helpOf('template', { title: 'Templates', rows })).toContain(
    `
Templates:
  lake        ${'word '.repeat(12)}word
              ${'word '.repeat(7)}end
  audit-role  short

Examples:
`,
  );
});
