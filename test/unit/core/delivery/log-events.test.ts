import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ageProblem,
  checkLogEvent,
  type LogEvent,
  planLogBatches,
  toStreamName,
  toTimestamp,
} from '../../../../src/core/delivery/log-events.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

// Written a second time on purpose, from
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const MAX_BYTES = 1_048_576;
const DAY_MS = 86_400_000;
const NOON = Date.UTC(2025, 11, 14, 12);

function eventOf(uid: string, fields: Partial<LogEvent> = {}): LogEvent {
  return { uid, stream: 's', timestamp: NOON, message: 'm', ...fields };
}

function bytesOf(events: readonly LogEvent[]): number {
  return events.reduce((sum, { message }) => sum + new TextEncoder().encode(message).length + 26, 0);
}

describe('planLogBatches', () => {
  test('stays within every limit, loses nothing, and keeps to one stream and to the order of time in a batch', () => {
    const shape = fc.record({
      stream: fc.constantFrom('a', 'b', 'c'),
      timestamp: fc.oneof(
        fc.integer({ min: NOON, max: NOON + 1000 }),
        fc.integer({ min: NOON - 13 * DAY_MS, max: NOON }),
      ),
      message: fc
        .tuple(fc.oneof(fc.nat(400), fc.nat(240_000)), fc.constantFrom('x', 'é', '🚀'))
        .map(([length, character]) => character.repeat(length)),
    });
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 120, size: 'max' }), shapes => {
        const events = shapes.map((fields, index) => eventOf(String(index), fields));
        const batches = planLogBatches(events);
        const uids = batches.flatMap(batch => batch.events.map(({ uid }) => uid));
        expect(uids.toSorted()).toEqual(events.map(({ uid }) => uid).toSorted());
        for (const batch of batches) {
          const times = batch.events.map(({ timestamp }) => timestamp);
          expect(batch.events.length).toBeGreaterThan(0);
          expect(batch.events.filter(({ stream }) => stream !== batch.stream)).toEqual([]);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
          expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(DAY_MS);
          expect(bytesOf(batch.events)).toBeLessThanOrEqual(MAX_BYTES);
        }
      }),
      { numRuns: 12 },
    );
  });

  test('fills a batch up to 10,000 events', () => {
    const events = Array.from({ length: 20_001 }, (_, index) => eventOf(String(index)));
    expect(planLogBatches(events).map(batch => batch.events.length)).toEqual([10_000, 10_000, 1]);
  });

  test('fills a batch up to 1,048,576 bytes, of which each event takes 26', () => {
    const half = MAX_BYTES / 2 - 26;
    const pair = (extra: number): LogEvent[] => [
      eventOf('a', { message: 'é'.repeat(half / 2) }),
      eventOf('b', { message: 'x'.repeat(half + extra) }),
    ];
    expect(bytesOf(pair(0))).toBe(MAX_BYTES);
    expect(planLogBatches(pair(0))).toHaveLength(1);
    expect(planLogBatches(pair(1))).toHaveLength(2);
  });

  test('holds what lies exactly 24 hours apart together, and nothing further', () => {
    const plan = (apart: number): number =>
      planLogBatches([eventOf('a'), eventOf('b', { timestamp: NOON + apart })]).length;
    expect(plan(DAY_MS)).toBe(1);
    expect(plan(DAY_MS + 1)).toBe(2);
  });

  test('keeps the given order where times are equal', () => {
    const events = ['c', 'a', 'b'].map(uid => eventOf(uid));
    expect(planLogBatches([eventOf('later', { timestamp: NOON + 1 }), ...events])).toEqual([
      { stream: 's', events: [...events, eventOf('later', { timestamp: NOON + 1 })] },
    ]);
  });

  test('nothing gives no batch', () => {
    expect(planLogBatches([])).toEqual([]);
  });
});

describe('checkLogEvent', () => {
  test('takes an event of 1,000,000 bytes with its overhead, and none larger', () => {
    expect(() => checkLogEvent(eventOf('a', { message: 'é'.repeat(499_987) }))).not.toThrow();
    expect(() => checkLogEvent(eventOf('a', { message: `é${'x'.repeat(999_973)}` }))).toThrow(
      expect.objectContaining({
        code: 'EVENT_TOO_LARGE',
        message: expect.stringContaining('1000001 bytes; at most 1000000'),
      }),
    );
  });
});

describe('toStreamName', () => {
  test.each([
    ['lambda:resize-image', 'lambda-resize-image/2025-12-14'],
    ['stack:a:b*c', 'stack-a-b-c/2025-12-14'],
    [
      'arn:aws:lambda:us-east-2:999988887777:function:thumbnail',
      'arn-aws-lambda-us-east-2-999988887777-function-thumbnail/2025-12-14',
    ],
    ['lambda:größe/𝛼', 'lambda-größe/𝛼/2025-12-14'],
  ])('of %s is %s', (component, name) => {
    expect(toStreamName(sampleMarker({ component }))).toBe(name);
  });

  test('has the day of the deploy, or of the record where there is no deploy yet', () => {
    const { deployed_at: _, ...pending } = sampleMarker({ recorded_at: '2025-12-31T23:59:59Z' });
    expect(toStreamName(pending)).toBe('lambda-resize-image/2025-12-31');
    expect(toTimestamp(pending)).toBe(Date.UTC(2025, 11, 31, 23, 59, 59));
    expect(toTimestamp(sampleMarker())).toBe(Date.UTC(2025, 11, 14, 8, 12, 34));
  });

  test('is legal whatever the component, and never begins with half a character', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ':', '*', '/', 'é', '🚀'),
      maxLength: 1010,
      size: 'max',
    });
    fc.assert(
      fc.property(text, rest => {
        const name = toStreamName(sampleMarker({ component: `stack:${rest}` }));
        const isWellFormed = Buffer.from(name).toString() === name;
        return /^[^:*]{1,512}$/.test(name) && isWellFormed && name.endsWith('/2025-12-14');
      }),
      // Shrinking such long texts takes minutes.
      { endOnFailure: true },
    );
    expect(toStreamName(sampleMarker({ component: `stack:${'🚀'.repeat(300)}` }))).toBe(
      `${'🚀'.repeat(250)}/2025-12-14`,
    );
  });

  test('keeps the end of a long component', () => {
    const name = toStreamName(sampleMarker({ component: `arn:${'x'.repeat(600)}:function:thumbnail` }));
    expect(name).toHaveLength(512);
    expect(name.endsWith('-function-thumbnail/2025-12-14')).toBe(true);
  });
});

describe('ageProblem', () => {
  test.each([
    [-14 * DAY_MS, undefined],
    [-14 * DAY_MS - 1, 'it is more than 14 days old'],
    [2 * 3_600_000, undefined],
    [2 * 3_600_000 + 1, 'it is more than 2 hours in the future'],
  ])('of an event %i ms from now is %s', (apart, problem) => {
    expect(ageProblem(NOON + apart, NOON)).toBe(problem);
  });
});
