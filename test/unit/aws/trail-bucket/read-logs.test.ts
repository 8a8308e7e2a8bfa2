import { createHash, randomBytes } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { PlaceLogs, ReadLogs } from '../../../../src/aws/trail-bucket/read-logs.ts';

const FOLDER = 'prod/AWSLogs/o-abc1234567/111122223333/CloudTrail/eu-west-1/';
const keyOf = (unique: string, day = '2026/11/28', stamp = '20261128T1205Z') =>
  `${FOLDER}${day}/111122223333_CloudTrail_eu-west-1_${stamp}_${unique}.json.gz`;
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** All forms that a key below the folder of a Region may have. */
const KEYS = [
  keyOf('0123456789abcdef'),
  keyOf('0123456789abcdef', '2026/11/27'),
  keyOf('0123456789abcdef', '2026/11/28', '20261128T1206Z'),
  keyOf('0123456789abcdef').replace('.json.gz', '.json'),
  keyOf('größe'),
  keyOf('x').replace('111122223333_', '999999999999_'),
  keyOf('x', '2026/11/28', 'later'),
  `${FOLDER}2026/11/28/20261128T1205Z_x.json.gz`,
  `${FOLDER}2026/11/28/copy.json.gz`,
];

describe('the logs of a place', () => {
  test('are kept apart whatever their names are, each with its hash', () => {
    const logs = new PlaceLogs(FOLDER);
    // More than there is room for at first.
    const keys = [...KEYS, ...Array.from({ length: 200 }, (_, rank) => keyOf(`${rank}`))];
    for (const key of keys) {
      const hash = logs.watch(key);
      expect(logs.hashOf(key)).toBeUndefined();
      hash.update(Buffer.from(key));
      hash.end();
    }
    expect(logs.size).toBe(keys.length);
    for (const key of keys) expect(logs.hashOf(key), key).toBe(hashOf(key));
    expect([...logs.unsigned()]).toEqual(keys);
    expect(logs.has(keyOf('none'))).toBe(false);
  });

  test('are signed for once, and others not at all', () => {
    const logs = new PlaceLogs(FOLDER);
    for (const key of KEYS) logs.watch(key);
    const [first = '', ...others] = KEYS;
    expect([logs.sign(first), logs.sign(first), logs.sign(keyOf('none'))]).toEqual([true, false, false]);
    expect([...logs.unsigned()]).toEqual(others);
  });

  test('that are not one stream of gzip have no hash that anybody signs', () => {
    const logs = new PlaceLogs(FOLDER);
    const hash = logs.watch(keyOf('x'));
    hash.tellOdd();
    hash.end();
    expect([hash.value, logs.hashOf(keyOf('x'))]).toEqual(['odd', 'odd']);
  });

  test('cost less than 200 bytes each: a million of them fit beside the changes', () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const measure = (): number => {
      collect();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return heapUsed + arrayBuffers;
    };
    const many = 200_000;
    const logs = new PlaceLogs(FOLDER);
    const before = measure();
    for (let rank = 0; rank < many; rank += 1) {
      // As a list gives it: a text of its own.
      logs.watch(Buffer.from(keyOf(randomBytes(8).toString('hex'))).toString()).end();
    }
    expect((measure() - before) / many).toBeLessThan(200);
    expect(logs.size).toBe(many);
  });
});

describe('all logs that were read', () => {
  test('are counted, those too that no digest can tell of', () => {
    const logs = new ReadLogs();
    for (const key of KEYS) expect(logs.watch(key)).toBeDefined();
    expect(logs.watch('copy/one.json.gz')).toBeUndefined();
    expect(logs.count).toBe(KEYS.length + 1);
    expect(logs.of({ folder: FOLDER }).size).toBe(KEYS.length);
    expect(logs.of({ folder: 'other/' }).size).toBe(0);
  });
});
