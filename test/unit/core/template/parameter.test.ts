import { describe, expect, test } from 'vitest';
import { readTemplateParameters, setDefaults } from '../../../../src/core/template/parameter.ts';
import { SAMPLE_TEMPLATE } from './sample-template.ts';

describe('reading', () => {
  const parameters = new Map(readTemplateParameters(SAMPLE_TEMPLATE).map(each => [each.name, each]));

  test('finds the parameters alone, in their order', () => {
    expect([...parameters.keys()]).toEqual([
      'TopicName',
      'Title',
      'Note',
      'IsOn',
      'Days',
      'Share',
      'Any',
      'RetentionDays',
      'Arns',
      'Token',
    ]);
  });

  test('a parameter without a default is required', () => {
    expect(parameters.get('TopicName')).toEqual({
      name: 'TopicName',
      type: 'String',
      default: null,
      required: true,
      description: 'Name of the topic.',
      pattern: '^[\\w-]{1,256}$',
    });
  });

  test('quotes, comments and colons are read as in YAML', () => {
    expect(parameters.get('Title')).toEqual({
      name: 'Title',
      type: 'String',
      default: "It's",
      required: false,
      description: 'What it\'s about: a "title"',
      min_length: 2,
      max_length: 20,
      constraint: 'must be short: 2 to 20 characters.',
    });
  });

  test('lists and numbers', () => {
    expect(parameters.get('IsOn')).toMatchObject({ default: 'false', allowed_values: ['true', 'false'] });
    expect(parameters.get('Days')).toMatchObject({ default: '400', min_value: 1, max_value: 3653 });
    expect(parameters.get('RetentionDays')).toMatchObject({ allowed_values: ['400', '545'] });
    expect(parameters.get('Note')).toMatchObject({ default: '', required: false });
    expect(parameters.get('Token')).toMatchObject({ required: true, no_echo: true });
  });
});

describe('setting defaults', () => {
  /** Lines that went and lines that came. */
  function changes(values: Readonly<Record<string, string>>): { gone: string[]; come: string[] } {
    const before = SAMPLE_TEMPLATE.split('\n');
    const after = setDefaults(SAMPLE_TEMPLATE, new Map(Object.entries(values))).split('\n');
    // What stands before and behind the change is the same, byte for byte.
    while (before.length > 0 && after.length > 0 && before[0] === after[0]) {
      before.shift();
      after.shift();
    }
    while (before.length > 0 && after.length > 0 && before.at(-1) === after.at(-1)) {
      before.pop();
      after.pop();
    }
    return { gone: before, come: after };
  }

  test.each<[Record<string, string>, string[], string[]]>([
    [{}, [], []],
    [{ Days: '500' }, ['    Default: 400'], ["    Default: '500'"]],
    [{ Note: "it's #1: $& $1 \\n" }, ["    Default: ''"], ["    Default: 'it''s #1: $& $1 \\n'"]],
    [
      { Title: 'x' },
      ["    Default: It's # not a comment  # but this is"],
      ["    Default: 'x' # not a comment  # but this is"],
    ],
    [{ TopicName: 'a' }, [], ["    Default: 'a'"]],
    [{ Topic: 'a', Other: 'b' }, [], []],
  ])('%j', (values, gone, come) => {
    expect(changes(values)).toEqual({ gone, come });
  });

  test('several at once', () => {
    const text = setDefaults(
      SAMPLE_TEMPLATE,
      new Map([
        ['Days', '1'],
        ['TopicName', 'a'],
        ['Token', ''],
      ]),
    );
    const found = readTemplateParameters(text).map(each => [each.name, each.default]);
    expect(Object.fromEntries(found)).toMatchObject({ TopicName: 'a', Days: '1', Token: '', Note: '' });
    expect(text.split('\n')).toHaveLength(SAMPLE_TEMPLATE.split('\n').length + 2);
  });
});
