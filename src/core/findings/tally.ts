import type { NameTest } from '../base/pattern.ts';
import type { Change } from '../change/change.ts';
import { placeOfChange } from '../change/global.ts';
import type { ScopeTest } from '../component/scope.ts';
import type { Standing } from '../correlate/standing.ts';
import type { Verdict } from '../correlate/verdict.ts';
import { isWithin, type TimeRange } from '../time/range.ts';
import type { ChangeFinding } from './change-finding.ts';
import { findInChange } from './finding.ts';
import { noChanges } from './report-entry.ts';

/** Which changes count, and how their sessions should be called. */
export interface TallyRules {
  readonly range: TimeRange;
  readonly isInScope: ScopeTest;
  readonly isSessionName: NameTest;
  /** Explained changes are kept, for drawing, as long as there are no more than this. */
  readonly mostExplained: number;
}

/** Whether any of what a change is of counts. */
export function isChangeInScope(change: Change, isInScope: ScopeTest): boolean {
  const { component, others } = change;
  const told = placeOfChange(change);
  return isInScope(component, told) || others?.some(other => isInScope(other, told)) === true;
}

/** What `audit` keeps of the changes that go by: of those that are explained, mostly their number. */
export class AuditTally {
  readonly standings: Record<Standing, number> = noChanges();
  readonly #odd: Verdict[] = [];
  /** Explained, but something was found in them. */
  readonly #noted: Verdict[] = [];
  #explained: Verdict[] = [];
  readonly #rules: TallyRules;

  constructor(rules: TallyRules) {
    this.#rules = rules;
  }

  add(verdict: Verdict): void {
    const { range, isInScope, isSessionName, mostExplained } = this.#rules;
    const { change, standing } = verdict;
    if (!isWithin(change.time, range)) return;
    if (!isChangeInScope(change, isInScope)) return;
    this.standings[standing] += 1;
    if (standing !== 'explained') {
      this.#odd.push(verdict);
      return;
    }
    if (findInChange(verdict, isSessionName).length > 0) this.#noted.push(verdict);
    if (this.standings.explained <= mostExplained) this.#explained.push(verdict);
    else this.#explained = [];
  }

  /** What was found in the changes, made one by one as it is asked for. */
  *findings(): Generator<ChangeFinding> {
    for (const verdicts of [this.#odd, this.#noted])
      for (const verdict of verdicts) yield* findInChange(verdict, this.#rules.isSessionName);
  }

  /** All changes that are not explained, and the explained ones if they are few enough. */
  kept(): Verdict[] {
    return this.#odd.concat(this.#explained);
  }

  /** Only those that are not explained. */
  odd(): readonly Verdict[] {
    return this.#odd;
  }
}
