import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withAwsServer } from '../../cli/emit/scene.ts';
import { makeFolder, type RunResult } from '../../cli/run-cli.ts';
import { runOnFiles, storyFolder, tellStory, writeStory } from '../../cli/trail/trail-scene.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { startWebhookServer, type WebhookServer } from '../../fakes/webhook-server.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:111122223333:audits';
const STATE = ['--state', 'state.json'] as const;

interface Places {
  readonly server: AwsServer;
  readonly webhook: WebhookServer;
  audit(cwd: string, args: readonly string[]): Promise<RunResult>;
}

/** A topic and a webhook; whatever a run prints must not hold a secret of theirs. */
async function withPlaces(use: (places: Places) => Promise<void>): Promise<void> {
  const webhook = await startWebhookServer();
  try {
    await withAwsServer(async server => {
      server.state.topics.add(TOPIC);
      const env = { ...server.env(), AWS_MAX_ATTEMPTS: '1', HOOK: webhook.url };
      const { secret, sessionToken = '' } = server.state.defaultKey;
      await use({
        server,
        webhook,
        async audit(cwd, args) {
          const run = await runOnFiles('audit', cwd, ['--debug', ...STATE, ...args], { env });
          for (const hidden of [webhook.url, new URL(webhook.url).pathname, secret, sessionToken])
            expect(run.stdout + run.stderr).not.toContain(hidden);
          return run;
        },
      });
    });
    expect(webhook.violations).toEqual([]);
  } finally {
    await webhook.close();
  }
}

/** A story, and more of it for a later run. */
async function addSecondStory(cwd: string): Promise<void> {
  await writeStory(cwd, tellStory({ seed: 'second', minutesAgo: 100 }));
}

const textsOf = ({ webhook }: Places): unknown[] => webhook.messages.map(({ body }) => body['text']);

describe.concurrent('notices', () => {
  test('are sent once for each new finding, to a topic and a webhook', () =>
    withPlaces(async places => {
      const { server, audit } = places;
      const cwd = await storyFolder(tellStory());
      const flags = ['--notify-sns', TOPIC, '--notify-slack-env', 'HOOK', '--since', '7d'];
      expect((await audit(cwd, flags)).code).toBe(10);
      const [published] = server.state.published;
      expect(published).toMatchObject({ topicArn: TOPIC, subject: 'deploy-marker: 2 new findings' });
      expect(published?.message).toMatch(
        /^deploy-marker: 2 new findings, \S+ to \S+\n.*lambda:billing.*\n.*by bob|user\/bob/,
      );
      expect(textsOf(places)).toHaveLength(1);
      expect(textsOf(places)[0]).toContain('UpdateFunctionConfiguration of lambda:billing');

      expect((await audit(cwd, flags)).code).toBe(10);
      expect([server.state.published.length, textsOf(places).length]).toEqual([1, 1]);

      await addSecondStory(cwd);
      expect((await audit(cwd, flags)).code).toBe(10);
      expect(server.state.published.map(({ subject }) => subject)).toEqual([
        'deploy-marker: 2 new findings',
        'deploy-marker: 4 new findings',
      ]);
      expect(textsOf(places)).toHaveLength(2);
    }));

  test.each([
    [{ status: 404 }, 5, 'HTTP 404 (no_service)'],
    // A login page on the way to Slack.
    [{ status: 200, text: '<html>please log in</html>' }, 4, "HTTP 200, but not Slack's ok"],
  ])('that failed with %j are sent again in the next run, and nothing is remembered', (fault, exit, why) =>
    withPlaces(async places => {
      const { webhook, audit } = places;
      const cwd = await storyFolder(tellStory());
      const flags = ['--notify-slack-env', 'HOOK', '--since', 'last'];
      webhook.fail(fault);
      const first = await audit(cwd, flags);
      expect(first.code).toBe(exit);
      expect(first.stdout).toContain('audit failed: 1 change');
      expect(first.stderr).toContain(`error: the Slack webhook in $HOOK answered ${why}`);
      expect(first.stderr).toContain('warning: audit failed: 1 change');
      const held = JSON.parse(await readFile(join(cwd, 'state.json'), 'utf8'));
      expect(held).toMatchObject({ findings: {}, noticed: {}, mentioned: {} });
      expect(held).not.toHaveProperty('claimed');
      expect((await audit(cwd, flags)).code).toBe(10);
      expect(webhook.messages.map(({ outcome }) => outcome)).toEqual([fault.status, 200]);
      expect((await audit(cwd, flags)).code).toBe(0);
      expect(webhook.messages).toHaveLength(2);
    }),
  );

  test('to one place do not depend on the other', () =>
    withPlaces(async places => {
      const { server, audit } = places;
      const cwd = await storyFolder(tellStory());
      const gone = 'arn:aws:sns:eu-west-1:111122223333:gone';
      const run = await audit(cwd, ['--notify-sns', gone, '--notify-slack-env', 'HOOK']);
      expect(run.code).toBe(5);
      expect(run.stderr).toContain('NOTICE_REFUSED');
      expect(textsOf(places)).toHaveLength(1);
      expect(server.state.published).toEqual([]);
    }));

  test('are not sent for what is accepted, informs only or was found before', () =>
    withPlaces(async ({ server, webhook, audit }) => {
      const flags = ['--notify-sns', TOPIC, '--notify-slack-env', 'HOOK'];
      const cwd = await storyFolder(tellStory());
      await writeFile(
        join(cwd, 'allow.json'),
        '[{"component":"lambda:billing","why":"w","until":"2999-01-01"}]',
      );
      expect((await audit(cwd, [...flags, '--fail-on', 'none'])).code).toBe(0);
      expect((await audit(cwd, [...flags, '--allow', 'allow.json'])).code).toBe(0);
      expect([server.state.published, webhook.messages]).toEqual([[], []]);
      // Nobody was told of them yet, so whoever lifts the allowance is.
      expect((await audit(cwd, flags)).code).toBe(10);
      expect([server.state.published.length, webhook.messages.length]).toEqual([1, 1]);
    }));

  test('say that the answer is not complete', () =>
    withPlaces(async places => {
      const cwd = await storyFolder(tellStory());
      const run = await places.audit(cwd, ['--changes', 'none', '--notify-slack-env', 'HOOK']);
      expect(run.code).toBe(2);
      expect(textsOf(places)[0]).toContain('This answer is incomplete; there may be more to find.\nfailed: ');
    }));
});

test('without the markers nobody is told, for everything would look unexplained', () =>
  withPlaces(async places => {
    const cwd = await storyFolder(tellStory());
    await rename(join(cwd, 'markers.jsonl'), join(cwd, 'elsewhere'));
    const run = await places.audit(cwd, ['--notify-slack-env', 'HOOK']);
    expect(run.code).toBe(2);
    expect(textsOf(places)).toEqual([]);
    await rename(join(cwd, 'elsewhere'), join(cwd, 'markers.jsonl'));
    expect((await places.audit(cwd, ['--notify-slack-env', 'HOOK'])).code).toBe(10);
    expect(textsOf(places)).toHaveLength(1);
  }));

describe.concurrent('what a notice needs', () => {
  test.each([
    [['--notify-slack-env', 'HOOK'], {}, 2, '--notify-slack-env needs --state'],
    [['--notify-sns', TOPIC], {}, 2, '--notify-sns needs --state'],
    [['--notify-slack-env', 'HOOK', ...STATE], {}, 2, 'the variable HOOK holds no webhook URL'],
    [
      ['--notify-slack-env', 'HOOK', ...STATE],
      { HOOK: 'hooks.example/S3CR3T' },
      7,
      'does not hold an https URL',
    ],
    [
      ['--notify-slack-env', 'HOOK', ...STATE],
      { HOOK: 'http://example.com/S3CR3T' },
      7,
      'does not hold an https URL',
    ],
    [['--notify-sns', 'arn:aws:sqs:eu-west-1:111122223333:q', ...STATE], {}, 7, 'sqs'],
  ])('%j with %j ends with %i before anything is read', async (args, env, exit, message) => {
    const run = await runOnFiles('audit', await makeFolder(), [...args, '--debug'], { env });
    expect([run.code, run.stdout]).toEqual([exit, '']);
    expect(run.stderr).toContain(message);
    expect(run.stderr).not.toContain('S3CR3T');
  });
});
