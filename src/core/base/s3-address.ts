import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';

/** Where an object lies. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** Whether a text is meant as the address of an S3 object and not as a path. */
export function isS3Address(text: string): boolean {
  return text.startsWith('s3://');
}

/**
 * Parses `s3://bucket/key`.
 * Source of the rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and object-keys.html
 *
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseS3Address(text: string, flag: string): S3Address {
  const [, bucket = '', key = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/s.exec(text) ?? [];
  if (bucket !== '' && !key.endsWith('/') && Buffer.byteLength(key) <= 1024) return { bucket, key };
  throw new DeployMarkerError('USAGE', `${flag} must be s3://bucket/key, got ${quote(text)}`, {
    hint: `pass for example ${flag} s3://acme-audit/deploys/state.json`,
  });
}

/** Where objects lie together. */
export interface S3Folder {
  readonly bucket: string;
  /** What their keys begin with, up to and without the last slash; empty for the whole bucket. */
  readonly prefix: string;
}

/** Bytes of a prefix: what an object's name below it has room in, of the 1,024 bytes of a key. */
const LONGEST_PREFIX = 800;

/**
 * Parses `s3://bucket` or `s3://bucket/prefix`, with or without a slash at the end. A prefix with an empty part (`a//b`) is refused, for
 * Athena does not find what lies there, and so are characters that need an encoding of their own somewhere.
 * Source of the rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and object-keys.html
 *
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseS3Folder(text: string, flag: string): S3Folder {
  const [, bucket = '', rest = ''] =
    /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(text) ?? [];
  const prefix = rest.replace(/\/$/, '');
  const why =
    bucket === '' || rest.startsWith('/') ? NO_FOLDER : (problemOfBucket(bucket) ?? problemOfPrefix(prefix));
  if (why === undefined) return { bucket, prefix };
  throw new DeployMarkerError('USAGE', `${flag} ${why}, got ${quote(text)}`, {
    hint: `pass for example ${flag} s3://acme-deploys/markers`,
  });
}

/** The folder as people and settings write it; the same for all ways to write one. */
export function describeS3Folder({ bucket, prefix }: S3Folder): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

const NO_FOLDER = 'must be s3://bucket or s3://bucket/prefix';

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html (sessions, other endpoints) */
function problemOfBucket(bucket: string): string | undefined {
  if (/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return 'names no bucket that there can be';
  return bucket.endsWith('--x-s3') ? 'must be a general purpose bucket, not a directory bucket' : undefined;
}

function problemOfPrefix(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  if (Buffer.byteLength(prefix) > LONGEST_PREFIX)
    return `must have a prefix of at most ${LONGEST_PREFIX} bytes`;
  const parts = prefix.split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..'))
    return 'must have a prefix without empty parts, . and ..';
  return /^[\w!.*'()/=+@:,$&;-]+$/.test(prefix)
    ? undefined
    : "must have a prefix of A-Z a-z 0-9 and / ! - _ . * ' ( ) = + @ : , $ & ;";
}
