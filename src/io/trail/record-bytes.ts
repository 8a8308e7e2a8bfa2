import { isUtf8 } from 'node:buffer';
import { parseJson } from '../../core/base/json-record.ts';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';

/**
 * The value of the record at a place among the bytes.
 *
 * @param rank of the record in its log, from 1, for messages
 * @throws DeployMarkerError TRAIL_LOG_INVALID if it is no JSON in UTF-8
 */
export function parseRecord(
  bytes: Buffer,
  [start, end]: readonly [start: number, end: number],
  rank: number,
): unknown {
  const text = bytes.toString('utf8', start, end);
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) {
    throw invalidLog(`record ${rank} is not UTF-8`);
  }
  const value = parseJson(text);
  if (value === undefined) throw invalidLog(`record ${rank} is not JSON`);
  return value;
}

/** What is wrong with a log, without its name. */
export function invalidLog(why: string, hint?: string): DeployMarkerError {
  return new DeployMarkerError('TRAIL_LOG_INVALID', why, withoutUndefined({ hint }));
}
