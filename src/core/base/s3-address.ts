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
