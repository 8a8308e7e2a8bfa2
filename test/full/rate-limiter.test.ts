import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Outcomes } from '../../src/aws/answers/outcomes.ts';
import { createRateLimiter, type RateLimiter } from '../../src/aws/client/rate-limiter.ts';
import { openLakeChannel } from '../../src/aws/cloudtrail-data/lake-channel.ts';
import { openLogGroup } from '../../src/aws/logs/log-group.ts';
import { parseChannelArn } from '../../src/core/base/arn.ts';
import { type AuditBatch, toBatches } from '../../src/core/delivery/batches.ts';
import { toAuditEvent, toAuditEventEntry } from '../../src/core/marker/event.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import type { Fault } from '../fakes/faults.ts';
import { sampleMarker } from '../unit/core/marker/sample-marker.ts';

/** Turns that are had in so many milliseconds. */
async function turnsIn(limiter: RateLimiter, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  let turns = 0;
  while (performance.now() < end) {
    await limiter.take();
    turns += 1;
  }
  return turns;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

const WORDS = { service: 'x', hintFor: () => ({}) };

function oneBatch(): AuditBatch {
  const event = toAuditEvent(sampleMarker(), { userAgent: 'x', recipientAccountId: '111122223333' });
  const [batch] = toBatches([toAuditEventEntry(event)]);
  if (batch === undefined) throw new Error('no batch');
  return batch;
}

// A busy machine delays timers: a limit that is wrong stays wrong however often it is measured.
describe.concurrent('a rate limiter', { retry: 2 }, () => {
  test('gives turns at its rate, and no burst after a pause', async () => {
    const limiter = createRateLimiter(100);
    const began = performance.now();
    for (let turn = 0; turn < 31; turn += 1) await limiter.take();
    expect(performance.now() - began).toBeGreaterThan(290);
    expect(performance.now() - began).toBeLessThan(3_000);
    await sleep(300);
    const again = performance.now();
    for (let turn = 0; turn < 11; turn += 1) await limiter.take();
    expect(performance.now() - again).toBeGreaterThan(90);
  });

  test('gives turns to many at once in order', async () => {
    const limiter = createRateLimiter(200);
    const order: number[] = [];
    await Promise.all([0, 1, 2, 3, 4].map(async turn => limiter.take().then(() => order.push(turn))));
    expect(order).toEqual([0, 1, 2, 3, 4]);
  });

  test('halves its rate when it is throttled, once in a second however often that is said', async () => {
    const limiter = createRateLimiter(100);
    await limiter.take();
    for (const _ of [1, 2, 3, 4, 5]) limiter.slowDown();
    await limiter.take();
    const began = performance.now();
    for (let turn = 0; turn < 25; turn += 1) await limiter.take();
    // 50 a second; halved five times the rate would take more than 2 s.
    expect(performance.now() - began).toBeGreaterThan(450);
    expect(performance.now() - began).toBeLessThan(1_500);
  });

  test('slows down again after it has recovered a little', async () => {
    const limiter = createRateLimiter(10);
    limiter.slowDown();
    await sleep(1050);
    // 5 a second, and 1 more after a second: recovery must not keep the next throttling from counting.
    await limiter.take();
    limiter.slowDown();
    await limiter.take();
    const began = performance.now();
    for (let turn = 0; turn < 3; turn += 1) await limiter.take();
    // Three turns at 3 a second take 1 s, at 6 a second half of it.
    expect(performance.now() - began).toBeGreaterThan(800);
  });

  test('comes back by a tenth of its rate a second', async () => {
    const limiter = createRateLimiter(50);
    limiter.slowDown();
    await sleep(2050);
    await limiter.take();
    // 25 + 2 × 5 = 35 a second.
    const turns = await turnsIn(limiter, 900);
    expect(turns).toBeGreaterThan(26);
    expect(turns).toBeLessThan(40);
  });

  test('without a limit takes one from throttling, and comes back to none', async () => {
    const limiter = createRateLimiter(Number.POSITIVE_INFINITY);
    const free = performance.now();
    for (let turn = 0; turn < 1000; turn += 1) await limiter.take();
    expect(performance.now() - free).toBeLessThan(3_000);
    limiter.slowDown();
    const slow = performance.now();
    for (let turn = 0; turn < 11; turn += 1) await limiter.take();
    // 50 a second.
    expect(performance.now() - slow).toBeGreaterThan(180);
    await sleep(5_100);
    const again = performance.now();
    for (let turn = 0; turn < 1000; turn += 1) await limiter.take();
    // At 100 a second it would take 10 s.
    expect(performance.now() - again).toBeLessThan(3_000);
  });

  test('gives up a turn when the signal says so', async () => {
    const limiter = createRateLimiter(1);
    await limiter.take();
    const controller = new AbortController();
    const turn = limiter.take(controller.signal);
    controller.abort(new Error('over'));
    await expect(turn).rejects.toThrow();
  });
});

describe('throttling by the service', () => {
  let server: AwsServer;
  beforeEach(async () => {
    server = await startAwsServer({ logGroups: ['/deploys'] });
    for (const [name, value] of Object.entries(server.env())) vi.stubEnv(name, value);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await server.close();
    expect(server.violations).toEqual([]);
  });

  const faults: [Fault, number][] = [
    [{ kind: 'throttle' }, 2],
    [{ kind: 'error', status: 503, code: 'SlowDown' }, 2],
    [{ kind: 'error500' }, 0],
    [{ kind: 'reset' }, 0],
  ];

  test.each(faults)('as %j is told to the limiter by every attempt, with Lake: %i', async (fault, times) => {
    const slowDown = vi.fn();
    const limiter = { take: async () => {}, slowDown };
    const channelArn = server.state.defaultChannelArn;
    const options = { channelArn, env: server.env() };
    server.faults.add('PutAuditEvents', fault, 2);
    const channel = openLakeChannel(options, parseChannelArn(channelArn), limiter);
    await channel.put(oneBatch(), new Outcomes([], WORDS), undefined);
    expect(server.requests).toHaveLength(3);
    expect(slowDown).toHaveBeenCalledTimes(times);
  });

  test.each(faults)('as %j is told to the limiter by every attempt, with Logs: %i', async (fault, times) => {
    const slowDown = vi.fn();
    const limiter = { take: async () => {}, slowDown };
    const options = { logGroup: '/deploys', region: 'eu-west-1', env: server.env() };
    server.state.logGroups.get('/deploys')?.streams.set('s', []);
    server.faults.add('PutLogEvents', fault, 2);
    const batch = { stream: 's', events: [{ uid: 'a', stream: 's', timestamp: Date.now(), message: '{}' }] };
    await openLogGroup(options, limiter).put(batch, new Outcomes([], WORDS), undefined);
    expect(server.requests).toHaveLength(3);
    expect(slowDown).toHaveBeenCalledTimes(times);
  });

  test('as Throttling of single events under HTTP 200 is told to the limiter too', async () => {
    const slowDown = vi.fn();
    const limiter = { take: async () => {}, slowDown };
    const channelArn = server.state.defaultChannelArn;
    server.faults.add('PutAuditEvents', { kind: 'partial', code: 'Throttling' });
    server.faults.add('PutAuditEvents', { kind: 'partial', code: 'InternalFailure' });
    const channel = openLakeChannel({ channelArn, env: server.env() }, parseChannelArn(channelArn), limiter);
    await channel.put(oneBatch(), new Outcomes([], WORDS), undefined);
    expect(server.requests).toHaveLength(3);
    expect(slowDown).toHaveBeenCalledTimes(1);
  });
});
