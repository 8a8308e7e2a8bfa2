import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { quote } from '../core/quote.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { DoctorScene } from './doctor-scene.ts';

/** Bytes that are read of a file at most: several times what a trust policy can have. */
const MOST_BYTES = 1_000_000;

/**
 * A trust policy as text: the file that is named, or with `--online` that of the role; undefined if there is none.
 *
 * @throws DeployMarkerError INPUT_UNREADABLE, ROLE_NOT_FOUND, what else IAM answers, or the signal's reason
 */
export async function readTrustText(
  { own, assume, context: { io, out } }: DoctorScene,
  signal: AbortSignal,
): Promise<string | undefined> {
  const file = own['trust-policy'];
  if (file !== undefined) return untilAborted(readStart(resolve(io.cwd, file), file), signal);
  const roleArn = assume['role-arn'];
  if (!own.online || roleArn === undefined) return undefined;
  const { readRoleTrust } = await import('../aws/role-trust.ts');
  const { arn, policy } = await readRoleTrust({ roleArn, env: io.env, warn: out.warn }, signal);
  if (arn === roleArn) return policy;
  throw new DeployMarkerError(
    'ROLE_NOT_FOUND',
    `IAM shows roles of the caller's account only: it has ${arn}, and not ${roleArn}`,
    { hint: "save the role's trust policy with credentials of its account, and pass --trust-policy" },
  );
}

async function readStart(path: string, name: string): Promise<string> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(path, { end: MOST_BYTES })) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeployMarkerError(
      'INPUT_UNREADABLE',
      `the trust policy ${quote(name)} cannot be read: ${why}`,
      {
        hint: 'name a readable file with --trust-policy',
        cause,
      },
    );
  }
}

/** A pipe or a terminal may never end, and the file system cannot be called back. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, aborted]).finally(() => signal.removeEventListener('abort', stop));
}
