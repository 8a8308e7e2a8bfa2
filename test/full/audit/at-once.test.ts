import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withAwsServer } from '../../cli/emit/scene.ts';
import type { RunResult } from '../../cli/run-cli.ts';
import { reportOf, runOnFiles, storyFolder, tellStory } from '../../cli/trail/trail-scene.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { startWebhookServer, type WebhookServer } from '../../fakes/webhook-server.ts';
import { toTime } from '../../trail-world/place.ts';

// Audits that run at the same time with one --state.

const BUCKET = 'audits';
const STATES = { 'a file': 'state.json', 'an object': `s3://${BUCKET}/state.json` } as const;

interface Scene {
  readonly cwd: string;
  readonly server: AwsServer;
  readonly webhook: WebhookServer;
  audit(args?: readonly string[]): Promise<RunResult>;
  /** What the state holds. */
  held(): Promise<Record<string, unknown>>;
}

async function withScene(state: string, use: (scene: Scene) => Promise<void>): Promise<void> {
  const webhook = await startWebhookServer();
  try {
    await withAwsServer(async server => {
      server.state.buckets.set(BUCKET, { objects: new Map() });
      const cwd = await storyFolder(tellStory());
      const env = { ...server.env(), HOOK: webhook.url };
      await use({
        cwd,
        server,
        webhook,
        audit: (args = ['--notify-slack-env', 'HOOK']) =>
          runOnFiles('audit', cwd, ['--json', '--state', state, '--since', 'last', ...args], { env }),
        async held() {
          const object = server.state.buckets.get(BUCKET)?.objects.get('state.json');
          return JSON.parse(object?.body.toString() ?? (await readFile(join(cwd, state), 'utf8')));
        },
      });
    });
  } finally {
    await webhook.close();
  }
}

const codesOf = (runs: readonly RunResult[]): string =>
  runs
    .map(({ code }) => code)
    .toSorted((a, b) => Number(a) - Number(b))
    .join();

describe.concurrent.each(Object.entries(STATES))('of audits at once with %s for a state', (_, state) => {
  test('one tells people, and the others say that they did not', () =>
    withScene(state, async ({ audit, held, webhook }) => {
      // Slack is slow, so that all of them have found the same before one has ended.
      webhook.fail({ status: 429, retryAfterSeconds: 3 });
      const runs = await Promise.all([audit(), audit(), audit()]);
      expect(webhook.messages.filter(({ outcome }) => outcome === 200)).toHaveLength(1);
      expect(['4,4,10', '0,4,10', '0,0,10']).toContain(codesOf(runs));
      for (const run of runs) {
        if (run.code !== 4) continue;
        expect(run.stderr).toContain('STATE_CONFLICT');
        // What it found is told all the same.
        expect(reportOf(run).findings).toHaveLength(2);
      }
      expect(await held()).not.toHaveProperty('claimed');
      const next = await audit();
      expect([next.code, webhook.messages.length]).toEqual([0, 2]);
    }));

  test('without anybody to tell, one remembers, and the others say that they do not', () =>
    withScene(state, async ({ audit }) => {
      const runs = await Promise.all([audit([]), audit([])]);
      expect(['4,10', '0,10']).toContain(codesOf(runs));
      expect((await audit([])).code).toBe(0);
    }));

  test('the one that cannot tell leaves it to the next', () =>
    withScene(state, async ({ audit, held, webhook }) => {
      webhook.fail({ status: 404 });
      expect((await audit()).code).toBe(5);
      expect(await held()).toMatchObject({ findings: {}, noticed: {} });
      expect(await held()).not.toHaveProperty('claimed');
      expect((await audit()).code).toBe(10);
      expect((await audit()).code).toBe(0);
      expect(webhook.messages.map(({ outcome }) => outcome)).toEqual([404, 200]);
    }));
});

test('an audit that was killed while it told people is waited for, and not for ever', () =>
  withScene('state.json', async ({ cwd, audit, held, webhook }) => {
    webhook.fail({ status: 404 });
    await audit();
    const claimUntil = async (claimed: string): Promise<void> =>
      writeFile(join(cwd, 'state.json'), JSON.stringify({ ...(await held()), claimed }));
    const soon = toTime(Math.floor(Date.now() / 1000) * 1000 + 60_000);
    await claimUntil(soon);
    const early = await audit();
    expect(early.code).toBe(4);
    expect(
      JSON.parse(early.stderr.split('\n').findLast(line => line.startsWith('{')) ?? '').error,
    ).toMatchObject({
      code: 'STATE_CONFLICT',
      message: 'state.json was changed by an audit that tells people what it found',
      hint: expect.stringContaining(`after ${soon}`),
    });
    expect(await held()).toMatchObject({ claimed: soon });
    await claimUntil(toTime(Math.floor(Date.now() / 1000) * 1000 - 60_000));
    expect((await audit()).code).toBe(10);
    expect(webhook.messages.map(({ outcome }) => outcome)).toEqual([404, 200]);
  }));

test('a claim that ends later than any is none', () =>
  withScene('state.json', async ({ cwd, audit, held, webhook }) => {
    webhook.fail({ status: 404 });
    await audit();
    await writeFile(
      join(cwd, 'state.json'),
      JSON.stringify({ ...(await held()), claimed: '2999-01-01T00:00:00Z' }),
    );
    expect((await audit()).code).toBe(10);
  }));
