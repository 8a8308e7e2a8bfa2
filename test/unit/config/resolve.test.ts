import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../../src/commands/table.ts';
import { type Option, type OptionTable, twinOf } from '../../../src/config/option.ts';
import {
  type OptionSources,
  parseChoice,
  type RawValue,
  resolveOptions,
} from '../../../src/config/resolve.ts';

const TABLE = {
  'channel-arn': { type: 'string' },
  timeout: { type: 'string', default: '30s' },
  status: { type: 'string', choices: ['success', 'failed'], default: 'success' },
  component: { type: 'list' },
  sink: { type: 'list', choices: ['lake', 'file'] },
  strict: { type: 'boolean' },
  'dry-run': { type: 'boolean', configurable: false },
  output: { type: 'string', configurable: false, alsoFrom: 'OTHER' },
  'token-env': { type: 'string', refusesEmpty: true },
  region: { type: 'list', isNames: true },
  'policy-arn': { type: 'list', refusesEmpty: true },
  'session-name': { type: 'string', alsoFrom: 'ROLE_SESSION_NAME' },
} as const satisfies OptionTable;

function resolve(sources: Partial<OptionSources>) {
  return resolveOptions(TABLE, { flags: {}, env: {}, file: {}, ...sources });
}

test.each([
  ['channel-arn', 'DEPLOY_MARKER_CHANNEL_ARN'],
  ['env', 'DEPLOY_MARKER_ENV'],
  ['previous-git-sha', 'DEPLOY_MARKER_PREVIOUS_GIT_SHA'],
])('--%s has the twin %s', (flag, variable) => {
  expect(twinOf(flag)).toBe(variable);
});

describe('precedence', () => {
  const all = ['flag', 'environment', 'file', 'default'] as const;
  const subsets = Array.from({ length: 8 }, (_, bits) =>
    all.slice(0, 3).filter((_source, i) => bits & (1 << i)),
  );
  test.each(subsets.map(set => ({ set })))(
    'of $set: the first of flag, environment, file, default',
    ({ set }) => {
      const has = (source: (typeof all)[number]): boolean => set.some(one => one === source);
      const { values, origins } = resolve({
        flags: has('flag')
          ? { timeout: 'flag', component: ['flag'], strict: true, 'session-name': 'flag' }
          : {},
        env: has('environment')
          ? {
              DEPLOY_MARKER_TIMEOUT: 'environment',
              DEPLOY_MARKER_COMPONENT: 'environment',
              DEPLOY_MARKER_STRICT: has('flag') ? '0' : '1',
              DEPLOY_MARKER_SESSION_NAME: 'environment',
              ROLE_SESSION_NAME: 'other',
            }
          : {},
        file: has('file')
          ? { timeout: 'file', component: ['file'], strict: set.length === 1, 'session-name': 'file' }
          : {},
      });
      const winner = set[0] ?? 'default';
      expect(values.timeout).toBe(winner === 'default' ? '30s' : winner);
      expect(values.component).toEqual(winner === 'default' ? [] : [winner]);
      expect(values.strict).toBe(winner !== 'default');
      expect(values['session-name']).toBe(winner === 'default' ? undefined : winner);
      expect(origins).toMatchObject({
        timeout: winner,
        component: winner === 'default' ? 'absent' : winner,
        strict: winner === 'default' ? 'absent' : winner,
      });
    },
  );

  test('a lower source never wins, whatever the values are', () => {
    const value = fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 5 }), { nil: undefined });
    fc.assert(
      fc.property(value, value, value, value, (flag, twin, other, file) => {
        const sources = {
          flags: { 'session-name': flag },
          env: { DEPLOY_MARKER_SESSION_NAME: twin, ROLE_SESSION_NAME: other },
          file: { 'session-name': file },
        };
        expect(resolve(sources).values['session-name']).toBe(
          [flag, twin, other, file].find(text => text !== undefined && text !== ''),
        );
      }),
    );
  });

  test('a flag that says false counts over an environment that says true', () => {
    expect(resolve({ flags: { strict: false }, env: { DEPLOY_MARKER_STRICT: 'true' } }).values.strict).toBe(
      false,
    );
  });
});

describe('empty means unset', () => {
  test.each<[string, Partial<OptionSources>]>([
    ['a flag', { flags: { timeout: '', component: [''] } }],
    [
      'a variable',
      { env: { DEPLOY_MARKER_TIMEOUT: '', DEPLOY_MARKER_COMPONENT: '', DEPLOY_MARKER_STRICT: '' } },
    ],
    ['a setting', { file: { timeout: '', component: [], strict: '' } }],
    [
      'a list of blank lines',
      { env: { DEPLOY_MARKER_COMPONENT: ' \r\n\n' }, flags: { component: ['', ' '] } },
    ],
  ])('in %s', (_, sources) => {
    const file = { timeout: 'file', component: ['file'], strict: true };
    const lower = sources.file === undefined ? { ...sources, file } : sources;
    const { values } = resolve(lower);
    expect(values.timeout).toBe(sources.file === undefined ? 'file' : '30s');
    expect(values.component).toEqual(sources.file === undefined ? ['file'] : []);
    expect(values.strict).toBe(sources.file === undefined);
  });
});

describe('lists of names', () => {
  test.each([
    [['a', 'b']],
    [['a,b']],
    [['a, b']],
    [
      ['a', 'b, c'],
      ['a', 'b', 'c'],
    ],
  ])('%j comes with commas, repeated, or both', (given, names = ['a', 'b']) => {
    expect(resolve({ flags: { region: given } }).values.region).toEqual(names);
    expect(resolve({ file: { region: given } }).values.region).toEqual(names);
    expect(resolve({ env: { DEPLOY_MARKER_REGION: given.join('\n') } }).values.region).toEqual(names);
  });

  test('an unset variable between commas is refused, and a comma in another list is kept', () => {
    expect(() => resolve({ flags: { region: ['a,'] } })).toThrow(
      '--region is given, but one of its values is empty',
    );
    expect(resolve({ flags: { component: ['a,b'] } }).values.component).toEqual(['a,b']);
  });
});

describe('lists', () => {
  test.each<[RawValue, string[]]>([
    ['a', ['a']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a', 'b']],
    ['\n\n a \n\n\tb\n', ['a', 'b']],
    [
      ['a', 'b\nc'],
      ['a', 'b\nc'],
    ],
    ['a,b', ['a,b']],
    ['k=v w', ['k=v w']],
  ])('%j is %j from everywhere', (raw, list) => {
    expect(resolve({ flags: { component: raw } }).values.component).toEqual(list);
    expect(resolve({ file: { component: raw } }).values.component).toEqual(list);
    if (typeof raw === 'string') {
      expect(resolve({ env: { DEPLOY_MARKER_COMPONENT: raw } }).values.component).toEqual(list);
    }
  });
});

describe('an empty value that would be lost in silence', () => {
  test.each<[string, OptionSources['flags'], string]>([
    ['beside others', { component: ['a', ''] }, '--component is given, but one of its values is empty'],
    [
      'of blanks beside others',
      { component: [' ', 'a'] },
      '--component is given, but one of its values is empty',
    ],
    ['of a flag that chooses', { 'token-env': '' }, '--token-env is given, but its value is empty'],
    ['of a list that narrows', { 'policy-arn': ['', ''] }, '--policy-arn is given, but its value is empty'],
  ])('%s is refused', (_, flags, message) => {
    expect(() => resolve({ flags })).toThrow(message);
  });

  test('is nothing special in a variable or a setting', () => {
    const { values } = resolve({
      env: { DEPLOY_MARKER_TOKEN_ENV: '', DEPLOY_MARKER_COMPONENT: 'a\n\nb\n' },
      file: { 'policy-arn': [''] },
    });
    expect(values).toMatchObject({ component: ['a', 'b'], 'policy-arn': [] });
    expect(values['token-env']).toBeUndefined();
  });
});

describe('booleans', () => {
  test.each<[RawValue, boolean]>([
    [true, true],
    [false, false],
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('%j is %j', (raw, value) => {
    expect(resolve({ file: { strict: raw } }).values.strict).toBe(value);
    if (typeof raw === 'string')
      expect(resolve({ env: { DEPLOY_MARKER_STRICT: raw } }).values.strict).toBe(value);
  });

  test.each(['yes', 'no', 'TRUE', 'on', ' 1', '2', 'null'])('%j is refused', raw => {
    expect(() => resolve({ env: { DEPLOY_MARKER_STRICT: raw } })).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        message: `DEPLOY_MARKER_STRICT must be true, false, 1 or 0, got "${raw}"`,
      }),
    );
  });
});

describe('choices', () => {
  test.each<[Partial<OptionSources>, string]>([
    [{ flags: { status: 'done' } }, '--status must be one of success, failed, got "done"'],
    [
      { env: { DEPLOY_MARKER_STATUS: 'done' } },
      'DEPLOY_MARKER_STATUS must be one of success, failed, got "done"',
    ],
    [
      { file: { status: 'done' } },
      'status in the configuration file must be one of success, failed, got "done"',
    ],
    [{ flags: { sink: ['lake', 'disk'] } }, '--sink must be one of lake, file, got "disk"'],
    [
      { env: { DEPLOY_MARKER_SINK: 'lake\ndisk' } },
      'DEPLOY_MARKER_SINK must be one of lake, file, got "disk"',
    ],
  ])('%j', (sources, message) => {
    expect(() => resolve(sources)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 2, message }));
  });
});

describe('the hint for a choice that is none', () => {
  test.each([
    ['sucess', 'did you mean success?'],
    ['SUCCESSFUL', 'did you mean success?'],
    ['fial', 'pass one of success, failed'],
    ['done', 'pass one of success, failed'],
    ['', 'pass one of success, failed'],
  ])('%j', (status, hint) => {
    const option: Option = { type: 'string', choices: ['success', 'failed'] };
    expect(() => parseChoice(option, status, '--status')).toThrow(expect.objectContaining({ hint }));
  });

  test('two that begin alike are not told apart', () => {
    const option: Option = { type: 'string', choices: ['bash-env', 'bash-file'] };
    expect(() => parseChoice(option, 'bash', '--x')).toThrow(
      expect.objectContaining({ hint: 'pass one of bash-env, bash-file' }),
    );
  });
});

describe('flags of one call', () => {
  test('have neither twin nor setting', () => {
    const { values, origins } = resolve({
      env: { DEPLOY_MARKER_DRY_RUN: '1', DEPLOY_MARKER_OUTPUT: 'x', OTHER: 'x' },
      file: { 'dry-run': true, output: 'x' },
    });
    expect(values).toMatchObject({ 'dry-run': false, output: undefined });
    expect(origins).toMatchObject({ 'dry-run': 'absent', output: 'absent' });
    expect(resolve({ flags: { 'dry-run': true } })).toMatchObject({
      values: { 'dry-run': true },
      origins: { 'dry-run': 'flag' },
    });
  });
});

describe('an unset variable of a script', () => {
  const refusing: Readonly<Record<string, readonly string[]>> = {
    'assume-role': [
      ...['policy', 'policy-arn', 'token-file', 'token-env', 'audience', 'profile', 'session-name'],
    ],
    emit: ['component', 'stack', 'from', 'drain', 'sink-role-arn'],
    trace: ['component', 'git-sha', 'session-name', 'services', 'account'],
    audit: ['services', 'account', 'scope', 'session-pattern', 'fail-on'],
    query: ['component', 'git-sha', 'session-name'],
  };
  const rows = Object.entries(refusing).flatMap(([command, flags]) =>
    flags.map(flag => [command, flag] as const),
  );
  test.each(rows)('%s --%s "$UNSET" is refused', async (command, flag) => {
    const options = (await COMMANDS.find(({ name }) => name === command)?.loadOptions()) ?? {};
    const flags = { [flag]: options[flag]?.type === 'list' ? [''] : '' };
    expect(() => resolveOptions(options, { flags, env: {}, file: {} })).toThrow(`--${flag} is given, but`);
  });
});
