import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { ProblemList } from '../base/problem-list.ts';
import type { UnreadRecord } from './record.ts';

/** Records of one source that could not be read, counted. */
export class UnreadRecords {
  readonly #problems = new ProblemList();

  add({ id, problem }: UnreadRecord): void {
    this.#problems.add(() => (id === undefined ? `a record ${problem}` : `the record ${id} ${problem}`));
  }

  /** A second record with the id of another one. */
  addTwin({ id }: Pick<UnreadRecord, 'id'>): void {
    this.add({ id, problem: 'has the eventID of another one' });
  }

  /** One error for all of them, TRAIL_LOG_INVALID, or none. */
  toErrors(title: string): DeployMarkerError[] {
    const { count, first } = this.#problems;
    if (count === 0) return [];
    const records = count === 1 ? '1 record' : `${count.toLocaleString('en')} records`;
    return [
      new DeployMarkerError(
        'TRAIL_LOG_INVALID',
        `${title} has ${records} that may be changes and cannot be read: ${first}`,
        {
          hint: 'take these records from the trail again, as CloudTrail wrote them',
          problems: count === 1 ? [] : this.#problems.toLines(),
        },
      ),
    ];
  }
}
