import { describe, expect, test } from 'vitest';
import { parseComponentScope } from '../../../../src/core/component/scope.ts';

const NAMES = ['lambda:billing', 'lambda:billing-test', 'lambda:orders', 'stack:shop'];
const within = (text: string): string[] => NAMES.filter(parseComponentScope(text, 'scope.txt'));

describe('a scope', () => {
  test.each([
    ['lambda:billing', ['lambda:billing']],
    ['lambda:*\n!*-test', ['lambda:billing', 'lambda:orders']],
    ['# ours\r\n  lambda:orders   # the shop\r\n\r\nstack:*\r\n', ['lambda:orders', 'stack:shop']],
    ['! lambda:*', ['stack:shop']],
    ['!nothing', NAMES],
    ['*', NAMES],
    ['nothing', []],
  ])('%j', (text, names) => expect(within(text)).toEqual(names));

  test('never hides what no call named', () => {
    const isIn = parseComponentScope('lambda:*\n!ecs:*', 'scope.txt');
    expect(['ecs:?', 'lambda:?', 'ecs:web'].map(isIn)).toEqual([true, true, false]);
  });

  test.each([
    // By the whole name, without what it lies in, and by that alone.
    ['ecs:prod/web', 'ecs:prod/web', true],
    ['ecs:web', 'ecs:prod/web', true],
    ['ecs:prod', 'ecs:prod/web', true],
    ['ecs:prod/*', 'ecs:prod/web', true],
    ['ecs:stage', 'ecs:prod/web', false],
    ['!ecs:web', 'ecs:prod/web', false],
    ['!ecs:prod', 'ecs:prod/web', true],
    // ARNs, patterns in them included, and other spellings of a name.
    ['arn:aws:ecs:eu-west-1:111122223333:service/prod/web', 'ecs:prod/web', true],
    ['arn:aws:ecs:*:*:service/prod/*', 'ecs:prod/web', true],
    ['arn:aws:ecs:*:*:service/stage/*', 'ecs:prod/web', false],
    ['arn:aws:lambda:*:*:function:billing-*', 'lambda:billing-a', true],
    ['arn:aws:lambda:*:*:function:billing-*', 'lambda:orders', false],
    ['arn:aws:iam::*:role/*', 'iam:app', true],
    // It may be a user, and only a whole name leaves something out.
    ['!arn:aws:iam::*:role/*', 'iam:app', true],
    ['!arn:aws:iam::111122223333:role/app', 'iam:app', false],
    ['arn:aws:databrew:*:*:job/*', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', true],
    ['rds:Orders-DB', 'rds:orders-db', true],
    ['ssm:/debug', 'ssm:debug', true],
    ['!ssm:/*', 'ssm:debug', true],
    // Slashes that are part of names.
    ['logs:orders', 'logs:/aws/lambda/orders', false],
    ['ssm:password', 'ssm:/shop/password', false],
    // ARNs of services that nobody knows.
    ['databrew:*', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', true],
    ['databrew:etl', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', true],
    ['databrew:job/etl', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', true],
    ['!databrew:*', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', false],
    ['lambda:*', 'arn:aws:databrew:eu-west-1:111122223333:job/etl', false],
  ])('%j and %s: %s', (pattern, component, isIn) => {
    expect(parseComponentScope(pattern, 'scope.txt')(component)).toBe(isIn);
  });

  test.each(['', '\n\n', '# only\n  # comments'])('%j is refused, for it would hide everything', text => {
    expect(() => within(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: 'scope.txt names no component' }),
    );
  });
});
