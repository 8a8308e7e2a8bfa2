import type { LogFault } from '../../core/source/integrity.ts';
import type { TimeRange } from '../../core/time/range.ts';
import { isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readObject, type S3Call } from '../s3/object.ts';
import { stampOf } from './delivered.ts';
import { checkDigest, type Digest, type DigestLink } from './digest.ts';
import type { DigestList, ListedDigest } from './digest-list.ts';
import type { PublicKeys } from './public-keys.ts';

/** What came of a chain of digests. */
export interface DigestChain {
  /** The times that digests whose signature holds tell of. */
  readonly digests: readonly TimeRange[];
  readonly faults: readonly LogFault[];
  /** Times of which no digest tells, though there are older ones. */
  readonly gaps: readonly TimeRange[];
}

/** What a chain is walked with. */
export interface ChainWalk {
  readonly bucket: string;
  /** Walks back until here, in milliseconds since the epoch. */
  readonly from: number;
  /** The keys for a digest, by what its metadata says. */
  readonly keysFor: (metadata: Readonly<Record<string, string>>) => Promise<PublicKeys>;
  /** Is told the logs that a digest tells of, whose signature holds; of all digests they would be too much to keep. */
  readonly take: (logs: Digest['logs']) => Promise<void>;
}

/** The next digest to look at: how it was found, and what it has to fit. */
interface Step {
  readonly bucket: string;
  readonly key: string;
  readonly link?: DigestLink;
}

/**
 * Walks a chain from its newest digest to the oldest of a time: each names the one before it, and where one is missing or does not hold, the
 * next older one of the list goes on.
 */
export async function walkChain(list: DigestList, walk: ChainWalk, call: S3Call): Promise<DigestChain> {
  const left = [...list.digests];
  const digests: TimeRange[] = [];
  const faults: LogFault[] = [];
  const gaps: TimeRange[] = [];
  const newest = left.pop();
  let step: Step | undefined = newest && { bucket: walk.bucket, key: newest.key };
  let reached = newest?.end ?? 0;
  while (step !== undefined && walk.from <= reached) {
    const digest: Digest | string = await look(step, walk, call);
    if (typeof digest === 'string') {
      faults.push(toFault(step, digest, reached));
      step = stepTo(popBefore(left, stampOf(step.key) ?? reached), walk);
      continue;
    }
    digests.push({ from: digest.from, until: digest.until });
    await walk.take(digest.logs);
    reached = digest.from;
    const { previous } = digest;
    if (previous !== undefined) {
      step = { bucket: previous.bucket, key: previous.key, link: previous };
      continue;
    }
    const older = popBefore(left, stampOf(step.key) ?? reached);
    if (older !== undefined) gaps.push({ from: older.end, until: digest.from });
    step = stepTo(older, walk);
  }
  return { digests, faults, gaps };
}

async function look(
  { bucket, key, link }: Step,
  { keysFor }: ChainWalk,
  call: S3Call,
): Promise<Digest | string> {
  const object = await readObject({ bucket, key }, call);
  if (object === undefined) return 'it is not there, though the digest after it names it';
  try {
    return checkDigest(object, { bucket, key, link }, await keysFor(object.metadata));
  } catch (error) {
    if (isDeployMarkerError(error)) throw error;
    return `it cannot be checked: ${String(error)}`;
  }
}

function popBefore(left: ListedDigest[], time: number): ListedDigest | undefined {
  for (let older = left.pop(); older !== undefined; older = left.pop()) {
    if (older.end < time) return older;
  }
  return undefined;
}

function stepTo(digest: ListedDigest | undefined, { bucket }: ChainWalk): Step | undefined {
  return digest && { bucket, key: digest.key };
}

function toFault({ bucket, key }: Step, message: string, reached: number): LogFault {
  return { kind: 'digest', object: `s3://${bucket}/${key}`, message, time: stampOf(key) ?? reached };
}
