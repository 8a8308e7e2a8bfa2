import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planBatches, putAuditEventsProblems, toBatches } from '../../../../src/core/delivery/batches.ts';
import type { AuditEventEntry } from '../../../../src/core/marker/event.ts';

function entryOf(id: string, length: number, character = 'x'): AuditEventEntry {
  return { id, eventData: character.repeat(length), eventDataChecksum: 'c'.repeat(44) };
}

function bodyBytes(batch: readonly AuditEventEntry[]): number {
  return new TextEncoder().encode(JSON.stringify({ auditEvents: batch })).length;
}

describe('planBatches', () => {
  test('keeps order, loses nothing, stays within every limit, and never repeats an id in a batch', () => {
    const entry = fc
      .tuple(
        fc.integer({ min: 0, max: 300 }),
        fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 100_000 })),
        fc.constantFrom('x', '"', 'é', '🚀'),
      )
      .map(([id, length, character]) => entryOf(`id-${id}`, length, character));
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 260, size: 'max' }), entries => {
        const batches = planBatches(entries);
        expect(batches.flat()).toEqual(entries);
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(100);
          expect(new Set(batch.map(({ id }) => id)).size).toBe(batch.length);
          expect(bodyBytes(batch)).toBeLessThan(1_000_000);
        }
      }),
      { numRuns: 8 },
    );
  });

  test('fills a batch up to 100 events', () => {
    const entries = Array.from({ length: 201 }, (_, i) => entryOf(String(i), 10));
    expect(planBatches(entries).map(batch => batch.length)).toEqual([100, 100, 1]);
  });

  test('fills a batch up to just under 1,000,000 bytes', () => {
    const empty = bodyBytes([entryOf('a', 0), entryOf('b', 0), entryOf('c', 0), entryOf('d', 0)]);
    const lastLength = (total: number): number => total - empty - 3 * 245_000;
    const entries = (total: number): AuditEventEntry[] => [
      ...['a', 'b', 'c'].map(id => entryOf(id, 245_000)),
      entryOf('d', lastLength(total)),
    ];
    expect(bodyBytes(entries(1_000_000))).toBe(1_000_000);
    expect(planBatches(entries(999_998))).toHaveLength(1);
    expect(planBatches(entries(1_000_000)).map(batch => batch.length)).toEqual([3, 1]);
  });

  test('an id that comes again opens the next batch', () => {
    const ids = ['a', 'b', 'a', 'b', 'c', 'c'];
    expect(planBatches(ids.map(id => entryOf(id, 1))).map(batch => batch.map(({ id }) => id))).toEqual([
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['c'],
    ]);
  });

  test('nothing gives no batch', () => {
    expect(planBatches([])).toEqual([]);
  });
});

describe('putAuditEventsProblems', () => {
  const entries = (count: number): object[] => Array.from({ length: count }, (_, i) => ({ id: `${i}` }));
  test.each<[string, object[], string[]]>([
    ['100 events', entries(100), []],
    ['101 events', entries(101), ['auditEvents has 101 events, of which PutAuditEvents takes 100']],
    [
      'a body of 1,000,000 bytes',
      [{ id: 'a', eventData: 'x'.repeat(1_000_000 - 43) }],
      ['auditEvents has 1000000 bytes, of which PutAuditEvents takes less than 1000000'],
    ],
    ['one byte less', [{ id: 'a', eventData: 'x'.repeat(1_000_000 - 44) }], []],
    [
      'an id twice, and others',
      [{ id: 'a' }, { id: 'b' }, { id: 'a' }, { id: 'b' }, {}, null as never, {}],
      ['auditEvents has the id "a" and 1 more more than once'],
    ],
  ])('%s', (_, given, messages) => {
    expect(putAuditEventsProblems(given).map(({ message }) => message)).toEqual(messages);
  });
});

describe('AuditBatch', () => {
  test('has the body of its entries, and of those that are left after some', () => {
    const entry = fc
      .tuple(fc.string({ unit: fc.constantFrom('a', '"', '\\', ',', 'é', '🚀'), maxLength: 8 }), fc.nat(40))
      .map(([text, length]) => entryOf(text, length, text.slice(0, 1) || '"'));
    const entries = fc.uniqueArray(entry, { selector: ({ id }) => id, minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(entries, fc.func(fc.boolean()), fc.func(fc.boolean()), (list, isLeft, isLeftAgain) => {
        const bodyOf = (auditEvents: readonly AuditEventEntry[]): string => JSON.stringify({ auditEvents });
        const idsOf = (some: readonly AuditEventEntry[]): Set<string> => new Set(some.map(({ id }) => id));
        const [batch] = toBatches(list);
        expect(batch?.body).toBe(bodyOf(list));
        const left = list.filter(({ id }) => isLeft(id));
        const rest = batch?.only(idsOf(left));
        expect(rest?.size).toBe(left.length);
        expect(rest?.body).toBe(bodyOf(left));
        const last = left.filter(({ id }) => isLeftAgain(id));
        expect(rest?.only(idsOf(last)).body).toBe(bodyOf(last));
      }),
    );
  });
});
