import { describePath, describeShown, type ShownValue, showValue } from './shown-value.ts';
import { leavesOf, NOTHING_IN_IT, toStructure } from './structure.ts';

/** One thing that a call asked for. */
export type AskedFor = { readonly path: string } & ShownValue;

/** As many of one call are told; some calls hold a whole template. */
const MOST_ASKED = 60;

/**
 * What is told of a thing in which nothing is. CloudTrail leaves out what may be secret, and writes `{}` in its place: that a function
 * got no variables is not what it says. Source: https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html
 */
const NOT_RECORDED = '(nothing of it is recorded)';

/** What a call asked for, as far as it may be told. */
export interface Request {
  readonly fields: readonly AskedFor[];
  /** How many more there are. */
  readonly more: number;
}

/** Reads the `requestParameters` of a record; no value in the result may be secret. Undefined where the record holds none. */
export function readRequest(requestParameters: unknown): Request | undefined {
  if (typeof requestParameters !== 'object' || requestParameters === null) return undefined;
  const leaves = leavesOf(toStructure(requestParameters));
  const fields = leaves.slice(0, MOST_ASKED).map(({ path, value }) => ({
    path: describePath(path),
    ...(value === NOTHING_IN_IT ? { value: NOT_RECORDED } : showValue(path, value)),
  }));
  return { fields, more: leaves.length - fields.length };
}

/** `timeout = 300`, one text for each. */
export function describeRequest({ fields, more }: Request): string[] {
  return [
    ...fields.map(field => `${field.path} = ${describeShown(field)}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ];
}
