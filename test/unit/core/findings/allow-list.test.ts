import { describe, expect, test } from 'vitest';
import { allowedText } from '../../../../src/core/findings/acceptance.ts';
import { parseAllowList } from '../../../../src/core/findings/allow-list.ts';
import type { Finding } from '../../../../src/core/findings/finding.ts';

const FINDING: Finding = {
  id: 'person-change:e1',
  kind: 'person-change',
  message: 'm',
  time: '2026-06-01T10:00:00Z',
  component: 'lambda:billing',
  account: '111122223333',
  region: 'eu-west-1',
  action: 'UpdateFunctionCode',
  actor: 'arn:aws:iam::111122223333:user/bob',
  event_id: 'e1',
};

const listOf = (...entries: readonly object[]): string =>
  JSON.stringify(entries.map(entry => ({ why: 'OPS-1', until: '2026-12-31', ...entry })));

function allows(entry: object, finding: Finding = FINDING): boolean {
  return parseAllowList(listOf(entry), 'allow.json').some(each => each.allows(finding));
}

describe('an allowance', () => {
  test.each([
    [{ component: 'lambda:bill*' }, true],
    [{ component: 'billing' }, false],
    [{ action: 'Update*', actor: '*:user/bob' }, true],
    [{ action: 'Update*', actor: '*:user/eve' }, false],
    [{ event_id: 'e1' }, true],
    [{ event_id: 'e*' }, false],
    [{ event_id: 'e1', kind: 'person-change' }, true],
    [{ event_id: 'e1', kind: 'unexplained-change' }, false],
    [{ component: 'arn:aws:lambda:eu-west-1:111122223333:function:billing' }, true],
    // A function of that name elsewhere is another one.
    [{ component: 'arn:aws:lambda:eu-west-1:999999999999:function:billing' }, false],
    [{ component: 'arn:aws:lambda:us-east-1:111122223333:function:billing' }, false],
    [{ component: 'arn:aws:lambda:*:*:function:bill*' }, false],
  ])('%j', (entry, expected) => expect(allows(entry)).toBe(expected));

  test('of a component covers a call that changed several things only if it covers all of them', () => {
    const several = { ...FINDING, also: ['lambda:billing-test', 'lambda:orders'] };
    expect(allows({ component: 'lambda:bill*' }, several)).toBe(false);
    expect(allows({ component: 'lambda:*' }, several)).toBe(true);
    expect(allows({ action: 'Update*' }, several)).toBe(true);
  });

  test('of an actor does not cover a deploy, which has none', () => {
    const deploy: Finding = {
      id: 'd',
      kind: 'unfinished-deploy',
      message: 'm',
      time: 't',
      component: 'lambda:a',
    };
    expect(allows({ actor: 'a*' }, deploy)).toBe(false);
    expect(allows({ event_id: 'e1' }, deploy)).toBe(false);
    expect(allows({ component: 'lambda:a' }, deploy)).toBe(true);
  });

  test.each([
    ['2026-01-31', '2026-02-01T00:00:00Z', '2026-01-31'],
    ['20260131', '2026-02-01T00:00:00Z', '2026-01-31'],
    ['2026-W05-6', '2026-02-01T00:00:00Z', '2026-01-31'],
    ['2026-01-31T10:00:00+02:00', '2026-01-31T08:00:00Z', '2026-01-31T08:00:00Z'],
  ])('until %s ends at %s, and is told as %s', (until, end, told) => {
    const [allowance] = parseAllowList(listOf({ component: 'a', until }), 'allow.json');
    if (allowance === undefined) throw new Error('nothing is allowed');
    expect(allowance.until).toBe(Date.parse(end));
    expect(allowedText(allowance)).toBe(`allowed until ${told}: OPS-1`);
    expect(allowance).toMatchObject({ why: 'OPS-1', what: '{"component":"a"}' });
  });

  test('who approved it is told, and changes nothing of what is allowed', () => {
    const [allowance] = parseAllowList(listOf({ component: 'lambda:*', approved_by: 'bob' }), 'allow.json');
    if (allowance === undefined) throw new Error('nothing is allowed');
    expect(allowedText(allowance)).toBe('allowed until 2026-12-31, approved by bob: OPS-1');
    expect([allowance.what, allowance.allows(FINDING)]).toEqual(['{"component":"lambda:*"}', true]);
  });

  test('an empty list allows nothing', () => {
    expect(parseAllowList('[]', 'allow.json')).toEqual([]);
  });
});

describe('a list that does not hold', () => {
  test.each([
    ['no', 'is not JSON'],
    ['', 'is empty'],
    ['\n', 'is empty'],
    ['{}', 'is no allow list: is of the wrong type, got '],
    [listOf({}), 'must name a component, an action, an actor or an event_id'],
    [listOf({ kind: 'person-change' }), 'must name a component, an action, an actor or an event_id'],
    [listOf({ component: 'a', until: 'never' }), '/0/until must be a date, or a time with an offset'],
    [listOf({ component: 'a', until: '2026-06-01T10:00:00' }), '/0/until'],
    [listOf({ component: 'a', until: '2026-02-30' }), '/0/until'],
    [listOf({ component: 'a', why: '' }), '/0/why must not be empty'],
    [listOf({ component: '' }), '/0/component'],
    [listOf({ component: 'a', approved_by: '' }), '/0/approved_by must not be empty'],
    [listOf({ approved_by: 'bob' }), 'must name a component, an action, an actor or an event_id'],
    [
      listOf({ component: 'a' }, { component: 'b', kind: 'any' }),
      '/1/kind must be one of tampered-log, unexplained-change, .*, got "any"',
    ],
    [listOf({ component: 'a', compnent: 'b' }), '/0 has no field "compnent"'],
    ['[{"component":"a"}]', '/0/why is required; /0/until is required'],
  ])('%s', (text, message) => {
    expect(() => parseAllowList(text, 'allow.json')).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(`^allow.json .*${message.replaceAll('/', '\\/')}`),
      }),
    );
  });
});
