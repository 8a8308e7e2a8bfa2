import type { ConfigItem } from '../../core/investigate/config-item.ts';

/**
 * One call covers seven days at most.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_GetResourceConfigHistory.html
 */
const SPAN_MS = 7 * 86_400_000;
/** Of the span that holds the latest change, this much comes after it. */
const AFTER_MS = 6 * 86_400_000;
const PAGE_SIZE = 100;
/** Spans that are looked through for one item: a year. Our own choice. */
const MOST_SPANS = 53;
/** Which items are wanted. Times are milliseconds since the epoch. */
export interface HistoryQuery {
  readonly type: string;
  readonly resourceId: string;
  /** Times of the first and of the last change: the items around them, and all between. */
  readonly first: number;
  readonly last: number;
  /** All items up to this time are wanted, whatever came last. */
  readonly through: number;
  /** What is younger is not wanted; now, say. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Items in the order of time, and how far back they were looked for; `none` says that Config has nothing of the resource at all. */
export interface History {
  readonly items: readonly ConfigItem[];
  readonly searchedFrom: number;
  readonly none?: 'no-recorder' | 'not-discovered';
}

/** Why Config has nothing. */
export type Nothing = 'no-recorder' | 'not-discovered';

/** One call's time, and how many items of it at most on a page. */
export interface Span {
  readonly from: number;
  readonly until: number;
  readonly isForward: boolean;
  readonly limit: number;
}

/** Reads the items of a span, page by page; or says why there are none. */
export type ReadSpan = (span: Span) => AsyncIterable<readonly ConfigItem[] | Nothing>;

/** Backwards from the last change to the item before the first one, then on to the first item after the last change. */
export async function readHistory(
  { first, last, through, until }: HistoryQuery,
  read: ReadSpan,
): Promise<History> {
  const items = new Map<string, ConfigItem>();
  // Items are captured at any millisecond, CloudTrail tells whole seconds.
  const begin = Math.floor(first / 1000) * 1000;
  const end = Math.min(until, Math.max(through, last + AFTER_MS));
  let searchedFrom = end;
  const has = (isWanted: (time: number) => boolean): boolean =>
    [...items.values()].some(({ time }) => isWanted(time));
  const take = async (span: Span, isEnough: () => boolean): Promise<Nothing | undefined> => {
    for await (const page of read(span)) {
      if (typeof page === 'string') return page;
      for (const item of page) items.set(`${item.time} ${item.status} ${item.arn}`, item);
      if (isEnough()) return undefined;
    }
    return undefined;
  };
  const hasBefore = (): boolean => has(time => time < begin);
  const oldest = begin - MOST_SPANS * SPAN_MS;
  while (!hasBefore() && searchedFrom > oldest) {
    const from = searchedFrom - SPAN_MS;
    const limit = searchedFrom > begin ? PAGE_SIZE : 1;
    const none = await take({ from, until: searchedFrom, isForward: false, limit }, hasBefore);
    if (none !== undefined) return { items: [], searchedFrom: from, none };
    searchedFrom = from;
    if (isBorn([...items.values()], begin)) break;
  }
  const hasAfter = (): boolean => has(time => time >= Math.floor(last / 1000) * 1000);
  const latest = last + MOST_SPANS * SPAN_MS;
  for (let from = end; !hasAfter() && from < Math.min(until, latest); from += SPAN_MS) {
    const span = { from, until: Math.min(from + SPAN_MS, until), isForward: true, limit: 1 };
    const none = await take(span, hasAfter);
    if (none !== undefined) return { items: [], searchedFrom, none };
  }
  return { items: [...items.values()].toSorted((a, b) => a.time - b.time), searchedFrom };
}

/** The first item of a resource says that it was discovered: there is none before it. */
function isBorn(items: readonly ConfigItem[], begin: number): boolean {
  const [oldest] = items.toSorted((a, b) => a.time - b.time);
  return oldest !== undefined && oldest.time >= begin && oldest.status === 'discovered';
}
