import { expect, test } from 'vitest';
import { IdleCalls } from '../../../../src/core/no-change/idle-calls.ts';

test('idle calls are told by name, the most frequent first, and all of them are counted', () => {
  const calls = new IdleCalls();
  expect(calls.told('idle')).toBeUndefined();
  for (let times = 0; times < 1200; times += 1) calls.add({ service: 'kms', action: 'Decrypt' });
  for (const action of ['J', 'I', 'H', 'G', 'F', 'E', 'D', 'C', 'B', 'A'])
    calls.add({ service: 'sts', action });
  expect(calls.told('idle')).toEqual({
    kind: 'left-out',
    message:
      'idle: kms:Decrypt 1,200, sts:A 1, sts:B 1, sts:C 1, sts:D 1, sts:E 1, sts:F 1, sts:G 1, and 3 more kinds of call',
    count: 1210,
  });
});
