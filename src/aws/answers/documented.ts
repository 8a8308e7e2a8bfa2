import type * as z from 'zod/mini';
import { quote } from '../../core/base/quote.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/** What an API promises of an answer, as far as we use it. */
export type AnswerShape<T> = z.ZodMiniType<T>;

/** How the answer of one operation is held against its documentation. */
export interface AnswerRules<T> {
  readonly operation: string;
  readonly shape: AnswerShape<T>;
  /** The next step, where it is a special one. */
  readonly hint?: string;
}

/**
 * The answer of a service in its documented form, without what we do not use.
 *
 * HTTP 200 alone says nothing: of an empty body, of `null`, `[]` and `"x"` the SDK makes an object without members, and it hands over
 * members of a wrong type as they are. Every answer goes through here before anything is made of it.
 *
 * @param output what the client gave
 * @throws DeployMarkerError UNEXPECTED_RESPONSE, which names operation, HTTP status and the member that does not hold, never its value
 */
export function readAnswer<T>(rules: AnswerRules<T>, output: unknown): T {
  const { success, data, error } = rules.shape.safeParse(output);
  if (success) return data;
  const [first] = error.issues;
  const what = first === undefined ? 'it has another form' : describeIssue(first, output);
  throw unexpectedAnswer(rules, `${statusOf(output)}, but not as documented: ${what}`);
}

/** The error for an answer that no service gives. @param why goes on after "OPERATION answered" */
export function unexpectedAnswer(
  { operation, hint }: Omit<AnswerRules<unknown>, 'shape'>,
  why: string,
): DeployMarkerError {
  const message = `${operation} answered ${why}`;
  return new DeployMarkerError('UNEXPECTED_RESPONSE', message, withoutUndefined({ hint }));
}

function statusOf(output: unknown): string {
  const status = valueAt(output, ['$metadata', 'httpStatusCode']);
  return typeof status === 'number' ? `HTTP ${status}` : 'with success';
}

type Issue = z.core.$ZodIssue;

function describeIssue(issue: Issue, output: unknown): string {
  const place = toPlace(issue.path);
  if (issue.code === 'custom') return issue.message;
  const value = valueAt(output, issue.path);
  if (value === undefined || value === null) return `${place} is missing`;
  if (value === '') return `${place} is empty`;
  return issue.code === 'invalid_type'
    ? `${place} is no ${WORDS[issue.expected] ?? issue.expected}`
    : `${place} is none that there can be`;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'list',
  object: 'structure',
  record: 'structure',
  date: 'time',
};

/** As people write it: `Events[0].CloudTrailEvent`. The service chose the names of columns. */
function toPlace(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the answer';
  return path
    .map((part, depth) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      return `${depth === 0 ? '' : '.'}${/^\w{1,64}$/.test(name) ? name : quote(name)}`;
    })
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) => (typeof at === 'object' && at !== null ? Reflect.get(at, part) : undefined),
    value,
  );
}
