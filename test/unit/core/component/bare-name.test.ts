import { describe, expect, it } from 'vitest';
import { findByName, findNearComponents, isSeen } from '../../../../src/core/component/bare-name.ts';

const ARN = 'arn:aws:databrew:eu-west-1:111122223333:job/etl';

describe('findByName', () => {
  it.each([
    [
      'orders',
      ['lambda:orders', 'stack:orders', 'ecs:prod/orders'],
      'lambda:orders',
      ['ecs:orders', 'stack:orders'],
    ],
    ['orders', ['sqs:orders', 'stack:orders'], 'stack:orders', ['sqs:orders']],
    ['orders', ['sqs:orders', 'lambda:billing'], 'sqs:orders', []],
    // A name that lies in several places is asked for in all of them, as `ecs:web` is.
    ['web', ['ecs:prod/web', 'ecs:test/web'], 'ecs:web', []],
    ['prod/web', ['ecs:prod/web', 'ecs:test/web'], 'ecs:prod/web', []],
    ['prod', ['ecs:prod/web'], 'ecs:prod', []],
    ['etl', [ARN], ARN, []],
    ['orders', ['sqs:orders', 'sns:orders'], undefined, ['sns:orders', 'sqs:orders']],
    ['?', ['lambda:?'], undefined, []],
    ['Orders', ['lambda:orders'], undefined, []],
    ['order', ['lambda:orders'], undefined, []],
  ])('%j among %j', (name, seen, component, others) => {
    expect(findByName(name, seen)).toEqual({ component, others });
  });
});

it('what lies in something, or is known by its ARN, is seen under its shorter names, too', () => {
  const seen = ['ecs:prod/web', ARN];
  expect(['ecs:web', 'ecs:prod', 'databrew:etl', ARN].map(each => isSeen(each, seen))).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(['ecs:test/web', 'lambda:web'].map(each => isSeen(each, seen))).toEqual([false, false]);
});

it('near names are of whatever kind, and no more than a few', () => {
  expect(
    findNearComponents('lambda:ordres', ['lambda:orders', 'stack:orders', 'lambda:?', 'sqs:billing']),
  ).toEqual(['lambda:orders', 'stack:orders']);
  expect(findNearComponents('lambda:orders', ['ecs:orders'])).toEqual(['ecs:orders']);
  expect(findNearComponents('zzz', ['lambda:orders'])).toEqual([]);
  const many = Array.from({ length: 20 }, (_, rank) => `lambda:orders-${rank}`);
  expect(findNearComponents('orders', many)).toHaveLength(5);
});
