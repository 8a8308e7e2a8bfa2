import { hash } from 'node:crypto';

type Digest = (body: Buffer) => string | Promise<string>;

/** Checksums that S3 tells of an object, by the ends of their headers, in the order in which the SDK prefers them. */
const CHECKSUMS: Readonly<Record<string, Digest>> = {
  sha256: body => hash('sha256', body, 'base64'),
  sha1: body => hash('sha1', body, 'base64'),
  crc32: body => crcOf('Crc32', body),
  crc32c: body => crcOf('Crc32c', body),
  crc64nvme: body => crcOf('Crc64Nvme', body),
};

/**
 * Holds a body against the checksum that came with it, if one did. That of an object which was uploaded in parts is one of its parts'
 * checksums (`…-3`) and says nothing of the whole.
 *
 * @throws Error `ChecksumMismatch`, which the SDK's retries take for a fault that passes
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
export async function holdBody(body: Buffer, headers: Readonly<Record<string, string>>): Promise<void> {
  for (const [algorithm, digest] of Object.entries(CHECKSUMS)) {
    const told = headers[`x-amz-checksum-${algorithm}`];
    if (told === undefined || /-\d+$/.test(told)) continue;
    if ((await digest(body)) === told) return;
    const error = new Error(`Checksum mismatch: S3 has the ${algorithm} ${told}, and gave something else`);
    throw Object.assign(error, { name: 'ChecksumMismatch', $retryable: {} });
  }
}

/** By the SDK's own code, which is loaded with the first one. */
async function crcOf(name: 'Crc32' | 'Crc32c' | 'Crc64Nvme', body: Buffer): Promise<string> {
  const crc = new (await import('@aws-sdk/checksums/crc'))[name]();
  crc.update(body);
  return Buffer.from(await crc.digest()).toString('base64');
}
