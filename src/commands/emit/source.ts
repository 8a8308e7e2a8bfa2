import type { JsonRecord } from '../../io/records/json-records.ts';
import type { MarkerFields } from './fields.ts';

/** Records that can be gone through more than once: first to check, then to send. */
export interface RecordSource {
  /** Name of the file for messages; undefined for records made of flags. */
  readonly name: string | undefined;
  /**
   * In blocks; a record's `line` is its line in the file, or its rank among the flags. SIGINT and SIGTERM end a pass that
   * checks; one that sends goes on to the end, so that what was not sent is known, and kept in the spool.
   */
  records(pass: 'check' | 'send'): AsyncIterable<readonly JsonRecord[]>;
  /** Removes what reading left behind. */
  close(): Promise<void>;
}

/**
 * One record per component that flags name.
 *
 * @param findMore gives further records, once, when they are first read; of one component theirs counts
 */
export function createFlagSource(
  components: readonly string[],
  findMore: () => Promise<readonly MarkerFields[]> = async () => [],
): RecordSource {
  let found: Promise<readonly MarkerFields[]> | undefined;
  return {
    name: undefined,
    async *records() {
      found ??= findMore();
      const named = components.map((component): MarkerFields => ({ component }));
      const all = new Map([...named, ...(await found)].map(fields => [fields['component'], fields]));
      yield [...all.values()].map((value, index) => ({ line: index + 1, value, lineOf: () => index + 1 }));
    },
    close: async () => {},
  };
}
