import { describe, expect, test } from 'vitest';
import { parseComponentScope } from '../../../../src/core/component/scope.ts';

const NAMES = ['lambda:billing', 'lambda:billing-test', 'lambda:orders', 'stack:shop'];
const within = (text: string): string[] => {
  const isIn = parseComponentScope(text, 'scope.txt');
  return NAMES.filter(name => isIn(name));
};

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
    expect(['ecs:?', 'lambda:?', 'ecs:web'].map(name => isIn(name))).toEqual([true, true, false]);
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
    // Where it is nobody tells here.
    ['!arn:aws:iam::111122223333:role/app', 'iam:app', true],
    ['!iam:app', 'iam:app', false],
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

  const HOME = { account: '111122223333', region: 'eu-west-1' };
  test.each([
    ['arn:aws:lambda:eu-west-1:111122223333:function:billing', HOME, true],
    ['arn:aws:lambda:eu-west-1:111122223333:function:billing', { ...HOME, account: '999999999999' }, false],
    ['arn:aws:lambda:eu-west-1:111122223333:function:billing', { ...HOME, region: 'us-east-1' }, false],
    ['arn:aws:lambda:eu-west-1:111122223333:function:billing', { account: '111122223333' }, true],
    ['arn:aws:lambda:eu-*:*:function:bill*', { ...HOME, account: '999999999999' }, true],
    ['arn:aws:lambda:eu-*:*:function:bill*', { ...HOME, region: 'us-east-1' }, false],
    ['lambda:999999999999:function:billing', HOME, false],
    ['arn:aws:lambda:us-east-1:999999999999:function:billing\nlambda:bill*', HOME, true],
    // What is left out is left out of its place only.
    ['!arn:aws:lambda:eu-west-1:111122223333:function:billing', HOME, false],
    ['!arn:aws:lambda:eu-west-1:111122223333:function:billing', { ...HOME, account: '999999999999' }, true],
    ['!arn:aws:lambda:eu-west-1:111122223333:function:billing', { ...HOME, region: 'us-east-1' }, true],
    ['!arn:aws:lambda:eu-west-1:111122223333:function:billing', {}, true],
    // The Region of what is global says nothing.
    [
      'arn:aws:lambda:eu-west-1:111122223333:function:billing',
      { account: '111122223333', region: 'us-east-1', isGlobal: true },
      true,
    ],
  ])('%s and %j: %s', (text, told, isIn) => {
    expect(parseComponentScope(text, 'scope.txt')('lambda:billing', told)).toBe(isIn);
  });

  test.each(['', '\n\n', '# only\n  # comments'])('%j is refused, for it would hide everything', text => {
    expect(() => within(text)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: 'scope.txt names no component' }),
    );
  });
});
