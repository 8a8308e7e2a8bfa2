import { DeployMarkerError } from '../errors/deploy-marker-error.ts';

/** As many problems are told of all that are folded into one error. */
const MOST_PROBLEMS = 20;

/**
 * Failures of one source as one error for each code, so that a folder of a thousand broken files does not fill a log: its message is
 * that of the first and tells how many there are, its list of problems has the first 20.
 *
 * @param what failed, for example `file`
 */
export function foldFailures(failures: readonly DeployMarkerError[], what: string): DeployMarkerError[] {
  const codes = new Set(failures.map(({ code }) => code));
  return [...codes].flatMap(code => {
    const [first, ...others] = failures.filter(failure => failure.code === code);
    if (first === undefined || others.length === 0) return first ?? [];
    const message = `${first.message} … and ${others.length} more ${what}${others.length === 1 ? '' : 's'}`;
    const problems = [first, ...others]
      .slice(0, MOST_PROBLEMS)
      .flatMap(each => (each.problems.length === 0 ? [each.message] : each.problems))
      .slice(0, MOST_PROBLEMS);
    return new DeployMarkerError(code, message, { hint: first.hint, cause: first.cause, problems });
  });
}
