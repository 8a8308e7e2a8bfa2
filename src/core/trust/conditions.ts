import { readKey, type TrustRequest, toText } from './context.ts';
import { fitsPattern, toLiteral } from './pattern.ts';
import type { TrustCondition } from './policy.ts';

/** What came of one part of a statement. What is not judged is `cannot tell`, never `met`. */
export type TrustOutcome = 'met' | 'unmet' | 'cannot tell';

/** One part of a statement and what came of it. */
export interface TrustReason {
  /** A condition operator, or the name of an element such as `Principal`. */
  readonly operator: string;
  /** The condition key, or the name of the element again. */
  readonly key: string;
  readonly wanted: readonly string[];
  /** What the request has; undefined if it has nothing or that is not known. */
  readonly found: readonly string[] | undefined;
  readonly outcome: TrustOutcome;
  /** One short sentence without a full stop. */
  readonly why: string;
}

/** Under which circumstances a condition is judged. */
export interface ConditionFrame {
  readonly request: TrustRequest;
  /** Effect of the statement. */
  readonly effect: 'Allow' | 'Deny';
  /** Whether `${…}` is a policy variable. */
  readonly hasVariables: boolean;
}

/** Whether a value, several or none pass; undefined if AWS does not say. */
type Test = (value: string | readonly string[] | undefined) => boolean | undefined;

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?String(Not)?(EqualsIgnoreCase|Equals|Like)(IfExists)?$/;

/**
 * Judges one condition: the string operators with their set forms and IfExists, and Null.
 *
 * Where AWS documents that a key is missing and this is not beyond doubt, the condition may keep the role from being
 * assumed but never help to assume it: then it is `cannot tell`.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function judgeCondition(
  { operator, key, wanted }: TrustCondition,
  frame: ConditionFrame,
): TrustReason {
  const { values, found, why: special } = readKey(key, frame.request);
  const reason = { operator, key, wanted: wanted.map(toText), found };
  const test = operator === 'Null' ? toNullTest(wanted) : toStringTest(operator, wanted, frame.hasVariables);
  if (typeof test === 'string') return { ...reason, outcome: 'cannot tell', why: test };
  const [passes, ...others] = values.map(value => (value === null ? undefined : test(value)));
  const helps = passes === (frame.effect === 'Allow');
  if (passes === undefined || (helps && others.some(other => other !== passes)))
    return {
      ...reason,
      outcome: 'cannot tell',
      why: special ?? 'AWS does not say what this operator makes of it',
    };
  const usual = passes ? 'fits' : 'does not fit';
  const why = special ?? (values[0] === undefined ? 'the token has no such claim' : usual);
  return { ...reason, outcome: passes ? 'met' : 'unmet', why };
}

function toNullTest(wanted: readonly unknown[]): Test | string {
  const [only] = wanted;
  const isMissing = only === true || only === 'true';
  if (wanted.length !== 1 || !(isMissing || only === false || only === 'false'))
    return 'Null takes "true" or "false"';
  return value => (value === undefined) === isMissing;
}

function toStringTest(operator: string, wanted: readonly unknown[], hasVariables: boolean): Test | string {
  const form = OPERATOR.exec(operator);
  if (form === null) return 'this operator is not judged here';
  const [, quantifier, not, comparison, ifExists] = form;
  const texts = wanted.filter(value => typeof value === 'string');
  if (texts.length === 0 || texts.length < wanted.length) return 'a wanted value is not text';
  // A variable that AWS cannot resolve makes the whole statement invalid, whatever the other values are.
  if (hasVariables && texts.some(text => /\$\{(?![*?$]\})/.test(text)))
    return 'a wanted value holds a policy variable';
  const equals = (text: string, value: string): boolean => (hasVariables ? toLiteral(text) : text) === value;
  const compare = {
    Like: (text: string, value: string) => fitsPattern(text, value, hasVariables),
    Equals: equals,
    EqualsIgnoreCase: (text: string, value: string) => equals(text.toLowerCase(), value.toLowerCase()),
  }[comparison ?? ''];
  const passes = (value: string): boolean =>
    texts.some(text => compare?.(text, value)) !== (not !== undefined);
  return value => {
    if (value === undefined) {
      // Two rules of AWS's contradict each other for ForAnyValue with a negated or optional operator.
      if (quantifier === 'ForAnyValue') return not || ifExists ? undefined : false;
      return quantifier !== undefined || not !== undefined || ifExists !== undefined;
    }
    if (typeof value !== 'string' && quantifier === undefined) return undefined;
    const values = [value].flat();
    // Which letters beyond ASCII count as the same is not documented.
    if (comparison === 'EqualsIgnoreCase' && [...texts, ...values].some(text => /[^ -~]/.test(text)))
      return undefined;
    return quantifier === 'ForAnyValue' ? values.some(passes) : values.every(passes);
  };
}
