import { type JsonInput, readText } from '../aws-json-input.ts';
import { invalidParameter, readInteger } from './logs-input.ts';

/** Which part of a list a request asks for. */
export interface Page {
  readonly from: number;
  readonly limit: number;
}

/** The `limit` (1 to `max`, also the default) and `nextToken` of a request. */
export function readPage(input: JsonInput, max: number): Page {
  const limit = readInteger(input, 'limit', 1, max) ?? max;
  const token = readText(input, 'nextToken');
  if (token === undefined) return { from: 0, limit };
  const from = /^page\/(\d{1,9})$/.exec(token)?.[1];
  if (from === undefined) throw invalidParameter('The specified nextToken is invalid.');
  return { from: Number(from), limit };
}

/** The members `name` and, unless this is the last page, `nextToken` of an answer. */
export function takePage(name: string, items: readonly unknown[], page: Page): Record<string, unknown> {
  const end = page.from + page.limit;
  return {
    [name]: items.slice(page.from, end),
    ...(end < items.length ? { nextToken: `page/${end}` } : {}),
  };
}
