import { createHash, createPublicKey, verify } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { parseJson } from '../../core/base/json-record.ts';
import type { S3Object } from '../s3/object.ts';
import type { PublicKeys } from './public-keys.ts';

/** CloudTrail writes a few hundred bytes for each log of an hour; what unpacks to more is no digest. Our own bound. */
const LARGEST = 64_000_000;

const text = z.string();
const FILE = z.object({
  s3Bucket: text,
  s3Object: text,
  hashValue: text,
  hashAlgorithm: z.literal('SHA-256'),
});
/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html */
const DIGEST = z.object({
  digestStartTime: text.check(z.refine(isTime)),
  digestEndTime: text.check(z.refine(isTime)),
  digestS3Bucket: text,
  digestS3Object: text,
  digestPublicKeyFingerprint: text,
  previousDigestS3Bucket: z.nullish(text),
  previousDigestS3Object: z.nullish(text),
  previousDigestHashValue: z.nullish(text),
  previousDigestSignature: z.nullable(text),
  logFiles: z.nullish(z.array(FILE)),
});

/** A digest whose signature holds. */
export interface Digest {
  /** Of the time that it is about, in milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
  readonly logs: readonly { readonly bucket: string; readonly key: string; readonly hash: string }[];
  /** The one before it; undefined where a chain begins. */
  readonly previous: DigestLink | undefined;
  readonly hash: string;
  readonly signature: string;
}

/** What a digest says of the one before it. */
export interface DigestLink {
  readonly bucket: string;
  readonly key: string;
  readonly hash: string | undefined;
  readonly signature: string | undefined;
}

/** Where a digest lies, and what it has to fit. */
export interface DigestPlace {
  readonly bucket: string;
  readonly key: string;
  /** What the one after it says of it, if that is known. */
  readonly link?: DigestLink | undefined;
}

/**
 * Checks a digest: its form, its place, its signature (RSA with SHA-256 and PKCS #1 v1.5), and that it is the one that the next one goes on
 * from.
 *
 * @returns what is wrong with it, in words, if something is
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-custom-validation.html
 */
export function checkDigest(
  { body, metadata }: Pick<S3Object, 'body' | 'metadata'>,
  { bucket, key, link }: DigestPlace,
  keys: PublicKeys,
): Digest | string {
  const content = unpack(body);
  const parsed = content === undefined ? undefined : DIGEST.safeParse(parseJson(content.toString('utf8')));
  if (content === undefined || parsed?.success !== true) return 'it has not the form of a digest';
  const { data } = parsed;
  const { signature } = metadata;
  if (signature === undefined || metadata['signature-algorithm'] === undefined) return 'it has no signature';
  if (data.digestS3Bucket !== bucket || data.digestS3Object !== key) {
    return `it was made for s3://${data.digestS3Bucket}/${data.digestS3Object}`;
  }
  const publicKey = keys.get(data.digestPublicKeyFingerprint);
  if (publicKey === undefined) {
    return `it is signed with the key ${data.digestPublicKeyFingerprint}, which CloudTrail does not have`;
  }
  const hash = createHash('sha256').update(content).digest('hex');
  const previous = data.previousDigestSignature ?? 'null';
  const signed = `${data.digestEndTime}\n${bucket}/${key}\n${hash}\n${previous}`;
  if (!holds(signed, signature, publicKey)) return 'its signature does not hold';
  if (differs(link?.hash, hash) || differs(link?.signature, signature)) {
    return 'it is another one than the digest after it goes on from';
  }
  return {
    from: Date.parse(data.digestStartTime),
    until: Date.parse(data.digestEndTime),
    logs: (data.logFiles ?? []).map(file => ({
      bucket: file.s3Bucket,
      key: file.s3Object,
      hash: file.hashValue,
    })),
    previous: toLink(data),
    hash,
    signature,
  };
}

function toLink(data: z.infer<typeof DIGEST>): DigestLink | undefined {
  const { previousDigestS3Bucket: bucket, previousDigestS3Object: key } = data;
  if (typeof bucket !== 'string' || typeof key !== 'string') return undefined;
  return {
    bucket,
    key,
    hash: data.previousDigestHashValue ?? undefined,
    signature: data.previousDigestSignature ?? undefined,
  };
}

function differs(said: string | undefined, is: string): boolean {
  return said !== undefined && said.toLowerCase() !== is.toLowerCase();
}

function holds(signed: string, signature: string, publicKey: Uint8Array): boolean {
  if (!/^(?:[0-9a-f]{2})+$/i.test(signature)) return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'pkcs1' });
    return verify('sha256', Buffer.from(signed), key, Buffer.from(signature, 'hex'));
  } catch {
    // What is no key verifies nothing.
    return false;
  }
}

function unpack(body: Uint8Array): Buffer | undefined {
  try {
    return gunzipSync(body, { maxOutputLength: LARGEST });
  } catch {
    return undefined;
  }
}

function isTime(value: string): boolean {
  return !Number.isNaN(Date.parse(value));
}
