import { describe, expect, test } from 'vitest';
import type { Change, StackCall } from '../../../../src/core/change/change.ts';
import { ChangeSets } from '../../../../src/core/correlate/change-sets.ts';

const ARN = 'arn:aws:cloudformation:eu-west-1:111122223333:changeSet/c/7c9e6679';

function call(time: number, action: string, stack: Partial<StackCall> = {}, region = 'eu-west-1'): Change {
  return {
    id: `${action}${time}`,
    time,
    account: '111122223333',
    region,
    service: 'cloudformation',
    action,
    component: 'stack:shop',
    actor: {
      kind: 'iam-user',
      name: 'bob',
      account: undefined,
      role: undefined,
      session: undefined,
      accessKeyId: undefined,
      via: undefined,
    },
    stack: {
      name: 'shop',
      changeSet: ARN,
      serviceRole: undefined,
      changeSetName: 'c',
      prepares: action === 'ExecuteChangeSet' ? undefined : true,
      ...stack,
    },
    version: undefined,
  };
}

const create = (stack: Partial<StackCall> = {}): Change => call(1, 'CreateChangeSet', stack);
const NAMED = { changeSet: undefined };

describe('a change set', () => {
  test.each<[string, Change, readonly Change[], boolean]>([
    ['that nobody carries out', create(), [], true],
    ['that is carried out by its ARN', create(), [call(2, 'ExecuteChangeSet', { name: undefined })], false],
    ['that is carried out by its name', create(), [call(2, 'ExecuteChangeSet', NAMED)], false],
    ['whose ARN is not told', create(NAMED), [call(2, 'ExecuteChangeSet')], false],
    [
      'beside another one of the same name',
      create(),
      [call(2, 'ExecuteChangeSet', { changeSet: `${ARN}1` })],
      true,
    ],
    ['of another stack', create(), [call(2, 'ExecuteChangeSet', { ...NAMED, name: 'shop-2' })], true],
    ['elsewhere', create(), [call(2, 'ExecuteChangeSet', NAMED, 'eu-west-2')], true],
    ['carried out before it was made', create(), [call(0, 'ExecuteChangeSet', NAMED)], true],
    ['that makes a stack', create({ prepares: undefined }), [], false],
    ['that is thrown away', call(3, 'DeleteChangeSet'), [call(2, 'ExecuteChangeSet')], true],
  ])('%s', (_, change, calls, isIdle) => {
    const sets = new ChangeSets();
    for (const each of [change, ...calls]) sets.add(each);
    expect(sets.isIdle(change)).toBe(isIdle);
    for (const each of calls) expect(sets.isIdle(each)).toBe(false);
  });
});
