import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Actor, Change } from '../../../../src/core/change/change.ts';
import { ChangeStore } from '../../../../src/core/change/store.ts';

const ACTOR: Actor = {
  kind: 'session',
  name: 'arn:aws:sts::111122223333:assumed-role/deploy/ci',
  account: '111122223333',
  role: 'deploy',
  session: 'ci',
  accessKeyId: 'ASIA1',
  via: undefined,
};

function changeOf(id: string, fields: Partial<Change> = {}): Change {
  return {
    id,
    time: 1_000,
    account: '111122223333',
    region: 'eu-west-1',
    service: 'lambda',
    action: 'UpdateFunctionCode',
    component: 'lambda:orders',
    actor: ACTOR,
    stack: undefined,
    version: undefined,
    ...fields,
  };
}

function storeOf(...changes: readonly Change[]): ChangeStore {
  const store = new ChangeStore();
  for (const change of changes) store.add(change);
  return store;
}

describe('a store of changes', () => {
  test('tells apart calls that changed other things besides', () => {
    const changes = [
      changeOf('a'),
      changeOf('b', { others: ['lambda:a'] }),
      changeOf('c', { others: ['lambda:a', 'lambda:b'] }),
    ];
    expect([...storeOf(...changes)]).toEqual(changes);
  });

  test('gives back any changes as they came, whatever they share', () => {
    const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
    const fields = fc.record({
      account: one('111122223333', '111122223334', ''),
      region: one('eu-west-1', 'eu-west-2', ''),
      service: one('lambda', 'iam'),
      action: one('Create', 'Delete'),
      component: one('a:b', 'a:b c', 'a', 'a:b c d'),
      others: one<readonly string[] | undefined>(undefined, ['c'], ['c', 'd'], ['c d']),
      actor: one(ACTOR, { ...ACTOR, session: 'other' }, { ...ACTOR, via: 'codedeploy' }),
      stack: one<Change['stack']>(
        undefined,
        { name: 'b', changeSet: undefined, serviceRole: undefined },
        { name: undefined, changeSet: 'b', serviceRole: undefined },
      ),
      isGlobal: one<true | undefined>(undefined, true),
    });
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 60, size: 'max' }), list => {
        const changes = list.map((each, rank) => changeOf(`id-${rank}`, each));
        const store = storeOf(...changes);
        expect([...store]).toEqual(changes);
        const leading = changes.filter(
          ({ stack, actor }) => stack !== undefined || actor.via === 'codedeploy',
        );
        expect([...store.leading()]).toEqual(leading);
      }),
    );
  });

  test('gives back what it took, in that order', () => {
    const changes = [
      changeOf(randomUUID(), { time: 5 }),
      changeOf(randomUUID(), { time: 3, version: '7', actor: { ...ACTOR, session: 'other' } }),
      changeOf(randomUUID(), { action: 'PublishVersion', version: '8' }),
      changeOf(randomUUID(), {
        service: 'cloudformation',
        component: 'stack:shop',
        stack: { name: 'shop', changeSet: 'arn:x', serviceRole: 'cfn' },
      }),
      changeOf(randomUUID(), {
        service: 'cloudformation',
        component: 'stack:shop',
        stack: { name: 'shop', changeSet: undefined, serviceRole: undefined },
      }),
    ];
    const store = storeOf(...changes);
    expect([...store]).toEqual(changes);
    // It is gone through more than once.
    expect([...store]).toEqual(changes);
    expect(store.size).toBe(5);
  });

  test('changes that differ in one thing stay apart', () => {
    const variants: Partial<Change>[] = [
      { account: '999999999999' },
      { region: 'us-east-1' },
      { service: 'ecs' },
      { action: 'DeleteFunction' },
      { component: 'lambda:other' },
      { actor: { ...ACTOR } },
      { version: '1' },
      { time: 2_000 },
    ];
    const changes = variants.map(fields => changeOf(randomUUID(), fields));
    expect([...storeOf(...changes)]).toEqual(changes);
  });

  test('takes each id once, whatever its form', () => {
    const uuid = randomUUID();
    const store = new ChangeStore();
    const ids = [uuid, 'odd', uuid.toUpperCase(), '', '', 'odd', uuid];
    expect(ids.map(id => store.add(changeOf(id)))).toEqual([true, true, true, true, true, false, false]);
    expect([...store].map(({ id }) => id)).toEqual([uuid, 'odd', uuid.toUpperCase(), '', '']);
    // What was refused leaves nothing behind for the next one.
    const next = randomUUID();
    store.add(changeOf(next));
    expect([...store].at(-1)?.id).toBe(next);
  });

  test('grows, and still knows every id', () => {
    const store = new ChangeStore();
    const ids = Array.from({ length: 10_000 }, (_, rank) =>
      rank % 100 === 0 ? `odd-${rank}` : randomUUID(),
    );
    for (const [rank, id] of ids.entries())
      expect(store.add(changeOf(id, { time: rank, component: `lambda:f${rank % 300}` }))).toBe(true);
    expect(ids.filter(id => store.add(changeOf(id)))).toEqual([]);
    expect(store.size).toBe(ids.length);
    const held = [...store];
    expect(held.map(({ id }) => id)).toEqual(ids);
    expect(
      held.every(({ time, component }, rank) => time === rank && component === `lambda:f${rank % 300}`),
    ).toBe(true);
  });

  test('ids that begin alike are told apart', () => {
    const ids = Array.from(
      { length: 2_000 },
      (_, rank) => `00000000-0000-4000-8000-${rank.toString(16).padStart(12, '0')}`,
    );
    const store = storeOf(...ids.map(id => changeOf(id)));
    expect(store.size).toBe(ids.length);
    expect([...store].map(({ id }) => id)).toEqual(ids);
  });

  test('finds ids that begin alike as fast as others', () => {
    const ids = Array.from(
      { length: 40_000 },
      (_, rank) => `00000000-${rank.toString(16).padStart(4, '0')}-4000-8000-000000000000`,
    );
    const store = new ChangeStore();
    const start = performance.now();
    for (const id of ids) store.add(changeOf(id));
    expect(store.size).toBe(ids.length);
    // By the first word alone it takes a thousand times as long.
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test('is empty at first', () => {
    expect([[...new ChangeStore()], new ChangeStore().size]).toEqual([[], 0]);
  });
});

describe('one call in the trails of two accounts', () => {
  const SHARED = randomUUID();
  const [here, there] = [randomUUID(), randomUUID()].sort();
  // The trail of the caller's account knows the caller; the function is in the other account.
  const ofCaller = changeOf(there ?? '', { sharedId: SHARED, component: 'lambda:?' });
  const bare: Actor = { ...ACTOR, name: 'AROA1:ci', role: undefined, accessKeyId: undefined };
  const ofOwner = changeOf(here ?? '', { sharedId: SHARED, account: '999988887777', actor: bare });
  const merged = {
    id: here,
    account: '999988887777',
    component: 'lambda:orders',
    actor: ACTOR,
    twins: [there],
  };

  test('is one change, whichever is read first and however often', () => {
    for (const order of [
      [ofCaller, ofOwner],
      [ofOwner, ofCaller],
      [ofOwner, ofOwner, ofCaller, ofOwner, ofCaller],
    ]) {
      const store = storeOf(...order);
      expect(store.size).toBe(1);
      expect([...store]).toMatchObject([merged]);
    }
  });

  test('keeps its place among others, and a third trail adds no more than its id', () => {
    const third = { ...ofOwner, id: randomUUID(), account: '888877776666' };
    const others = [changeOf(randomUUID()), changeOf(randomUUID())] as const;
    for (const order of [
      [others[0], ofCaller, others[1], ofOwner, third],
      [others[0], third, others[1], ofOwner, ofCaller],
    ]) {
      const [first, call, last] = storeOf(...order);
      expect([first?.id, last?.id]).toEqual([others[0].id, others[1].id]);
      expect(call).toMatchObject({ actor: ACTOR, component: 'lambda:orders' });
      expect([call?.id, ...(call?.twins ?? [])].sort()).toEqual([here, there, third.id].sort());
    }
  });

  test('is a person’s if one of them says so', () => {
    const clicked: Actor = { ...bare, kind: 'console', fromConsole: true };
    const store = storeOf(ofCaller, { ...ofOwner, actor: clicked });
    expect([...store].map(({ actor }) => actor.kind)).toEqual(['console']);
  });

  test.each<[string, Partial<Change>]>([
    ['in one account', { account: ACTOR.account ?? '' }],
    ['at another time', { time: 2_000 }],
    ['of another API', { action: 'UpdateAlias' }],
    ['of another id', { sharedId: randomUUID() }],
    ['without one', { sharedId: undefined }],
  ])('is not what two calls %s are', (_, fields) => {
    expect(storeOf(ofCaller, { ...ofOwner, ...fields }).size).toBe(2);
  });
});
