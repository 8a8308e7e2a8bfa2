import { expect, test } from 'vitest';
import { commonFolder, deliveredIn, stampOf, toStamp } from '../../../../src/aws/trail-bucket/delivered.ts';
import { ObjectQueue } from '../../../../src/aws/trail-bucket/object-queue.ts';

const at = (text: string): number => Date.parse(text);

test.each([
  ['2026-11-27T01:00:00Z', '2026-11-27T23:00:00Z', '2026/11/27/'],
  ['2026-11-27T23:00:00Z', '2026-11-28T01:00:00Z', '2026/11/'],
  ['2026-11-30T23:00:00Z', '2026-12-01T01:00:00Z', '2026/'],
  ['2026-12-31T23:00:00Z', '2027-01-01T01:00:00Z', ''],
])('from %s until %s all days are in %j', (from, until, folder) => {
  expect(commonFolder({ from: at(from), until: at(until) })).toBe(folder);
});

test('logs are delivered from shortly before a time until late after it', () => {
  const range = { from: at('2026-11-27T00:03:00Z'), until: at('2026-11-27T01:00:00Z') };
  const { from, until } = deliveredIn(range, 6 * 3_600_000);
  expect([toStamp(from), toStamp(until)]).toEqual(['20261126T2358Z', '20261127T0700Z']);
});

test.each([
  ['111122223333_CloudTrail_eu-west-1_20261127T0905Z_abc.json.gz', '2026-11-27T09:05:00Z'],
  ['1_CloudTrail-Digest_eu-west-1_t_us-east-1_20261127T090507Z.json.gz', '2026-11-27T09:05:07Z'],
  ['1_CloudTrail-Digest_eu-west-1_t_us-east-1_20261127T090507Z_backfill.json.gz', '2026-11-27T09:05:07Z'],
  ['copy.json', undefined],
  ['1_CloudTrail_eu-west-1_20261327T0905Z_abc.json.gz', undefined],
])('%s is of %s', (name, time) => {
  expect(stampOf(name)).toBe(time === undefined ? undefined : at(time));
});

test('a queue makes who finds wait, hands everything on, and fails as they do', async () => {
  const queue = new ObjectQueue<number>(2);
  const finding = (async () => {
    for (let item = 0; item < 10; item += 1) await queue.put(item);
    queue.close({ reason: new Error('lost') });
  })();
  const got: number[] = [];
  const reading = (async () => {
    for await (const item of queue) got.push(item);
  })();
  await expect(reading).rejects.toThrow('lost');
  await finding;
  expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(await queue.put(11)).toBe(false);
});
