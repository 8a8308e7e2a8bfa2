import { expect, test } from 'vitest';
import type { Fields } from '../../../../src/core/base/fields.ts';
import { LateAnswer, LOOKED_AT } from '../../../../src/core/change/brief-record.ts';
import { createRecordReader } from '../../../../src/core/change/record.ts';
import { makeWorld } from '../../../trail-world/world.ts';

const RECORDS = makeWorld({ seed: 7 }).records;

function readAll(records: readonly unknown[]) {
  const told: unknown[] = [];
  const read = createRecordReader(
    { services: 'all', isHumanRole: name => name.includes('admin') },
    {
      change: (change, asked) => told.push({ change, asked }),
      chain: chain => told.push({ chain }),
      idle: call => told.push({ idle: call }),
      record: (...seen) => told.push(seen),
      unread: record => told.push({ unread: record }),
    },
  );
  for (const record of records) read(record);
  return told;
}

test('no other field of a record is looked at', () => {
  const known: readonly PropertyKey[] = LOOKED_AT;
  const others = new Set<PropertyKey>();
  const watched = RECORDS.map(
    record =>
      new Proxy(record, {
        get(target, name) {
          if (!known.includes(name)) others.add(name);
          return Reflect.get(target, name);
        },
        ownKeys(target) {
          others.add('all of them');
          return Reflect.ownKeys(target);
        },
      }),
  );
  expect(readAll(watched)).toEqual(readAll(RECORDS));
  expect([...others]).toEqual([]);
});

class Late extends LateAnswer {
  readonly #answer: Fields;

  constructor(answer: Fields) {
    super();
    this.#answer = answer;
  }

  field(name: string): unknown {
    return this.#answer[name];
  }

  fields(): Fields {
    return this.#answer;
  }
}

test('an answer that is parsed late tells the same', () => {
  const late = RECORDS.map(record => {
    const { responseElements: answer } = record;
    return answer === null ? record : { ...record, responseElements: new Late({ ...answer }) };
  });
  expect(readAll(late)).toEqual(readAll(RECORDS));
});
