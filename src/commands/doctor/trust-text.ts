import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { quote } from '../../core/base/quote.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { describeFileFault } from '../../io/file/file-fault.ts';
import { openByteStream } from '../../io/records/byte-stream.ts';
import { learnerOf } from '../credential-learner.ts';
import type { DoctorScene, TrustPlace } from './scene.ts';

/** Bytes that are read of a file at most: several times what a trust policy can have. */
const MOST_BYTES = 1_000_000;

/**
 * A trust policy as text.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE, ROLE_NOT_FOUND, what else IAM answers, or the signal's reason
 */
export async function readTrustText(
  { context: { io, out, redactor } }: DoctorScene,
  place: TrustPlace,
  signal: AbortSignal,
): Promise<string> {
  if ('file' in place) return readStart(resolve(io.cwd, place.file), place.file, signal);
  const { roleArn } = place;
  const { readRoleTrust } = await import('../../aws/iam/role-trust.ts');
  const learn = learnerOf(redactor);
  const { arn, policy } = await readRoleTrust({ roleArn, env: io.env, warn: out.warn, learn }, signal);
  if (arn === roleArn) return policy;
  throw new DeployMarkerError(
    'ROLE_NOT_FOUND',
    `IAM shows roles of the caller's account only: it has ${arn}, and not ${roleArn}`,
    { hint: "save the role's trust policy with credentials of its account, and pass --trust-policy" },
  );
}

/** The beginning of a file or a pipe. What may never end, as a terminal, and cannot be left either, is refused. */
async function readStart(path: string, name: string, signal: AbortSignal): Promise<string> {
  try {
    const found = statSync(path);
    if (!found.isFile() && !found.isFIFO()) throw new Error('it is neither a file nor a pipe');
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of await openByteStream(path, signal)) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
    }
    return Buffer.concat(chunks).toString();
  } catch (cause) {
    signal.throwIfAborted();
    throw new DeployMarkerError(
      'INPUT_UNREADABLE',
      `the trust policy ${quote(name)} cannot be read: ${describeFileFault(cause, 'read')}`,
      {
        hint: 'name a readable file with --trust-policy',
        cause,
      },
    );
  }
}
