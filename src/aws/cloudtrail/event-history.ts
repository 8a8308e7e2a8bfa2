import { type LookupAttribute, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { fieldsOf } from '../../core/base/fields.ts';
import { parseJsonRecord } from '../../core/base/json-record.ts';
import { quote } from '../../core/base/quote.ts';
import { componentKey } from '../../core/component/key.ts';
import { chosenTest, isAll } from '../../core/services/choice.ts';
import { DEFAULT_SERVICES } from '../../core/services/defaults.ts';
import type { ChangeQuery, ChangeSource, ReadOptions } from '../../core/source/source.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readPages } from '../answers/pages.ts';
import { LOOKUP_EVENTS } from '../answers/shapes.ts';
import { createPace, type Pace } from '../client/pace.ts';
import { type Sleep, sendPatiently } from '../client/patient-sender.ts';
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

/** One lookup: LookupEvents takes one attribute. */
type Lookup = Required<Pick<LookupAttribute, 'AttributeKey' | 'AttributeValue'>>;

/**
 * CloudTrail's event history of one account and Region: the last 90 days of management events, which every account has.
 *
 * It is read by service, which finds every spelling of a component. A quick look at a function or layer asks for its name alone, and its
 * answer is never complete: CloudTrail lists what a call named as the caller spelt it, by name, by partial or by whole ARN.
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
      // What is older is not there, and need not be asked for.
      const kept = { ...query, from: Math.max(query.from, options.now() - HISTORY_MS) };
      if (kept.from >= kept.until)
        return [tooOld(`the ${title} goes back 90 days, and has nothing of this time`)];
      const { client, send } = openCloudTrail({ ...options, maxRate: LOOKUP_RATE });
      const patient = sendPatiently(send, options.sleep);
      const lookups = lookupsFor(query);
      const pace = createPace(LOOKUP_RATE);
      let pages = 0;
      try {
        for (const [rank, lookup] of lookups.entries()) {
          for await (const page of pagesOf(lookup, kept, { client, send: patient, pace, signal })) {
            for (const text of page.events) {
              const record = parseEvent(text, title);
              if (isNew(record, lookup, query)) take(record);
            }
            onProgress?.((rank + page.done) / lookups.length);
            pages += 1;
            const isLast = !page.hasMore && rank + 1 === lookups.length;
            if (pages >= options.maxPages && !isLast) throw cutShort(title, pages);
          }
        }
      } finally {
        client.destroy();
      }
      const isOld = options.now() - query.from > HISTORY_MS + TOLERANCE_MS;
      const name = quickNameOf(query);
      return [
        ...(isOld
          ? [tooOld(`the ${title} goes back 90 days, which were read, and --since asks for more`)]
          : []),
        ...(name === undefined ? [] : [onlyQuick(title, name)]),
      ];
    },
  };
}

/** The name that a quick look goes by; undefined where everything is read. */
function quickNameOf({ services, component = '', isQuick = false }: ChangeQuery): string | undefined {
  const [, name] = /^(?:lambda|layer):(.+)$/.exec(componentKey(component)) ?? [];
  return isQuick && chosenTest(services)('lambda') ? name : undefined;
}

/** All writes are asked for at once, and AssumeRole, which CloudTrail takes for a read, beside them. */
const ALL_WRITES: Lookup = { AttributeKey: 'ReadOnly', AttributeValue: 'false' };
const STS = 'sts.amazonaws.com';

/** Whether the lookup of all writes has not given the record already. */
function isNew(record: unknown, { AttributeValue }: Lookup, { services }: ChangeQuery): boolean {
  return !isAll(services) || AttributeValue !== STS || fieldsOf(record)['readOnly'] !== false;
}

/** By service; in a quick look functions and layers by name. Stacks and roles are needed to tie a change to its deploy. */
function lookupsFor(query: ChangeQuery): Lookup[] {
  const { services } = query;
  const named = quickNameOf(query);
  if (named !== undefined) {
    const others = isAll(services) ? DEFAULT_SERVICES : services;
    const bySource = new Set([...others.filter(service => service !== 'lambda'), 'sts']);
    return [{ AttributeKey: 'ResourceName', AttributeValue: named }, ...[...bySource].map(toLookup)];
  }
  if (isAll(services)) return [ALL_WRITES, toLookup('sts')];
  return [...new Set([...services, 'sts'])].map(toLookup);
}

function toLookup(service: string): Lookup {
  return { AttributeKey: 'EventSource', AttributeValue: `${service}.amazonaws.com` };
}

interface HistoryPage {
  /** Each is the JSON of a record. */
  readonly events: readonly string[];
  /** Part of the time range that is behind us, from 0 to 1: pages come newest first. */
  readonly done: number;
  readonly hasMore: boolean;
}

async function* pagesOf(
  lookup: Lookup,
  { from, until }: ChangeQuery,
  { client, send, pace, signal }: CloudTrail & Pick<ReadOptions, 'signal'> & { readonly pace: Pace },
): AsyncGenerator<HistoryPage> {
  const input = {
    LookupAttributes: [lookup],
    StartTime: new Date(from),
    EndTime: new Date(until),
    MaxResults: PAGE_SIZE,
  };
  const ask = async (token: string | undefined) => {
    const command = new LookupEventsCommand(token === undefined ? input : { ...input, NextToken: token });
    const page = await send({
      operation: 'LookupEvents',
      signal,
      shape: LOOKUP_EVENTS,
      send: settings => pace(() => client.send(command, settings), signal),
    });
    return { page, next: page.NextToken };
  };
  // Pages are limited over all lookups.
  for await (const { page, next } of readPages('LookupEvents', ask, Number.POSITIVE_INFINITY)) {
    const oldest = page.Events.at(-1)?.EventTime?.getTime() ?? from;
    const done = next === undefined ? 1 : Math.min(1, (until - oldest) / (until - from));
    const events = page.Events.map(({ CloudTrailEvent: text }) => text);
    yield { events, done, hasMore: next !== undefined };
  }
}

function parseEvent(text: string, title: string): unknown {
  const record = parseJsonRecord(text);
  if (record !== undefined) return record;
  throw new DeployMarkerError(
    'UNEXPECTED_RESPONSE',
    `the ${title} gave an event that is no CloudTrail record`,
  );
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

function onlyQuick(title: string, name: string): DeployMarkerError {
  return new DeployMarkerError(
    'ANSWER_INCOMPLETE',
    `the ${title} was asked for the name ${quote(name)} alone (--quick): calls that named it by an ARN were not looked for`,
    { hint: 'leave out --quick for the whole answer' },
  );
}

function tooOld(message: string): DeployMarkerError {
  return new DeployMarkerError('ANSWER_INCOMPLETE', message, {
    hint: 'ask for 90d with --since (a --state that is older: run once with --since 90d), or read the logs of a trail with --changes FOLDER',
  });
}
