import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';

/** Where an object lies. */
export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** Bytes. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY = 1024;

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
  if (bucket !== '' && !key.endsWith('/') && Buffer.byteLength(key) <= LONGEST_KEY) return { bucket, key };
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

/**
 * Parses `s3://bucket` or `s3://bucket/prefix`, with or without a slash at the end, as a place for what we write. A prefix with an empty
 * part (`a//b`) is refused, for Athena does not find what lies there, and so are characters that need an encoding of their own somewhere.
 * Source of the rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and object-keys.html
 *
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseS3Folder(text: string, flag: string): S3Folder {
  return parseFolder(text, { flag, example: 's3://acme-deploys/markers', problemOf: problemOfOwn });
}

/**
 * Parses the same for what others wrote: a prefix is whatever S3 takes, and slashes at its end mean nothing.
 *
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseTrailFolder(text: string, flag: string): S3Folder {
  const example = 's3://acme-trail/AWSLogs';
  return parseFolder(text.replace(/\/+$/, ''), { flag, example, problemOf: problemOfKey });
}

/** The folder as people and settings write it; the same for all ways to write one. */
export function describeS3Folder({ bucket, prefix }: S3Folder): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

interface FolderRules {
  readonly flag: string;
  readonly example: string;
  problemOf(prefix: string): string | undefined;
}

const FOLDER = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;
const NO_FOLDER = 'must be s3://bucket or s3://bucket/prefix';

function parseFolder(text: string, { flag, example, problemOf }: FolderRules): S3Folder {
  const [, bucket = '', rest = ''] = FOLDER.exec(text.replace(/^S3:/, 's3:')) ?? [];
  const prefix = rest.replace(/\/$/, '');
  const isFolder = bucket !== '' && !rest.startsWith('/');
  const why = isFolder ? (problemOfBucket(bucket) ?? problemOf(prefix)) : (problemOfName(text) ?? NO_FOLDER);
  if (why === undefined) return { bucket, prefix };
  throw new DeployMarkerError('USAGE', `${flag} ${why}, got ${quote(text)}`, {
    hint: `pass for example ${flag} ${example}`,
  });
}

/** What has the form and a name that no bucket has. */
function problemOfName(text: string): string | undefined {
  const [, name = ''] = /^s3:\/\/([^/]+)/i.exec(text) ?? [];
  if (name === '' || /^[a-z0-9.-]+$/.test(name)) return undefined;
  return `must name a bucket, and ${quote(name)} is no name of one: those are of a-z 0-9 . and - alone`;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html (sessions, other endpoints) */
function problemOfBucket(bucket: string): string | undefined {
  if (/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(bucket)) return 'names no bucket that there can be';
  return bucket.endsWith('--x-s3') ? 'must be a general purpose bucket, not a directory bucket' : undefined;
}

/** Bytes of a prefix of ours: what an object's name below it has room in, of the bytes of a key. */
const LONGEST_PREFIX = 800;

function problemOfKey(prefix: string, longest = LONGEST_KEY): string | undefined {
  return Buffer.byteLength(prefix) > longest ? `must have a prefix of at most ${longest} bytes` : undefined;
}

function problemOfOwn(prefix: string): string | undefined {
  if (prefix === '') return undefined;
  const tooLong = problemOfKey(prefix, LONGEST_PREFIX);
  if (tooLong !== undefined) return tooLong;
  const parts = prefix.split('/');
  if (parts.some(part => part === '' || part === '.' || part === '..'))
    return 'must have a prefix without empty parts, . and ..';
  return /^[\w!.*'()/=+@:,$&;-]+$/.test(prefix)
    ? undefined
    : "must have a prefix of A-Z a-z 0-9 and / ! - _ . * ' ( ) = + @ : , $ & ;";
}
