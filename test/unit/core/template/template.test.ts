import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fillTemplate } from '../../../../src/core/template/template.ts';
import { isDeployMarkerError } from '../../../../src/errors/deploy-marker-error.ts';
import { SAMPLE_TEMPLATE } from './sample-template.ts';

const fill = (values: Readonly<Record<string, string>>): string =>
  fillTemplate(SAMPLE_TEMPLATE, new Map(Object.entries(values)));

/** What YAML makes of a text; the short forms of CloudFormation's functions do not matter here. */
const toValue = (text: string) => parse(text, { logLevel: 'silent' });

/** Message and hint of the refusal. */
function refusalOf(values: Readonly<Record<string, string>>): { message: string; hint: string } {
  try {
    fill(values);
  } catch (error) {
    if (isDeployMarkerError(error) && error.code === 'USAGE') return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(values)} is accepted`);
}

describe('values that hold', () => {
  test.each([
    ['TopicName', 'a-b_C1'],
    ['Title', '# : \'both\' "quotes"'],
    ['Title', 'Größe: 大きい'],
    ['Title', '  '],
    ['Title', '- x'],
    ['Note', ''],
    ['Note', 'no'],
    ['Note', '{a: [b]}, &c *d !e |f >g %h @i `j'],
    ['IsOn', 'true'],
    ['Days', '1'],
    ['Days', '3653'],
    ['Days', '0400'],
    ['Share', '12.5'],
    ['Share', '1e-1'],
    ['Any', '-.5'],
    ['RetentionDays', '545'],
    ['Arns', ''],
    ['Arns', 'arn:a'],
    ['Arns', 'arn:a, arn:b ,arn:c'],
    // An empty item is an item, which this pattern allows.
    ['Arns', 'arn:a,'],
  ])('%s is %j', (name, value) => {
    const expected = toValue(SAMPLE_TEMPLATE);
    expected.Parameters[name].Default = value;
    expect(toValue(fill({ [name]: value }))).toEqual(expected);
  });
});

const DAYS = 'a whole number of at least 1 and at most 3653';

describe('values that do not', () => {
  test.each([
    ['TopicName', '', 'it must match ^[\\w-]{1,256}$'],
    ['TopicName', 'a b', 'it must match ^[\\w-]{1,256}$'],
    ['TopicName', 'a\n', 'it must be one line without control characters'],
    ['Title', 'a\tb', 'it must be one line without control characters'],
    ['Title', 'a\u2028b', 'it must be one line without control characters'],
    ['Title', 'a\ud800', 'it must be one line without control characters'],
    ['Title', 'a', 'it must have 2 characters or more'],
    ['Title', 'a'.repeat(21), 'it must have 20 characters at the most'],
    ['Note', 'a<b', 'it must match [^<]*'],
    ['Note', 'é'.repeat(2049), 'it must have 4096 bytes at the most'],
    ['IsOn', 'True', 'it must be one of true, false'],
    ['IsOn', '', 'it must be one of true, false'],
    ['Days', '', `it must be ${DAYS}`],
    ['Days', '1d', `it must be ${DAYS}`],
    ['Days', '0x10', `it must be ${DAYS}`],
    ['Days', 'Infinity', `it must be ${DAYS}`],
    ['Days', '400.5', `it must be ${DAYS}`],
    ['Days', '4e2', `it must be ${DAYS}`],
    ['Days', '0', `it must be ${DAYS}`],
    ['Days', '3654', `it must be ${DAYS}`],
    ['Share', '', 'it must be a number of at most 12.5'],
    ['Share', '12.6', 'it must be a number of at most 12.5'],
    ['Any', 'Infinity', 'it must be a number'],
    ['RetentionDays', '', 'it must be one of 400, 545'],
    ['RetentionDays', '500', 'it must be one of 400, 545'],
    ['RetentionDays', '400.5', 'it must be one of 400, 545'],
    ['Arns', 'arn:a,b', 'it must match ^$|^arn:\\w+$'],
  ])('%s is %j', (name, value, rule) => {
    const { message } = refusalOf({ [name]: value });
    expect(message).toMatch(`parameter ${name} cannot be `);
    expect(message).toMatch(/(?:: |; )it [^;]+$/);
    expect(message.endsWith(` ${rule}`)).toBe(true);
  });

  test('what the constraint says comes before the rule', () => {
    expect(refusalOf({ Title: 'a' }).message).toBe(
      'parameter Title cannot be "a": it must be short: 2 to 20 characters; it must have 2 characters or more',
    );
    expect(refusalOf({ Arns: 'b' }).message).toBe(
      'parameter Arns cannot be "b": it must be ARNs, or empty; it must match ^$|^arn:\\w+$',
    );
    expect(refusalOf({ Note: '<' }).message).toBe('parameter Note cannot be "<": it must match [^<]*');
  });

  test('the hint is what the template says', () => {
    expect(refusalOf({ Title: 'a' }).hint).toBe(
      `give Title as the template says: What it's about: a "title"`,
    );
    expect(refusalOf({ TopicName: '' }).hint).toBe('give TopicName as the template says: Name of the topic');
  });

  test('an unknown parameter', () => {
    const LIST = 'TopicName, Title, Note, IsOn, Days, Share, Any, RetentionDays, Arns, Token';
    expect(refusalOf({ Owner: 'a' })).toMatchObject({
      message: 'the template has no parameter "Owner"',
      hint: `its parameters are ${LIST}`,
    });
    expect(refusalOf({ TopicNames: 'a' }).hint).toBe(`did you mean TopicName? Its parameters are ${LIST}`);
    expect(refusalOf({ ['__proto__']: 'a' }).message).toBe('the template has no parameter "__proto__"');
  });

  test('a secret', () => {
    expect(refusalOf({ Token: 'a' })).toMatchObject({
      message: 'parameter Token is a secret, which a template would show',
      hint: 'pass Token when you deploy the template',
    });
  });
});

test('whatever is accepted is read back', () => {
  const template = 'Parameters:\n  Title:\n    Type: String\n    Default: x\n    Description: x\n';
  const fillTitle = (value: string): string => fillTemplate(template, new Map([['Title', value]]));
  const isWritable = (value: string): boolean => !/[\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]/u.test(value);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20 }), value => {
      if (isWritable(value)) expect(toValue(fillTitle(value)).Parameters.Title.Default).toBe(value);
      else expect(() => fillTitle(value)).toThrow('must be one line without control characters');
    }),
    { numRuns: 200 },
  );
});
