import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { quote } from './quote.ts';

/** Objects of a bucket whose keys begin alike. */
export interface S3Prefix {
  readonly bucket: string;
  /** Empty for the whole bucket. */
  readonly prefix: string;
}

const FORM = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/is;

/** The prefix as it is written most plainly. */
export function formatS3Prefix({ bucket, prefix }: S3Prefix): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}

/**
 * Parses `s3://bucket` or `s3://bucket/prefix`; slashes at the end mean nothing.
 * Source of the rules: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html and object-keys.html
 *
 * @throws DeployMarkerError USAGE naming the flag
 */
export function parseS3Prefix(text: string, flag: string): S3Prefix {
  const [, bucket = '', prefix = ''] = FORM.exec(text) ?? [];
  const isBucket = bucket !== '' && bucket === bucket.toLowerCase();
  if (isBucket && !prefix.startsWith('/') && Buffer.byteLength(prefix) <= 1024) {
    return { bucket, prefix: prefix.replace(/\/+$/, '') };
  }
  throw new DeployMarkerError(
    'USAGE',
    `${flag} must be s3://bucket or s3://bucket/prefix, got ${quote(text)}`,
    {
      hint: `pass for example ${flag} s3://acme-trail/AWSLogs`,
    },
  );
}
