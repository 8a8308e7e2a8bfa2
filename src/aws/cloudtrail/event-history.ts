import { setTimeout as sleep } from 'node:timers/promises';
import {
  type LookupAttribute,
  LookupEventsCommand,
  type LookupEventsCommandOutput,
} from '@aws-sdk/client-cloudtrail';
import { componentKey } from '../../core/component-key.ts';
import type { ChangeQuery, ChangeSource, ReadOptions } from '../../core/ports.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import type { Sender } from '../sender.ts';
import { type CloudTrail, type CloudTrailOptions, openCloudTrail } from './client.ts';

/**
 * Requests a second that LookupEvents allows an account and Region, and events on a page.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
const LOOKUP_RATE = 2;
const PAGE_SIZE = 50;
/** Event history goes back this far. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
const HISTORY_MS = 90 * 86_400_000;
/** Who asks for 90 days also reads a little before them. */
const TOLERANCE_MS = 6 * 3_600_000;
/** Seconds before each further try of a call that is throttled: its rate is shared with all others of the account. */
const WAITS: readonly number[] = [1, 2, 4, 8, 15, 30];

/** What is asked of event history, and how much of it. */
export interface EventHistoryOptions extends CloudTrailOptions {
  /** In words, which account is read. */
  readonly account: string;
  /** Pages over all lookups after which the answer is left incomplete. */
  readonly maxPages: number;
  readonly now: () => number;
  /** Rejects if the signal is aborted. Default: the clock's. */
  readonly sleep?: Sleep;
}

type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;

/** One lookup: LookupEvents takes one attribute. */
type Lookup = Required<Pick<LookupAttribute, 'AttributeKey' | 'AttributeValue'>>;

/**
 * CloudTrail's event history of one account and Region: the last 90 days of management events, which every account has.
 *
 * `read` fails with ANSWER_INCOMPLETE after `maxPages`, with AWS_THROTTLED where a minute of waiting did not help, and otherwise as any
 * call to AWS does.
 */
export function createEventHistory(options: EventHistoryOptions): ChangeSource {
  const title = `event-history of ${options.account} in ${options.region}`;
  return {
    title,
    kind: 'history',
    async read(query, take, { signal, onProgress }) {
      const { client, send } = openCloudTrail({ ...options, maxRate: LOOKUP_RATE });
      const patient = sendPatiently(send, options.sleep);
      const lookups = lookupsFor(query);
      const pace = createPace();
      let pages = 0;
      try {
        for (const [rank, lookup] of lookups.entries()) {
          for await (const page of pagesOf(lookup, query, { client, send: patient, pace, signal })) {
            for (const { CloudTrailEvent: text } of page.events) take(parseEvent(text, title));
            onProgress?.((rank + page.done) / lookups.length);
            pages += 1;
            const isLast = !page.hasMore && rank + 1 === lookups.length;
            if (pages >= options.maxPages && !isLast) throw cutShort(title, pages);
          }
        }
      } finally {
        client.destroy();
      }
      return options.now() - query.from > HISTORY_MS + TOLERANCE_MS ? [tooOld(title)] : [];
    },
  };
}

/** By name for a single function or layer, else by service; stacks and roles are needed to tie it to its deploys. */
function lookupsFor({ services, component }: ChangeQuery): Lookup[] {
  const [, kind, name] =
    /^(lambda|layer):(.+)$/.exec(component === undefined ? '' : componentKey(component)) ?? [];
  const named = kind !== undefined && name !== undefined && services.includes('lambda') ? name : undefined;
  const sources = new Set([
    ...services.filter(service => named === undefined || service !== 'lambda'),
    'sts',
  ]);
  const bySource = [...sources].map(
    service => ({ AttributeKey: 'EventSource', AttributeValue: `${service}.amazonaws.com` }) as const,
  );
  return named === undefined
    ? bySource
    : [{ AttributeKey: 'ResourceName', AttributeValue: named }, ...bySource];
}

interface Page {
  readonly events: readonly { readonly CloudTrailEvent?: string | undefined }[];
  /** Part of the time range that is behind us, from 0 to 1: pages come newest first. */
  readonly done: number;
  readonly hasMore: boolean;
}

async function* pagesOf(
  lookup: Lookup,
  { from, until }: ChangeQuery,
  { client, send, pace, signal }: CloudTrail & Pick<ReadOptions, 'signal'> & { readonly pace: Pace },
): AsyncGenerator<Page> {
  const input = {
    LookupAttributes: [lookup],
    StartTime: new Date(from),
    EndTime: new Date(until),
    MaxResults: PAGE_SIZE,
  };
  let token: string | undefined;
  do {
    const command = new LookupEventsCommand(token === undefined ? input : { ...input, NextToken: token });
    const { Events: events = [], NextToken: next }: LookupEventsCommandOutput = await send({
      operation: 'LookupEvents',
      signal,
      send: settings => pace(() => client.send(command, settings), signal),
    });
    token = next;
    const oldest = events.at(-1)?.EventTime?.getTime() ?? from;
    const done = token === undefined ? 1 : Math.min(1, (until - oldest) / (until - from));
    yield { events, done, hasMore: token !== undefined };
  } while (token !== undefined);
}

/** Tries what is throttled again for about a minute. */
function sendPatiently(send: Sender, sleepFor: Sleep = sleepUntil): Sender {
  return async call => {
    for (const seconds of WAITS) {
      try {
        return await send(call);
      } catch (error) {
        if (!isDeployMarkerError(error) || error.code !== 'AWS_THROTTLED') throw error;
      }
      const wait = seconds * 1000 * (0.75 + Math.random() / 2);
      // The next call tells why it was aborted.
      if (call.signal !== undefined) await sleepFor(wait, call.signal).catch(() => {});
    }
    return send(call);
  };
}

async function sleepUntil(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal });
}

type Pace = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/**
 * A schedule of starts is not enough: a first call that connects arrives late, and the third would come within the same second.
 * So each call begins a second after the end of the one {@link LOOKUP_RATE} before it.
 */
function createPace(): Pace {
  const ends: number[] = [];
  return async (call, signal) => {
    const wait = (ends.at(-LOOKUP_RATE) ?? 0) + 1000 - performance.now();
    if (ends.length >= LOOKUP_RATE && wait > 0) await sleep(Math.ceil(wait), undefined, { signal });
    try {
      return await call();
    } finally {
      ends.push(performance.now());
    }
  };
}

function parseEvent(text: string | undefined, title: string): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (cause) {
    throw new DeployMarkerError('UNEXPECTED_RESPONSE', `the ${title} gave an event that is not JSON`, {
      cause,
    });
  }
}

function cutShort(title: string, pages: number): DeployMarkerError {
  return new DeployMarkerError(
    'ANSWER_INCOMPLETE',
    `the ${title} has more than ${pages} pages, of which the rest was not read`,
    {
      hint: 'ask for less time with --since, or raise --max-pages',
    },
  );
}

function tooOld(title: string): DeployMarkerError {
  return new DeployMarkerError(
    'ANSWER_INCOMPLETE',
    `the ${title} goes back 90 days, and --since asks for more`,
    {
      hint: 'ask for 90d with --since (a --state that is older: run once with --since 90d), or read the logs of a trail with --changes FOLDER',
    },
  );
}
