import { describe, expect, test } from 'vitest';
import { createConfigPace, openConfigHistory } from '../../../../src/aws/config/config-history.ts';
import type { HistoryQuery } from '../../../../src/aws/config/history-walk.ts';
import { createConfigState, type FakeItem } from '../../../fakes/config/config-state.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const DAY = 86_400_000;
const NOW = Math.floor(Date.now() / 1000) * 1000;
const TYPE = 'AWS::Lambda::Function';
const { signal } = new AbortController();

const aws = useAwsServer();

const open = () =>
  openConfigHistory({ region: 'eu-west-1', env: aws.server.env(), maxAttempts: 1 }, createConfigPace());
const item = (daysAgo: number, more: Partial<FakeItem> = {}): FakeItem => ({
  resourceType: TYPE,
  resourceId: 'a',
  capturedAt: NOW - daysAgo * DAY,
  configuration: {},
  ...more,
});
const query = (firstDaysAgo: number, lastDaysAgo = firstDaysAgo): HistoryQuery => ({
  type: TYPE,
  resourceId: 'a',
  first: NOW - firstDaysAgo * DAY,
  last: NOW - lastDaysAgo * DAY,
  through: NOW - lastDaysAgo * DAY,
  until: NOW,
  signal,
});
const fill = (...items: FakeItem[]): void => {
  aws.server.state.configs.set('111122223333/eu-west-1', createConfigState(items));
};
const daysOf = async (asked: HistoryQuery): Promise<number[]> =>
  (await open().read(asked)).items.map(({ time }) => Math.round((NOW - time) / DAY));

describe('items around changes', () => {
  test('one before and all after, in as few calls as there are pages', async () => {
    fill(item(3), item(0.5), item(0.2));
    expect(await daysOf(query(1))).toEqual([3, 1, 0]);
    expect(aws.server.requests).toHaveLength(1);
  });

  test('the one before may be weeks old, and the one after may come weeks later', async () => {
    fill(item(60), item(10));
    expect(await daysOf(query(30))).toEqual([60, 10]);
  });

  test('a resource that was first seen after the change has none before: nothing further is asked', async () => {
    fill(item(0.5, { status: 'ResourceDiscovered' }));
    expect(await daysOf(query(1))).toEqual([1]);
    expect(aws.server.requests).toHaveLength(1);
  });

  test('between the first and the last change all are wanted, over any time', async () => {
    fill(...[40, 20, 18, 15, 9, 3].map(days => item(days)));
    expect(await daysOf(query(19, 4))).toEqual([20, 18, 15, 9, 3]);
  });

  test('what Config does not know, and where there is no recorder', async () => {
    fill();
    expect(await open().read(query(1))).toMatchObject({ items: [], none: 'not-discovered' });
    aws.server.state.configs.clear();
    expect(await open().read(query(1))).toMatchObject({ items: [], none: 'no-recorder' });
  });
});

test('many at once are no more than five a second', async () => {
  fill(item(3), item(0.5));
  const config = open();
  const found = await Promise.all(Array.from({ length: 11 }, () => config.read(query(1))));
  expect(found.every(({ items }) => items.length === 2)).toBe(true);
  config.close();
});

test('an id by the name: the living one before one that is deleted', async () => {
  const named = (resourceId: string, more: Partial<FakeItem>): FakeItem =>
    item(1, { resourceId, resourceType: 'AWS::IAM::Role', resourceName: 'deploy', ...more });
  fill(named('AROAOLD', { status: 'ResourceDeleted' }), named('AROANEW', {}));
  expect(await open().findId('AWS::IAM::Role', 'deploy', signal)).toBe('AROANEW');
  expect(await open().findId('AWS::IAM::Role', 'nobody', signal)).toBeUndefined();
});
