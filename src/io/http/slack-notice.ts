import { setTimeout as sleep } from 'node:timers/promises';
import { cutText, type Notice, type SendNotice } from '../../core/findings/notice.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Env } from '../io.ts';
import { createProxyAgent, isReadOnTheWay } from './proxy-agent.ts';
import { describeFault, requestText, type TextResponse } from './text-request.ts';

/** Slack cuts at 40,000 characters, and escaping makes five of one: https://docs.slack.dev/changelog/2018-truncating-really-long-messages */
const LONGEST_TEXT = 8_000;
const FIRST_PAUSE_MS = 500;

/** Which webhook is posted to, and for how long. */
export interface SlackNoticeOptions {
  /** Where the webhook's URL, the proxy and its exceptions are read from. */
  readonly env: Env;
  /** Name of the variable that holds the URL. The URL is a secret: whoever has it can post. */
  readonly variable: string;
  /** For all attempts together; default 30,000. */
  readonly timeoutMs?: number;
  /** For one attempt; default 10,000. */
  readonly attemptMs?: number;
}

/**
 * Makes a way to tell people by an incoming webhook of Slack. No message of its errors, nor anything reachable through their `cause`,
 * holds the URL. What can pass by itself (HTTP 429 and 5xx, the network) is tried again until the deadline, and as late as Slack says.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @throws DeployMarkerError USAGE if that is no name of a variable or the variable is empty, CONFIG_INVALID if it holds no https URL
 */
export function createSlackNotice(options: SlackNoticeOptions): SendNotice {
  const { env, variable, timeoutMs = 30_000, attemptMs = 10_000 } = options;
  const url = readUrl(env, variable);
  const name = `the Slack webhook in $${variable}`;

  async function attempt(body: string, signal: AbortSignal | undefined): Promise<TextResponse | Error> {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const agent = (await createProxyAgent(env, url)) ?? false;
    const limit = AbortSignal.timeout(attemptMs);
    try {
      const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
      return await requestText(url, { method: 'POST', headers, agent, signal: either }, body);
    } catch (error) {
      signal?.throwIfAborted();
      return new Error(limit.aborted ? `no answer in ${attemptMs / 1000} s` : describeFault(error));
    }
  }

  return async (notice, signal) => {
    const body = JSON.stringify({ text: toText(notice) });
    const end = performance.now() + timeoutMs;
    for (let attempts = 1; ; attempts += 1) {
      signal?.throwIfAborted();
      const answer = await attempt(body, signal);
      if (!(answer instanceof Error) && isTaken(answer)) return;
      const failure = toFailure(answer, name, attempts);
      const pause = pauseBefore(answer, attempts);
      if (!isPassing(answer) || performance.now() + pause > end) throw failure;
      await sleep(pause, undefined, signal === undefined ? {} : { signal }).catch(() => {});
    }
  };
}

function readUrl(env: Env, variable: string): URL {
  // Whoever gives the URL itself must not find it in a log.
  if (!/^[A-Za-z_]\w*$/.test(variable)) {
    throw new DeployMarkerError('USAGE', '--notify-slack-env takes the name of a variable', {
      hint: 'put the URL of a Slack incoming webhook into a variable, and pass its name',
    });
  }
  const text = env[variable];
  if (text === undefined || text === '') {
    throw new DeployMarkerError('USAGE', `the variable ${variable} holds no webhook URL`, {
      hint: `put the URL of a Slack incoming webhook into ${variable}, for example by a CircleCI context`,
    });
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && !isReadOnTheWay(env, url)) return url;
  throw new DeployMarkerError('CONFIG_INVALID', `the variable ${variable} does not hold an https URL`, {
    hint: `put the whole URL of a Slack incoming webhook into ${variable}; it begins with https://`,
  });
}

/** Escaped, so that nothing in a finding becomes a mention or a link: https://docs.slack.dev/messaging/formatting-message-text */
function toText({ subject, text }: Notice): string {
  return cutText(`${subject}\n${text}`, whole => whole.length <= LONGEST_TEXT)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Slack says `ok` to what it took; a login page, a proxy or another service says something else, under HTTP 200 too. */
function isTaken({ status, body }: TextResponse): boolean {
  return status === 200 && body.trim() === 'ok';
}

/** What perhaps was taken is not sent again: that is the next run's. */
function isPassing(answer: TextResponse | Error): boolean {
  return answer instanceof Error || answer.status === 429 || answer.status >= 500;
}

/** Milliseconds; never less than a pause of our own, as a clumsy `Retry-After: 0` would have us hammer. */
function pauseBefore(answer: TextResponse | Error, attempts: number): number {
  const asked = answer instanceof Error ? 0 : Number(answer.headers['retry-after'] ?? 0) * 1000;
  const own = FIRST_PAUSE_MS * 2 ** Math.min(attempts - 1, 4);
  return Math.max(own, Number.isFinite(asked) ? asked : 0);
}

/** Of the body only Slack's own words are shown, such as `no_service`: whatever else answers may repeat the URL. */
function toFailure(answer: TextResponse | Error, name: string, attempts: number): DeployMarkerError {
  const times = attempts === 1 ? '' : ` after ${attempts} attempts`;
  if (answer instanceof Error) {
    return new DeployMarkerError('NETWORK', `${name} cannot be reached${times}: ${answer.message}`, {
      hint: 'check the network, HTTPS_PROXY and NO_PROXY',
    });
  }
  const { status, body } = answer;
  const word = /^[a-z_]{1,60}$/.test(body.trim()) ? ` (${body.trim()})` : '';
  const message = `${name} answered HTTP ${status}${word}${times}`;
  if (status < 400) {
    const told = status === 200 ? `${message}, but not Slack's ok` : message;
    return new DeployMarkerError('UNEXPECTED_RESPONSE', told, {
      hint: 'check that the variable holds the URL of a Slack incoming webhook, and that the proxy leads there',
    });
  }
  if (status === 429 || status >= 500) {
    return new DeployMarkerError('UNEXPECTED_RESPONSE', message, { hint: 'try again later' });
  }
  return new DeployMarkerError('NOTICE_REFUSED', message, {
    hint: 'make a new incoming webhook in Slack, and put its URL into the variable',
  });
}
