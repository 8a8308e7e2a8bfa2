import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CloudFormationClient,
  DescribeStackDriftDetectionStatusCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import type { OpenService } from '../client/service-client.ts';
import { DESCRIBE_STACK_DRIFT_DETECTION_STATUS, DETECT_STACK_DRIFT } from './drift-shapes.ts';

/** Milliseconds before each look at a detection that goes on; the last one counts for all further ones. */
const WAITS: readonly number[] = [300, 700, 1500, 3000, 5000];
/** How a detection ended: `failed` may have looked at some resources; `unsupported` at none. */
export interface Detection {
  readonly outcome: 'complete' | 'failed' | 'unsupported';
  readonly reason: string | undefined;
}

/** What is to be looked at; all of the stack where no resource is named. */
export interface DetectionQuestion {
  readonly stack: string;
  readonly logicalIds: readonly string[];
  readonly signal: AbortSignal;
}

type CloudFormation = OpenService<CloudFormationClient>;

type Started =
  | { readonly id: string }
  | { readonly refused: 'busy' | 'unsupported'; readonly reason: string };

/**
 * Has CloudFormation look for drift, and waits for it, longer each time; one detection runs for a stack at a time, so that it may have to wait
 * for another one first. It fails as any call to AWS does, and with the signal's reason.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html
 */
export async function detectDrift(service: CloudFormation, question: DetectionQuestion): Promise<Detection> {
  const { signal } = question;
  const pause = createPause(signal);
  let started = await start(service, question);
  while ('refused' in started && started.refused === 'busy') {
    await pause();
    started = await start(service, question);
  }
  if ('refused' in started) return { outcome: 'unsupported', reason: started.reason };
  const wait = createPause(signal);
  for (;;) {
    await wait();
    const ended = await look(service, started.id, signal);
    if (ended !== undefined) return ended;
  }
}

async function start(
  { client, send }: CloudFormation,
  { stack, logicalIds, signal }: DetectionQuestion,
): Promise<Started> {
  const only = logicalIds.length === 0 ? {} : { LogicalResourceIds: [...logicalIds] };
  const command = new DetectStackDriftCommand({ StackName: stack, ...only });
  const answer = await send({
    operation: 'DetectStackDrift',
    signal,
    shape: DETECT_STACK_DRIFT,
    send: settings => client.send(command, settings),
    unless: refusalOf,
  });
  return 'refused' in answer ? answer : { id: answer.StackDriftDetectionId };
}

async function look(
  { client, send }: CloudFormation,
  id: string,
  signal: AbortSignal,
): Promise<Detection | undefined> {
  const command = new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId: id });
  const { DetectionStatus: status, DetectionStatusReason: reason } = await send({
    operation: 'DescribeStackDriftDetectionStatus',
    signal,
    shape: DESCRIBE_STACK_DRIFT_DETECTION_STATUS,
    send: settings => client.send(command, settings),
  });
  if (status === 'DETECTION_IN_PROGRESS') return undefined;
  return { outcome: status === 'DETECTION_COMPLETE' ? 'complete' : 'failed', reason };
}

/** Waits longer each time. It rejects with the signal's reason. */
function createPause(signal: AbortSignal): () => Promise<void> {
  let rank = 0;
  return async () => {
    const wait = WAITS[Math.min(rank, WAITS.length - 1)] ?? 0;
    rank += 1;
    await sleep(wait, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  };
}

/** CloudFormation has one name for all that does not hold, and says in words what it is. */
function refusalOf(error: unknown): Extract<Started, { refused: unknown }> {
  const reason = error instanceof Error ? error.message : '';
  if (error instanceof Error && error.name === 'ValidationError') {
    if (/drift.*(?:in progress|already)/i.test(reason)) return { refused: 'busy', reason };
    if (/(?:not|n't|un) ?support/i.test(reason)) return { refused: 'unsupported', reason };
  }
  throw error;
}
