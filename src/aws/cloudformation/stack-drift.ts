import {
  CloudFormationClient,
  DescribeStackResourceDriftsCommand,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import type { DriftState, PropertyDifference } from '../../core/investigate/drift.ts';
import { readPages } from '../answers/pages.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';
import { type Detection, detectDrift } from './detection.ts';
import {
  DESCRIBE_STACK_RESOURCE_DRIFTS,
  DESCRIBE_STACK_RESOURCES,
  type RawDrift,
  type RawResource,
} from './drift-shapes.ts';

const PAGE_SIZE = 100;

/** A resource of a stack, and its drift as it was known last. */
export interface StackMember {
  readonly stack: string;
  readonly stackId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly state: DriftState;
  /** When CloudFormation looked; milliseconds since the epoch. */
  readonly checkedAt: number | undefined;
}

/** A resource that CloudFormation has looked at. */
export interface DriftedMember {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly state: DriftState;
  readonly checkedAt: number | undefined;
  readonly differences: readonly PropertyDifference[];
  /** Why it could not be looked at. */
  readonly reason: string | undefined;
}

/** Stacks of one account and Region. Calls fail as any call to AWS does. */
export interface StackDrift {
  /** The members of the stack that the resource belongs to; undefined where none is known to own it. */
  findOwner(physicalId: string, signal: AbortSignal): Promise<readonly StackMember[] | undefined>;
  /** The members of a stack, by its name or id, a hundred at most; undefined where there is no such stack. */
  describe(stack: string, signal: AbortSignal): Promise<readonly StackMember[] | undefined>;
  /** The resources of the stack that were ever looked at; with `only` no more than it takes to find that one. */
  readDrifts(stack: string, only: string | undefined, signal: AbortSignal): Promise<readonly DriftedMember[]>;
  /**
   * Has CloudFormation look, and waits for it; where another detection is under way, first for that one.
   *
   * @param logicalIds only these resources; all where there are none
   */
  detect(stack: string, logicalIds: readonly string[], signal: AbortSignal): Promise<Detection>;
  close(): void;
}

/** Opens CloudFormation; nothing is sent before the first call. */
export function openStackDrift(options: ServiceOptions): StackDrift {
  const { client, send } = openService(CloudFormationClient, options);

  async function describe(
    input: { readonly StackName: string } | { readonly PhysicalResourceId: string },
    signal: AbortSignal,
  ): Promise<readonly StackMember[] | undefined> {
    const answer = await send({
      operation: 'DescribeStackResources',
      signal,
      shape: DESCRIBE_STACK_RESOURCES,
      send: settings => client.send(new DescribeStackResourcesCommand(input), settings),
      unless: error => isValidation(error, / does not exist/, undefined),
    });
    return answer?.StackResources.map(toMember);
  }

  return {
    findOwner: (physicalId, signal) => describe({ PhysicalResourceId: physicalId }, signal),
    describe: (stack, signal) => describe({ StackName: stack }, signal),
    async readDrifts(stack, only, signal) {
      const ask = async (NextToken: string | undefined) => {
        const command = new DescribeStackResourceDriftsCommand({
          StackName: stack,
          MaxResults: PAGE_SIZE,
          NextToken,
        });
        const page = await send({
          operation: 'DescribeStackResourceDrifts',
          signal,
          shape: DESCRIBE_STACK_RESOURCE_DRIFTS,
          send: settings => client.send(command, settings),
        });
        return { page, next: page.NextToken };
      };
      const found: DriftedMember[] = [];
      for await (const { page } of readPages('DescribeStackResourceDrifts', ask)) {
        for (const drift of page.StackResourceDrifts) found.push(toDrifted(drift));
        if (found.some(({ logicalId }) => logicalId === only)) break;
      }
      return found;
    },
    detect: (stack, logicalIds, signal) => detectDrift({ client, send }, { stack, logicalIds, signal }),
    close: () => client.destroy(),
  };
}

/** CloudFormation has one name for all that does not hold, and says in words what it is. */
function isValidation<T>(error: unknown, words: RegExp, meaning: T): T {
  if (error instanceof Error && error.name === 'ValidationError' && words.test(error.message)) return meaning;
  throw error;
}

function toMember(raw: RawResource): StackMember {
  const { DriftInformation: drift } = raw;
  return {
    stack: raw.StackName,
    stackId: raw.StackId,
    logicalId: raw.LogicalResourceId,
    physicalId: raw.PhysicalResourceId ?? '',
    type: raw.ResourceType,
    state: toState(drift?.StackResourceDriftStatus ?? 'NOT_CHECKED'),
    checkedAt: drift?.LastCheckTimestamp?.getTime(),
  };
}

function toDrifted(raw: RawDrift): DriftedMember {
  return {
    logicalId: raw.LogicalResourceId,
    physicalId: raw.PhysicalResourceId ?? '',
    type: raw.ResourceType,
    state: toState(raw.StackResourceDriftStatus),
    checkedAt: raw.Timestamp?.getTime(),
    reason: raw.DriftStatusReason,
    differences: (raw.PropertyDifferences ?? []).map(({ PropertyPath, ExpectedValue, ActualValue }) => ({
      path: PropertyPath,
      expected: ExpectedValue,
      actual: ActualValue,
    })),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html (StackResourceDriftStatus) */
const STATES: Readonly<Record<string, DriftState>> = {
  IN_SYNC: 'in-sync',
  MODIFIED: 'modified',
  DELETED: 'deleted',
  NOT_CHECKED: 'not-checked',
  UNSUPPORTED: 'unsupported',
  UNKNOWN: 'unknown',
};

function toState(status: string): DriftState {
  return STATES[status] ?? 'unknown';
}
