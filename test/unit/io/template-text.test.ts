import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { TEMPLATE_NAMES, type TemplateName } from '../../../src/core/template/names.ts';
import {
  readTemplateParameters,
  readTemplateSummary,
  type TemplateParameter,
} from '../../../src/core/template/parameter.ts';
import { parseTemplateName, readTemplate } from '../../../src/io/template-text.ts';

const FOLDER = new URL('../../../src/templates/', import.meta.url);

/** What YAML makes of a text; the short forms of CloudFormation's functions do not matter here. */
const toValue = (text: string) => parse(text, { logLevel: 'silent' });

test('every name has its file, and every file its name', async () => {
  const files = (await readdir(FOLDER)).filter(file => file !== 'README.md');
  expect(files.sort()).toEqual(TEMPLATE_NAMES.map(name => `${name}.yaml`).sort());
});

test.each([
  ['lakes', 'lake'],
  ['Trail', 'trail'],
  ['circle-role', 'circleci-role'],
  ['../lake', 'lake'],
])('%j is no template; %s is the nearest', (word, nearest) => {
  const list = TEMPLATE_NAMES.join(', ');
  const hint = `did you mean ${nearest}? The templates are ${list}`;
  expect(() => parseTemplateName(word)).toThrow(
    expect.objectContaining({ code: 'USAGE', hint, message: `${JSON.stringify(word)} is not a template` }),
  );
});

test.each(['', 'help', 'toString'])('%j is no template, and none is near', word => {
  const hint = `the templates are ${TEMPLATE_NAMES.join(', ')}`;
  expect(() => parseTemplateName(word)).toThrow(expect.objectContaining({ code: 'USAGE', hint }));
});

/** The keys of one parameter. */
function keysOf(text: string, name: string) {
  const [block = ''] = new RegExp(`^ {2}${name}:\\n(?: {4}.*\\n)*`, 'm').exec(text) ?? [];
  return toValue(block)[name];
}

/** A template without the line that has the default of a parameter. */
function withoutDefault(text: string, name: string): string {
  return text.replace(new RegExp(`(\\n {2}${name}:\\n(?: {4}.*\\n)*?) {4}Default:.*\\n`), '$1');
}

/** Values of which CloudFormation would take most. */
function valuesOf({ type, ...parameter }: TemplateParameter): fc.Arbitrary<string> {
  const { allowed_values: allowed, pattern, min_value: min, max_value: max } = parameter;
  if (allowed !== undefined) return fc.constantFrom(...allowed);
  if (type === 'Number') return fc.integer({ min: min ?? -1000, max: max ?? 1000 }).map(String);
  const item = fc.stringMatching(new RegExp(pattern ?? '^[^]*$', 'u'));
  return type === 'CommaDelimitedList' ? fc.array(item, { minLength: 1, maxLength: 3 }).map(String) : item;
}

describe.each(TEMPLATE_NAMES)('%s', async name => {
  const text = await readFile(new URL(`${name}.yaml`, FOLDER), 'utf8');
  const parameters = readTemplateParameters(text);

  test('is printed as it stands, and ends in one line break', async () => {
    expect(await readTemplate(name)).toBe(text);
    expect(text).toMatch(/[^\n]\n$/);
  });

  test('our reader finds the summary and the parameters that YAML has', () => {
    expect(readTemplateSummary(text)).toBe(toValue(text).Description);
    expect(readTemplateSummary(text)).toMatch(/.{20}/);
    const expected = Object.entries<Record<string, unknown>>(toValue(text).Parameters).map(([id, keys]) => {
      const of = (key: string, as: string) => (keys[key] === undefined ? {} : { [as]: keys[key] });
      return {
        name: id,
        type: keys['Type'],
        default: keys['Default'] === undefined ? null : String(keys['Default']),
        required: keys['Default'] === undefined,
        description: keys['Description'],
        ...of('AllowedPattern', 'pattern'),
        ...(Array.isArray(keys['AllowedValues'])
          ? { allowed_values: keys['AllowedValues'].map(String) }
          : {}),
        ...of('MinLength', 'min_length'),
        ...of('MaxLength', 'max_length'),
        ...of('MinValue', 'min_value'),
        ...of('MaxValue', 'max_value'),
        ...of('ConstraintDescription', 'constraint'),
        ...of('NoEcho', 'no_echo'),
      };
    });
    expect(parameters).toEqual(expected);
    expect(parameters.length).toBeGreaterThan(0);
  });

  test('every default holds', async () => {
    for (const { name: id, default: value } of parameters) {
      if (value !== null) await expect(readTemplate(name, { [id]: value })).resolves.toBeDefined();
    }
  });

  test.each(parameters)('any value of $name is read back, and nothing else changes', async parameter => {
    const { name: id } = parameter;
    const bare = withoutDefault(text, id);
    const keys = keysOf(text, id);
    let kept = 0;
    const property = fc.asyncProperty(valuesOf(parameter), async value => {
      // Not all that can be made of a pattern is short enough, or one line.
      const filled = await readTemplate(name, { [id]: value }).catch(error => {
        if (error.code !== 'USAGE') throw error;
      });
      if (filled === undefined) return;
      kept += 1;
      expect(withoutDefault(filled, id)).toBe(bare);
      expect(keysOf(filled, id)).toEqual({ ...keys, Default: value });
    });
    await fc.assert(property, { numRuns: 6 });
    expect(kept).toBeGreaterThan(2);
  });
});

test('a value that the template refuses', async () => {
  await expect(readTemplate('logs', { RetentionDays: '12' })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('parameter RetentionDays cannot be "12": it must be one of 400, 545'),
  });
  await expect(readTemplate('logs', { RetentionDay: '400' })).rejects.toMatchObject({
    hint: expect.stringContaining('did you mean RetentionDays? Its parameters are '),
  });
  await expect(readTemplate('logs', { RetentionDays: '400.5' })).rejects.toMatchObject({
    message: expect.stringContaining('parameter RetentionDays cannot be "400.5": it must be one of 400, 545'),
  });
  await expect(readTemplate('lake', { RetentionDays: '' })).rejects.toMatchObject({
    message: 'parameter RetentionDays cannot be "": it must be a whole number of at least 7 and at most 3653',
  });
});

test('a name that is none, from somebody without types', async () => {
  const name: TemplateName = JSON.parse('"../../../package"');
  await expect(readTemplate(name)).rejects.toMatchObject({ code: 'USAGE' });
});
