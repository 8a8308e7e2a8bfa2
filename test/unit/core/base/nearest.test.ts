import { describe, expect, test } from 'vitest';
import { findNear, offerNames } from '../../../../src/core/base/nearest.ts';
import { TEMPLATE_NAMES } from '../../../../src/core/template/names.ts';

const FLAGS = ['param', 'out', 'json', 'quiet', 'debug', 'config', 'help', 'version'];
const PARAMETERS = ['LogGroupName', 'RetentionDays', 'KmsKeyArn'];
const ROLES = ['circleci-role', 'github-role', 'marker-role', 'audit-role'];

// Seven letters may differ in three, and eight as well.
describe('edits are letters put in, taken out or exchanged', () => {
  test.each<[string, string, boolean]>([
    ['kitten', 'sittin', true],
    ['kitten', 'sitting', true],
    ['sitting', 'kitten', true],
    ['saturday', 'sunday', true],
    ['sunday', 'saturday', true],
    ['abcdefg', 'cdefgab', false],
    ['abcdefg', 'abcdxyz', true],
    ['abcdefg', 'abcwxyz', false],
    ['abcdefg', 'defgxyz', false],
    ['xabcdef', 'abcdefy', true],
    ['abcdef', 'xyabcd', false],
    ['evn', 'env', true],
    ['ab', 'ba', true],
    ['evnx', 'env', true],
    ['nev', 'env', true],
    ['vne', 'env', false],
    ['abc', 'xabz', true],
    ['abc', 'xbz', false],
  ])('%s and %s: %j', (word, name, isNear) => {
    expect(findNear(word, [name])).toEqual(isNear ? [name] : []);
  });
});

describe('near', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['lakes', TEMPLATE_NAMES, ['lake']],
    ['Trail', TEMPLATE_NAMES, ['trail']],
    ['LAKE', TEMPLATE_NAMES, ['lake']],
    ['circle-role', TEMPLATE_NAMES, ['circleci-role']],
    ['auditrole', TEMPLATE_NAMES, ['audit-role']],
    ['parm', FLAGS, ['param']],
    ['RetentionDay', PARAMETERS, ['RetentionDays']],
    ['kmskeyarn', PARAMETERS, ['KmsKeyArn']],
    // A third of four letters, rounded up.
    ['lamb', ['lake'], ['lake']],
    ['ab', ['ac'], ['ac']],
  ])('%j by its letters', (word, names, near) => {
    expect(findNear(word, names)).toEqual(near);
  });

  test.each<[string, readonly string[], readonly string[]]>([
    ['role', TEMPLATE_NAMES, ROLES],
    ['circleci', TEMPLATE_NAMES, ['circleci-role']],
    ['Days', PARAMETERS, ['RetentionDays']],
    ['arn', ['role-arn', 'channel-arn', 'env'], ['role-arn', 'channel-arn']],
    // By letters, profile is near to the first and audit-role to the second.
    ['role', ['role-arn', 'profile'], ['role-arn']],
    ['drift-role', TEMPLATE_NAMES, ['drift']],
    ['../lake', TEMPLATE_NAMES, ['lake']],
    ['lake.yaml', TEMPLATE_NAMES, ['lake']],
    ['./templates/audit-role.yaml', TEMPLATE_NAMES, ['audit-role']],
    ['My.KmsKeyArn', PARAMETERS, ['KmsKeyArn']],
  ])('%j as a piece, or with one in it', (word, names, near) => {
    expect(findNear(word, names)).toEqual(near);
  });

  test.each<[string, readonly string[]]>([
    ['', TEMPLATE_NAMES],
    ['help', TEMPLATE_NAMES],
    ['toString', TEMPLATE_NAMES],
    ['a', TEMPLATE_NAMES],
    ['il', TEMPLATE_NAMES],
    ['list', FLAGS],
    // Holds `out`, but inside a word.
    ['timeout', FLAGS],
    ['x', PARAMETERS],
    ['x', ['y']],
    ['大', TEMPLATE_NAMES],
    ['lake'.repeat(10), TEMPLATE_NAMES],
  ])('nothing is to %j', (word, names) => {
    expect(findNear(word, names)).toEqual([]);
  });
});

test('the hint offers what is near, and lists all', () => {
  expect(offerNames('a-one', ['one', 'two'], 'the names')).toBe('did you mean one? The names are one, two');
  expect(offerNames('role', ['a-role', 'b-role'], 'its names')).toBe(
    'did you mean a-role or b-role? Its names are a-role, b-role',
  );
  expect(offerNames('x', ['one', 'two'], 'the names')).toBe('the names are one, two');
});
