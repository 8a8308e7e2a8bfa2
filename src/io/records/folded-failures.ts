import { ProblemList } from '../../core/base/problem-list.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

interface Fold {
  readonly first: DeployMarkerError;
  count: number;
  readonly problems: ProblemList;
}

/**
 * Failures of one source as one error for each code, so that a folder of a thousand broken files does not fill a log or the memory:
 * its message is that of the first and tells how many there are, its list of problems has the first 20 and counts the others.
 */
export class FoldedFailures {
  readonly #folds = new Map<ErrorCode, Fold>();
  readonly #what: string;

  /** @param what failed, for example `file` */
  constructor(what: string) {
    this.#what = what;
  }

  /** @param problems all behind the failure, where it tells only some of them */
  add(failure: DeployMarkerError, problems?: ProblemList): void {
    const fold = this.#folds.get(failure.code) ?? { first: failure, count: 0, problems: new ProblemList() };
    this.#folds.set(failure.code, fold);
    fold.count += 1;
    if (problems !== undefined) fold.problems.addAll(problems);
    else if (failure.problems.length === 0) fold.problems.add(failure.message);
    else for (const problem of failure.problems) fold.problems.add(problem);
  }

  /** In the order in which their codes were first seen. */
  toErrors(): DeployMarkerError[] {
    return [...this.#folds.values()].map(({ first, count, problems }) => {
      if (count === 1) return first;
      const message = `${first.message} … and ${count - 1} more ${this.#what}${count === 2 ? '' : 's'}`;
      return new DeployMarkerError(first.code, message, {
        hint: first.hint,
        cause: first.cause,
        problems: problems.toLines(),
      });
    });
  }
}

/** All failures of a source at once, see {@link FoldedFailures}. */
export function foldFailures(failures: readonly DeployMarkerError[], what: string): DeployMarkerError[] {
  const folded = new FoldedFailures(what);
  for (const failure of failures) folded.add(failure);
  return folded.toErrors();
}
