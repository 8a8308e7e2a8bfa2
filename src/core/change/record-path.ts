import { type Fields, fieldsOf, textOf } from '../base/fields.ts';
import type { Service } from '../services/service.ts';

/** The parts of a record that fields are looked for in. */
export interface Roots {
  readonly record: Fields;
  readonly asked: Fields;
  readonly answer: Fields;
}

/** A way to a field. */
export interface Path {
  readonly root: 'asked' | 'answer' | 'more' | 'who';
  readonly keys: readonly string[];
}

const NONE: readonly string[] = [];
/** What CloudTrail puts in place of values that it does not show. */
const HIDDEN = /^(?:HIDDEN_DUE_TO_SECURITY_REASONS|\*+)$/;

/** Takes a path of the table of services apart. */
export function parsePath(text: string): Path {
  const [head = '', ...rest] = text.split('.');
  return head === 'answer' || head === 'more' || head === 'who'
    ? { root: head, keys: rest }
    : { root: 'asked', keys: [head, ...rest] };
}

/** What the call asked and what was answered; a service may put both one level deeper. */
export function rootsOf({ isNested }: Service, action: string, record: Fields): Roots {
  const asked = fieldsOf(record['requestParameters']);
  const answer = fieldsOf(record['responseElements']);
  if (isNested !== true) return { record, asked, answer };
  return {
    record,
    asked: { ...asked, ...fieldsOf(asked[`${action}Request`]) },
    answer: { ...answer, ...fieldsOf(answer[`${action}Response`]) },
  };
}

/** All texts at the end of the path, lists gone through; none that CloudTrail hides. */
export function textsAt(roots: Roots, { root, keys }: Path): readonly string[] {
  const [first = ''] = keys;
  const fields = rootOf(roots, root);
  const value = fields[first] ?? fields[turnCase(first)];
  if (value === undefined || value === null) return NONE;
  return textsIn(value, keys, 1);
}

/** The text; undefined where there is none, or CloudTrail hides it. */
export function shownTextOf(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined || HIDDEN.test(text) ? undefined : text;
}

/** ARNs of the resources that the record itself names. */
export function resourceArns({ record }: Roots): readonly string[] {
  const resources = Array.isArray(record['resources']) ? record['resources'] : [];
  return resources.flatMap(each => textOf(fieldsOf(each)['ARN']) ?? textOf(fieldsOf(each)['arn']) ?? []);
}

function rootOf({ record, asked, answer }: Roots, root: Path['root']): Fields {
  switch (root) {
    case 'asked':
      return asked;
    case 'answer':
      return answer;
    case 'more':
      return fieldsOf(record['additionalEventData']);
    case 'who':
      return fieldsOf(record['userIdentity']);
  }
}

/** `content` is where a few calls of EC2 have the value itself. */
function textsIn(value: unknown, keys: readonly string[], depth: number): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(each => textsIn(each, keys, depth));
  const key = keys[depth];
  if (key === undefined) {
    const text = shownTextOf(value) ?? shownTextOf(fieldsOf(value)['content']);
    return text === undefined ? NONE : [text];
  }
  const fields = fieldsOf(value);
  return textsIn(fields[key] ?? fields[turnCase(key)], keys, depth + 1);
}

/** Records of a few services begin the names of fields with a capital. */
function turnCase(key: string): string {
  const first = key.charAt(0);
  return (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + key.slice(1);
}
