import { describeS3Folder, type S3Folder } from '../../core/base/s3-address.ts';
import { firstKeyOf, isBeforeEnd, toMarkerObject } from '../../core/delivery/marker-object.ts';
import { type StoredMarker, withStoredAt } from '../../core/marker/stored.ts';
import type { MarkerSource } from '../../core/source/source.ts';
import type { ErrorCode } from '../../errors/codes.ts';
import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { FoldedFailures } from '../../io/records/folded-failures.ts';
import type { ServiceOptions } from '../client/service-client.ts';
import { openS3 } from './client.ts';
import { type ListedObject, listObjects } from './list.ts';
import { parseMarkerText } from './marker-text.ts';
import { readObject, type S3Call } from './object.ts';

/** Objects that are read side by side: as many as there are connections. */
const AT_ONCE = 16;
/** Bytes of an object that may be a marker; the largest has a tenth of it. */
const MOST_BYTES = 1_000_000;
/** Failures that say something of one object alone. */
const SINGLE: readonly ErrorCode[] = ['ACCESS_DENIED', 'UNEXPECTED_RESPONSE', 'MARKER_INVALID'];

/** Which bucket, and how it is reached. */
export interface BucketMarkersOptions extends ServiceOptions {
  readonly folder: S3Folder;
}

/**
 * Markers in a bucket of S3, as the `s3` sink keeps them. Only the days of the range are listed and read. An object that holds no marker, or
 * another one than its key says, is a gap; the others are read. S3 tells when it took each one in.
 */
export function createBucketMarkers(options: BucketMarkersOptions): MarkerSource {
  const { folder } = options;
  const title = describeS3Folder(folder);
  return {
    title,
    async read(range, take, { signal, onLeftOut }) {
      const service = openS3({ maxRate: Number.POSITIVE_INFINITY, ...options });
      const call = { service, signal };
      const gaps = new FoldedFailures('object');
      let folders = 0;
      const readOne = async (object: ListedObject): Promise<void> => {
        try {
          take(await readMarker(object, folder, call));
        } catch (error) {
          signal.throwIfAborted();
          if (!isDeployMarkerError(error) || !SINGLE.includes(error.code)) throw error;
          gaps.add(error);
        }
      };
      try {
        const { bucket } = folder;
        const query = { bucket, prefix: withSlash(folder), startAfter: firstKeyOf(range, folder) };
        const underWay = new Set<Promise<void>>();
        for await (const object of listObjects(query, call)) {
          if (!isBeforeEnd(object.key, range, folder)) break;
          if (object.bytes === 0 && object.key.endsWith('/')) {
            folders += 1;
            continue;
          }
          const reading = readOne(object).finally(() => underWay.delete(reading));
          underWay.add(reading);
          if (underWay.size >= AT_ONCE) await Promise.race(underWay);
        }
        await Promise.all(underWay);
      } finally {
        service.client.destroy();
      }
      if (folders > 0)
        onLeftOut?.({ kind: 'passed-over', message: 'empty objects that stand for folders', count: folders });
      return gaps.toErrors();
    },
  };
}

async function readMarker(
  { key, bytes, modifiedAt }: ListedObject,
  folder: S3Folder,
  call: S3Call,
): Promise<StoredMarker> {
  const place = `s3://${folder.bucket}/${key}`;
  if (bytes > MOST_BYTES) throw noMarker(place, `it has ${bytes} bytes, more than any marker`);
  const found = await readObject({ bucket: folder.bucket, key }, call);
  if (found === undefined) {
    throw new DeployMarkerError('UNEXPECTED_RESPONSE', `${place} was listed and then was not there`);
  }
  const { value, problem } = parseMarkerText(found.body);
  if (value === undefined) throw noMarker(place, problem);
  const { key: own } = toMarkerObject(value, folder);
  if (own !== key) throw noMarker(place, `what it holds would lie at ${own}`);
  return withStoredAt(value, modifiedAt);
}

function withSlash({ prefix }: S3Folder): string {
  return prefix === '' ? '' : `${prefix}/`;
}

function noMarker(place: string, why: string): DeployMarkerError {
  return new DeployMarkerError('MARKER_INVALID', `${place} is no marker of ours: ${why}`, {
    hint: 'look at the object; nothing but emit --bucket should write there',
  });
}
