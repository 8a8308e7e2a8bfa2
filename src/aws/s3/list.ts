import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { withoutUndefined } from '../../core/base/without-undefined.ts';
import { readPages } from '../answers/pages.ts';
import { LIST_OBJECTS_V2 } from '../answers/s3-shapes.ts';
import { S3_ATTEMPT_MS } from './get-client.ts';
import type { S3Call } from './object.ts';

/** An object as a list tells of it. */
export interface ListedObject {
  readonly key: string;
  /** Size in bytes. */
  readonly bytes: number;
  readonly etag: string;
  /** When S3 took it in, by S3's own clock; milliseconds since the epoch. */
  readonly modifiedAt: number | undefined;
}

/** What lies in one folder. */
export interface ListedFolder {
  /** Whole prefixes, each with its slash at the end. */
  readonly folders: readonly string[];
  readonly objects: readonly ListedObject[];
}

/** Which objects: those whose keys begin so, from the first one after a key. */
export interface ListQuery {
  readonly bucket: string;
  readonly prefix: string;
  readonly startAfter?: string | undefined;
}

/** A hundred million objects: a list that is longer is none. */
const MOST_PAGES = 100_000;

/**
 * Objects in the order of their keys, page by page as they are asked for. It fails with BUCKET_NOT_FOUND, ACCESS_DENIED and the others of
 * the common table.
 */
export async function* listObjects(query: ListQuery, call: S3Call): AsyncGenerator<ListedObject> {
  for await (const { objects } of listPages(query, undefined, call)) yield* objects;
}

/** All of one folder, without what lies deeper. It fails as {@link listObjects} does. */
export async function listFolder(query: ListQuery, call: S3Call): Promise<ListedFolder> {
  const folders: string[] = [];
  const objects: ListedObject[] = [];
  for await (const page of listPages(query, '/', call)) {
    for (const folder of page.folders) folders.push(folder);
    for (const object of page.objects) objects.push(object);
  }
  return { folders, objects };
}

async function* listPages(
  { bucket, prefix, startAfter }: ListQuery,
  delimiter: string | undefined,
  { service, signal }: S3Call,
): AsyncGenerator<ListedFolder> {
  const ask = async (token: string | undefined) => {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      ...withoutUndefined({
        Prefix: prefix === '' ? undefined : prefix,
        Delimiter: delimiter,
        StartAfter: startAfter,
        ContinuationToken: token,
      }),
    });
    const page = await service.send({
      operation: 'ListObjectsV2',
      signal,
      shape: LIST_OBJECTS_V2,
      send: options => service.client.send(command, { ...options, requestTimeout: S3_ATTEMPT_MS }),
    });
    return { page, next: page.IsTruncated === true ? page.NextContinuationToken : undefined };
  };
  for await (const { page } of readPages('ListObjectsV2', ask, MOST_PAGES)) {
    yield {
      folders: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
      objects: (page.Contents ?? []).map(({ Key, Size, ETag, LastModified }) => ({
        key: Key,
        bytes: Size,
        etag: ETag,
        modifiedAt: LastModified?.getTime(),
      })),
    };
  }
}
