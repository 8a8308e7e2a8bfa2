import { jsonProblem, placeOfFault, withoutMark } from '../base/json-text.ts';
import { quote } from '../base/quote.ts';

/** A JSON object of a policy, its names as written. */
export type TrustDocument = Readonly<Record<string, unknown>>;

/** Whether `value` is a JSON object. */
export function isTrustDocument(value: unknown): value is TrustDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value of a policy as the list that it stands for: IAM takes a single entry for a list of one. */
export function toList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

// A policy has at most 8,192 characters, three times as many in a URL, and get-role puts tags around it.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const LONGEST = 65_536;

/**
 * Takes the policy document out of what people have of it: the document, the role that `aws iam get-role` prints, or
 * the URL-encoded text in which IAM's API gives it.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html
 *
 * @param refuse throws the error that says why it cannot be had.
 */
export function readTrustDocument(text: string, refuse: (why: string) => never): TrustDocument {
  if (text.length > LONGEST)
    return refuse(`has ${text.length} characters, far more than a trust policy can have`);
  let value: unknown = withoutMark(text);
  // A role in JSON may hold the document as text once more.
  for (let round = 0; round < 3 && typeof value === 'string'; round += 1)
    value = unwrap(parseJson(decode(value), refuse));
  if (!isTrustDocument(value)) return refuse(`is ${quote(value)}, not a JSON object`);
  if ('AWSTemplateFormatVersion' in value || 'Resources' in value)
    return refuse('is a CloudFormation template');
  if (!('Statement' in value))
    return refuse(`has no Statement; it holds ${quote(Object.keys(value).join(', '))}`);
  return value;
}

function unwrap(value: unknown): unknown {
  const role = isTrustDocument(value) && 'Role' in value ? value['Role'] : value;
  return isTrustDocument(role) && 'AssumeRolePolicyDocument' in role
    ? role['AssumeRolePolicyDocument']
    : role;
}

function decode(text: string): string {
  try {
    return /^\s*%7b/i.test(text) ? decodeURIComponent(text) : text;
  } catch {
    return text;
  }
}

function parseJson(text: string, refuse: (why: string) => never): unknown {
  const problem = jsonProblem(text);
  if (problem !== undefined) {
    if (/^\s*(?:AWSTemplateFormatVersion|Resources)\s*:/m.test(text))
      return refuse('is a CloudFormation template');
    return refuse(`is not JSON at ${placeOfFault(text)}`);
  }
  const value: unknown = JSON.parse(text);
  // JSON.parse keeps the last of equal names, and a condition that got lost would make the policy look weaker.
  const names = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined);
  if (names.length > countNames(value))
    return refuse('has a name twice in one object, where only one would count');
  return value;
}

function countNames(value: unknown): number {
  let count = 0;
  const queue = [value];
  // Grows while it is walked: a call for each level would overflow the stack.
  for (const item of queue) {
    if (typeof item !== 'object' || item === null) continue;
    const entries = Object.values(item);
    if (!Array.isArray(item)) count += entries.length;
    for (const entry of entries) queue.push(entry);
  }
  return count;
}
