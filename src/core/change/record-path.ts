import { type Fields, fieldsOf, textOf } from '../base/fields.ts';
import type { Service } from '../services/service.ts';
import { answeredField, answerOf } from './brief-record.ts';

/** The parts of a record that fields are looked for in. */
export interface Roots {
  readonly record: Fields;
  readonly asked: Fields;
  readonly answer: Fields;
  /** One field of the answer, which is cheaper than all. */
  answered(name: string): unknown;
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

/**
 * Where a call that renames a thing has its new name: `newUserName` beside `userName`, `newName` beside `oldName`. Undefined for
 * what no call asks for by such a name.
 */
export function newNameOf({ root, keys }: Path): Path | undefined {
  const [key, ...deeper] = keys;
  if (root !== 'asked' || key === undefined || deeper.length > 0) return undefined;
  const name = key.replace(/^(?:current|old)(?=[A-Z])/, '');
  return { root, keys: [`new${name.charAt(0).toUpperCase()}${name.slice(1)}`] };
}

/** What the call asked and what was answered; a service may put both one level deeper. */
export function rootsOf({ isNested }: Service, action: string, record: Fields): Roots {
  const asked = fieldsOf(record['requestParameters']);
  if (isNested !== true) return new RecordRoots(record, asked);
  const answer = answerOf(record);
  return new RecordRoots(
    record,
    { ...asked, ...fieldsOf(asked[`${action}Request`]) },
    { ...answer, ...fieldsOf(answer[`${action}Response`]) },
  );
}

class RecordRoots implements Roots {
  readonly record: Fields;
  readonly asked: Fields;
  /** What stands in place of the record's own answer. */
  readonly #answer: Fields | undefined;

  constructor(record: Fields, asked: Fields, answer?: Fields) {
    this.record = record;
    this.asked = asked;
    this.#answer = answer;
  }

  get answer(): Fields {
    return this.#answer ?? answerOf(this.record);
  }

  answered(name: string): unknown {
    return this.#answer === undefined ? answeredField(this.record, name) : this.#answer[name];
  }
}

/** All texts at the end of the path, lists gone through; none that CloudTrail hides. */
export function textsAt(roots: Roots, { root, keys }: Path): readonly string[] {
  const [first = ''] = keys;
  const value = fieldAt(roots, root, first) ?? fieldAt(roots, root, turnCase(first));
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

function fieldAt(roots: Roots, root: Path['root'], name: string): unknown {
  switch (root) {
    case 'asked':
      return roots.asked[name];
    case 'answer':
      return roots.answered(name);
    case 'more':
      return fieldsOf(roots.record['additionalEventData'])[name];
    case 'who':
      return fieldsOf(roots.record['userIdentity'])[name];
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
