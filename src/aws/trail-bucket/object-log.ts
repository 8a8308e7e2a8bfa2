import type { ErrorCode } from '../../errors/codes.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { gunzipWhole, isGzip } from '../../io/trail/gzip-members.ts';
import type { ContentWatch, TrailLog } from '../../io/trail/log-reader.ts';
import type { ListedObject } from '../s3/list.ts';
import { readPart, type S3Call } from '../s3/object.ts';

/** Bytes that are asked for at once: CloudTrail's own logs are smaller, and a few of these side by side are little memory. */
const PART = 4_000_000;
/** What unpacks to more is unpacked in pieces. */
const LARGEST_UNPACKED = 8_000_000;

/** What is wrong with one object, and not with the bucket or the way to it. */
const OF_ONE: readonly ErrorCode[] = [
  'INPUT_UNREADABLE',
  'ACCESS_DENIED',
  'AWS_REJECTED',
  'UNEXPECTED_RESPONSE',
];
/** What passes, or does not: after so many of them the rest is not tried. Our own choice. */
const PASSING: readonly ErrorCode[] = ['NETWORK', 'AWS_UNAVAILABLE', 'AWS_THROTTLED', 'TIMEOUT'];
const MOST_PASSING = 5;

/** Makes logs of objects, which are read with one set of credentials. */
export class ObjectLogs {
  readonly #bucket: string;
  #passing = 0;

  constructor(bucket: string) {
    this.#bucket = bucket;
  }

  /** The log that an object is. It is read as long as it is the one that was listed. */
  toLog(object: ListedObject, { service }: S3Call, watch?: ContentWatch): TrailLog {
    const { key, bytes, etag } = object;
    const path = `s3://${this.#bucket}/${key}`;
    let kept: Buffer | undefined;
    const get = async (signal: AbortSignal, range?: readonly [number, number]): Promise<Buffer> => {
      const { body } = await readPart({ bucket: this.#bucket, key, etag, range }, { service, signal });
      return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    };
    async function* inParts(signal: AbortSignal): AsyncGenerator<Buffer> {
      if (kept !== undefined) {
        yield kept;
        return;
      }
      for (let first = 0; first < bytes; first += PART) {
        yield await get(signal, [first, Math.min(first + PART, bytes) - 1]);
      }
    }
    return {
      path,
      bytes,
      watch,
      async readWhole(signal) {
        if (bytes > PART) return undefined;
        kept = bytes === 0 ? Buffer.alloc(0) : await get(signal);
        return isGzip(kept) ? gunzipWhole(kept, LARGEST_UNPACKED) : undefined;
      },
      open: inParts,
      toFailure: error => this.#toFailure(error, path),
    };
  }

  #toFailure(error: unknown, path: string): DeployMarkerError | undefined {
    if (!isDeployMarkerError(error)) return undefined;
    const { code, message, hint, cause } = error;
    if (PASSING.includes(code)) this.#passing += 1;
    const isOfOne = OF_ONE.includes(code) || (PASSING.includes(code) && this.#passing <= MOST_PASSING);
    return isOfOne ? new DeployMarkerError(code, `${path}: ${message}`, { hint, cause }) : undefined;
  }
}
