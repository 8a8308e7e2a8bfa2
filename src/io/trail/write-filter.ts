import {
  type ByteFilter,
  ESCAPE,
  Finder,
  hasEscapedName,
  isPlainSource,
  type PlaceTest,
  readText,
  skipBlanks,
} from './record-filter.ts';
import { ValueScan } from './value-scan.ts';

const COLON = 0x3a;
const SOURCE = Buffer.from('eventSource');
const READ_ONLY = Buffer.from('"readOnly"');
const TRUE = Buffer.from('true');
const STS = 'sts.amazonaws.com';

/**
 * Tells records of reads by their bytes, so that they need not be parsed where the changes of all services are wanted. Whatever is not
 * certain is wanted: a record is left out only if it has one `eventSource`, which is not that of AssumeRole, and one `readOnly`, which is
 * its own and plainly `true`.
 */
export class WriteFilter implements ByteFilter {
  open(bytes: Buffer): PlaceTest {
    const sources = new Finder(bytes, SOURCE);
    const reads = new Finder(bytes, READ_ONLY);
    const escapes = new Finder(bytes, ESCAPE);
    return ({ start, end, sourceKey }) => {
      if (sourceKey === undefined) return false;
      const read = reads.next(start, end);
      if (read === undefined || reads.next(read + 1, end) !== undefined || !isTrue(bytes, read)) return false;
      const source = readText(bytes, sourceKey);
      if (source === STS || !isPlainSource(source)) return false;
      const own = sources.next(start, end);
      if (own === undefined || sources.next(own + 1, end) !== undefined) return false;
      if (escapes.isBetween(start, end) && hasEscapedName(bytes, start, end)) return false;
      return isOwn(bytes, read, end);
    };
  }
}

function isTrue(bytes: Buffer, key: number): boolean {
  const colon = skipBlanks(bytes, key + READ_ONLY.length);
  if (bytes[colon] !== COLON) return false;
  const value = skipBlanks(bytes, colon + 1);
  return bytes.subarray(value, value + TRUE.length).equals(TRUE);
}

/** Whether the record ends with the object that the key stands in: then the key is not one of something inside of it. */
function isOwn(bytes: Buffer, key: number, end: number): boolean {
  const scan = new ValueScan();
  scan.begin(1);
  return scan.findEnd(bytes, key) === end && scan.isDone;
}
