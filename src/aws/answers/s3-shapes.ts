import * as z from 'zod/mini';
import { count, filled, text, token } from './members.ts';

// What S3's pages, and that of CloudTrail's keys for digests in S3, promise, as far as it is used here; see shapes.ts.

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html: what is there has an ETag. */
export const GET_OBJECT = z.object({
  ETag: filled,
  Body: z.instanceof(Uint8Array),
  Metadata: z.optional(z.record(z.string(), text)),
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html: an answer names its bucket, and says how to go on. */
export const LIST_OBJECTS_V2 = z
  .object({
    Name: filled,
    IsTruncated: z.optional(z.boolean()),
    NextContinuationToken: token,
    Contents: z.optional(
      z.array(z.object({ Key: filled, Size: count, ETag: filled, LastModified: z.optional(z.date()) })),
    ),
    CommonPrefixes: z.optional(z.array(z.object({ Prefix: filled }))),
  })
  .check(
    z.refine(
      page => page.IsTruncated !== true || page.NextContinuationToken !== undefined,
      'it does not say where it goes on',
    ),
  );

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListPublicKeys.html */
export const LIST_PUBLIC_KEYS = z.object({
  PublicKeyList: z.array(z.object({ Fingerprint: filled, Value: z.instanceof(Uint8Array) })),
  NextToken: token,
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export const PUT_OBJECT = z.object({ ETag: filled });
