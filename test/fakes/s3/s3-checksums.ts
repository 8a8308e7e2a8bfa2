import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsRefusal } from '../aws-refusal.ts';
import { type HttpRequest, headerValue } from '../http-message.ts';

function digest(algorithm: string, body: Buffer): string {
  return createHash(algorithm).update(body).digest('base64');
}

function crc32Of(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html, those that Node can calculate. */
const CHECKSUMS: Readonly<Record<string, (body: Buffer) => string>> = {
  'x-amz-checksum-crc32': crc32Of,
  'x-amz-checksum-sha1': body => digest('sha1', body),
  'x-amz-checksum-sha256': body => digest('sha256', body),
};

/** Headers that a checksum of the body comes in. */
export const CHECKSUM_HEADERS = Object.keys(CHECKSUMS);

function refuse(code: string, message: string): AwsRefusal {
  return new AwsRefusal(400, code, message, { violation: true });
}

/** The checksum that a request has for its body. */
export function checksumOf(request: HttpRequest): Readonly<Record<string, string>> {
  const sent = CHECKSUM_HEADERS.map(name => [name, headerValue(request, name)] as const);
  return Object.fromEntries(sent.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

/** Holds what a request says of its body against the body, and the algorithm it names against what it sends. */
export function checkChecksums(request: HttpRequest): void {
  const algorithm = headerValue(request, 'x-amz-sdk-checksum-algorithm')?.toLowerCase();
  const sent = Object.entries(checksumOf(request));
  if (sent.length > 1)
    throw refuse(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  if (algorithm !== undefined && sent[0]?.[0] !== `x-amz-checksum-${algorithm}`)
    throw refuse(
      'InvalidRequest',
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  const md5 = headerValue(request, 'content-md5');
  const claims = [...sent, ...(md5 === undefined ? [] : [['content-md5', md5] as const])];
  for (const [header, claimed] of claims) {
    const expected = CHECKSUMS[header]?.(request.body) ?? digest('md5', request.body);
    if (claimed !== expected)
      throw refuse('BadDigest', `The ${header} you specified did not match what we received.`);
  }
}
