import { afterEach, beforeEach, expect, test } from 'vitest';
import { startWebhookServer, type WebhookServer } from '../../fakes/webhook-server.ts';

let webhook: WebhookServer;
beforeEach(async () => {
  webhook = await startWebhookServer();
});
afterEach(() => webhook.close());

async function post(body: string, change: RequestInit = {}, url = webhook.url) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body, ...change });
  return {
    status: response.status,
    text: await response.text(),
    retryAfter: response.headers.get('retry-after'),
  };
}

test('takes messages, and fails as it was told', async () => {
  const message = JSON.stringify({ text: 'größe', blocks: [] });
  expect(await post(message)).toMatchObject({ status: 200, text: 'ok' });
  webhook.fail({ status: 404 });
  webhook.fail({ status: 429, retryAfterSeconds: 3 }, 2);
  webhook.fail({ status: 500, text: 'oops' });
  expect(await post(message)).toMatchObject({ status: 404, text: 'no_service' });
  expect(await post(message)).toMatchObject({ status: 429, text: 'rate_limited', retryAfter: '3' });
  expect(await post(message)).toMatchObject({ status: 429 });
  expect(await post(message)).toMatchObject({ status: 500, text: 'oops' });
  webhook.fail('reset');
  await expect(post(message)).rejects.toThrow('fetch failed');
  webhook.fail('hang');
  await expect(post(message, { signal: AbortSignal.timeout(50) })).rejects.toThrow('timeout');
  expect(webhook.messages.map(({ outcome }) => outcome)).toEqual([200, 404, 429, 429, 500, 'reset', 'hang']);
  expect(webhook.messages[0]?.body).toEqual({ text: 'größe', blocks: [] });
  expect(webhook.violations).toEqual([]);
});

const refused: [string, string, RequestInit, string?][] = [
  ['POST 400 invalid_payload', '{', {}],
  ['POST 400 invalid_payload', '{"text":"a"}', { headers: { 'content-type': 'text/plain' } }],
  ['POST 400 no_text', '{"blocks":[]}', {}],
  ['POST 400 no_text', '{"text":" "}', {}],
  ['POST 400 msg_too_long', JSON.stringify({ text: 'x'.repeat(40_001) }), {}],
  ['PUT 405 method_not_allowed', '{"text":"a"}', { method: 'PUT' }],
  ['POST 404 no_service', '{"text":"a"}', {}, '/services/other'],
];
test.each(refused)('%s', async (violation, body, change, path) => {
  const { status, text } = await post(
    body,
    change,
    path === undefined ? webhook.url : new URL(path, webhook.url).href,
  );
  expect(violation.endsWith(`${status} ${text}`)).toBe(true);
  expect(webhook.violations).toEqual([violation]);
  expect(webhook.messages).toEqual([]);
});
