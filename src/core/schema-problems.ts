import type { core } from 'zod/mini';
import { type Problem, toPointer } from './problem.ts';
import { quote } from './quote.ts';

/** One sentence for the type errors that zod raises itself; our own rules bring theirs. */
export function describeIssue(issue: core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.input === undefined) return 'is required';
  const expected = issue.expected === 'string' ? 'a string' : 'an object';
  return `must be ${expected}, got ${quote(issue.input)}`;
}

/**
 * Turns zod's issues into problems. An unknown or illegal key is a problem of that key, not of the object around it.
 *
 * @param unknownKey what to say of a key that the schema does not have
 */
export function toProblems(issues: readonly core.$ZodIssue[], unknownKey: string): Problem[] {
  return issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(key => ({ path: toPointer([...issue.path, key]), message: unknownKey }));
    }
    const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
    return [{ path: toPointer(issue.path), message: message ?? issue.message }];
  });
}
