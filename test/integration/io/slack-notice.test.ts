import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DeployMarkerError } from '../../../src/errors/deploy-marker-error.ts';
import { createSlackNotice, type SlackNoticeOptions } from '../../../src/io/http/slack-notice.ts';
import { startProxy } from '../../fakes/proxy.ts';
import { startWebhookServer, type WebhookServer } from '../../fakes/webhook-server.ts';

const NOTICE = { subject: 'audit: 1 new finding', text: 'lambda:a changed by <arn:x> & nobody knows why' };
const SECRET = 'XXXXXXXXXXXXXXXXXXXXXXXX';

let webhook: WebhookServer;

beforeEach(async () => {
  webhook = await startWebhookServer();
});

afterEach(async () => {
  await webhook.close();
  expect(webhook.violations).toEqual([]);
});

const optionsFor = (env: Record<string, string> = {}): SlackNoticeOptions => ({
  env: { HOOK: webhook.url, ...env },
  variable: 'HOOK',
});

/** The failure, which never shows the URL, not even to `--debug`. */
async function failureOf(work: () => Promise<void>): Promise<DeployMarkerError> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DeployMarkerError)) throw error;
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('T00000000');
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(SECRET);
    return error;
  }
  throw new Error('nothing failed');
}

describe('a notice by Slack', () => {
  test('is posted, so that nothing in it becomes a mention or a link', async () => {
    await createSlackNotice(optionsFor())(NOTICE);
    expect(webhook.messages.map(({ body }) => body)).toEqual([
      { text: 'audit: 1 new finding\nlambda:a changed by &lt;arn:x&gt; &amp; nobody knows why' },
    ]);
  });

  test('of any length fits', async () => {
    await createSlackNotice(optionsFor())({ subject: 'x', text: '&'.repeat(100_000) });
    expect(webhook.messages[0]?.body['text']).toMatch(/^x\n(&amp;){7900,}…$/);
  });

  test('is tried again after 5xx, 429 and cut connections, as late as Slack says', async () => {
    webhook.fail({ status: 500 });
    webhook.fail('reset');
    webhook.fail({ status: 429, retryAfterSeconds: 3 });
    const start = performance.now();
    await createSlackNotice(optionsFor())(NOTICE);
    expect(webhook.messages.map(({ outcome }) => outcome)).toEqual([500, 'reset', 429, 200]);
    expect(performance.now() - start).toBeGreaterThan(500 + 1000 + 3000 - 20);
  });

  test.each([
    [404, 'no_service', 'NOTICE_REFUSED', 'answered HTTP 404 (no_service)'],
    [403, `see /services/T00000000/B00000000/${SECRET}`, 'NOTICE_REFUSED', 'answered HTTP 403'],
    [410, 'channel_is_archived', 'NOTICE_REFUSED', 'answered HTTP 410 (channel_is_archived)'],
  ])('that is refused with %i fails at once', async (status, text, code, message) => {
    webhook.fail({ status, text });
    const error = await failureOf(() => createSlackNotice(optionsFor())(NOTICE));
    expect(error).toMatchObject({ code, message: `the Slack webhook in $HOOK ${message}` });
    expect(webhook.messages).toHaveLength(1);
  });

  test.each([
    [200, '<html>please log in</html>'],
    [200, ''],
    [200, '{"ok":false}'],
    [200, 'not ok'],
    [200, 'no_service'],
    [201, 'ok'],
    [204, ''],
    [302, 'ok'],
  ])('that is answered with %i %j did not arrive, and is not posted again', async (status, text) => {
    webhook.fail({ status, text }, Number.POSITIVE_INFINITY);
    expect(await failureOf(() => createSlackNotice(optionsFor())(NOTICE))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      exitCode: 4,
      message: expect.stringContaining(`answered HTTP ${status}`),
    });
    expect(webhook.messages).toHaveLength(1);
  });

  test("is taken where the answer is Slack's, whatever ends its line", async () => {
    webhook.fail({ status: 200, text: 'ok\r\n' });
    await createSlackNotice(optionsFor())(NOTICE);
  });

  test('that finds no end of trouble fails by its deadline', async () => {
    webhook.fail({ status: 503, text: '<html>' }, Number.POSITIVE_INFINITY);
    const send = createSlackNotice({ ...optionsFor(), timeoutMs: 1_300 });
    expect(await failureOf(() => send(NOTICE))).toMatchObject({
      code: 'UNEXPECTED_RESPONSE',
      message: 'the Slack webhook in $HOOK answered HTTP 503 after 2 attempts',
    });
    webhook.fail({ status: 429, retryAfterSeconds: 600 });
    await failureOf(() => send(NOTICE));
  });

  test('that nobody answers fails, and a cancelled one at once', async () => {
    webhook.fail('hang', Number.POSITIVE_INFINITY);
    const send = createSlackNotice({ ...optionsFor(), timeoutMs: 100, attemptMs: 50 });
    expect(await failureOf(() => send(NOTICE))).toMatchObject({
      code: 'NETWORK',
      message: 'the Slack webhook in $HOOK cannot be reached: no answer in 0.05 s',
    });
    const reason = new DeployMarkerError('CANCELLED', 'cancelled by SIGINT');
    const controller = new AbortController();
    const sent = createSlackNotice(optionsFor())(NOTICE, controller.signal);
    setTimeout(() => controller.abort(reason), 100);
    await expect(sent).rejects.toBe(reason);
  });

  test.each([
    ['', 'USAGE', 'the variable HOOK holds no webhook URL'],
    [
      `http://hooks.example/services/T00000000/${SECRET}`,
      'CONFIG_INVALID',
      'the variable HOOK does not hold an https URL',
    ],
    [SECRET, 'CONFIG_INVALID', 'the variable HOOK does not hold an https URL'],
    [`ftp://127.0.0.1/${SECRET}`, 'CONFIG_INVALID', 'the variable HOOK does not hold an https URL'],
  ])('to %j is refused before anything is sent', async (url, code, message) => {
    const create = async () => void createSlackNotice({ env: { HOOK: url }, variable: 'HOOK' });
    expect(await failureOf(create)).toMatchObject({ code, message });
  });

  test.each([`https://hooks.example/services/T00000000/${SECRET}`, `T00000000/${SECRET}`, '$HOOK', ''])(
    'to %j instead of the name of a variable is refused without a word of it',
    async variable => {
      const error = await failureOf(async () => void createSlackNotice({ env: {}, variable }));
      expect(error).toMatchObject({
        code: 'USAGE',
        message: '--notify-slack-env takes the name of a variable',
        hint: 'put the URL of a Slack incoming webhook into a variable, and pass its name',
      });
    },
  );

  test('goes through the proxy, which does not get to see it in clear from elsewhere', async () => {
    const proxy = await startProxy();
    try {
      await createSlackNotice(optionsFor({ HTTP_PROXY: proxy.url }))(NOTICE);
      expect(proxy.requests).toHaveLength(1);
      expect(webhook.messages).toHaveLength(1);
    } finally {
      await proxy.close();
    }
    const far = optionsFor({ HTTP_PROXY: 'http://proxy.example:3128' });
    expect(await failureOf(async () => void createSlackNotice(far))).toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
