import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { type Member, memberOf } from '../../core/component/resource-types.ts';
import { MAX_RATE } from '../../core/delivery/rate.ts';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readPages } from '../answers/pages.ts';
import { LIST_STACK_RESOURCES, type StackResource } from '../answers/shapes.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';

const NESTED_STACK = 'AWS::CloudFormation::Stack';

/** Which Region stacks are looked up in, and how. */
export type StackResourcesOptions = ServiceOptions;

/** What one stack holds, with its nested stacks and what they hold, in the order in which CloudFormation lists them. */
export interface StackContent {
  /** Each once. */
  readonly members: readonly Member[];
  /** Types of resources that are there and are no members, as often as there are some. */
  readonly leftOut: readonly string[];
}

/** Looks one stack up. */
export type ListStackMembers = (stack: string, signal: AbortSignal | undefined) => Promise<StackContent>;

/**
 * Makes the lookup of stacks (ListStackResources); nothing is sent before its first use.
 *
 * It fails with STACK_NOT_FOUND, and otherwise with what `toAwsError` makes of a failure.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
 */
export function openStackResources(options: StackResourcesOptions): ListStackMembers {
  const { region } = options;
  const { client, send } = openService(CloudFormationClient, options, options.maxRate ?? MAX_RATE.default);

  async function readResources(
    stack: string,
    signal: AbortSignal | undefined,
  ): Promise<readonly StackResource[]> {
    const ask = async (token: string | undefined) => {
      const command = new ListStackResourcesCommand({ StackName: stack, NextToken: token });
      const page = await send({
        operation: 'ListStackResources',
        signal,
        shape: LIST_STACK_RESOURCES,
        send: settings => client.send(command, settings),
        unless: error => toKnown(error, stack, region),
      });
      return { page, next: page.NextToken };
    };
    const found: StackResource[] = [];
    for await (const { page } of readPages('ListStackResources', ask))
      for (const resource of page.StackResourceSummaries) found.push(resource);
    return found;
  }

  return async (stack, signal) => {
    // A stack cannot hold itself; this ends the search even if an answer says so.
    const seen = new Set<string>();
    const members = new Map<string, Member>();
    const leftOut: string[] = [];
    const visit = async (name: string): Promise<void> => {
      if (seen.has(name)) return;
      seen.add(name);
      for (const resource of await readResources(name, signal)) {
        if (!exists(resource)) continue;
        const { ResourceType: type, PhysicalResourceId: id } = resource;
        const member = memberOf(type, id);
        if (member === undefined) leftOut.push(type);
        else members.set(member.component, member);
        if (type === NESTED_STACK) await visit(id);
      }
    };
    try {
      await visit(stack);
      return { members: [...members.values()], leftOut };
    } finally {
      client.destroy();
    }
  };
}

type Existing = StackResource & { readonly PhysicalResourceId: string };

/** A resource that never came to be has no physical id; one that is gone still has it. */
function exists(resource: StackResource): resource is Existing {
  return Boolean(resource.PhysicalResourceId) && resource.ResourceStatus !== 'DELETE_COMPLETE';
}

/** CloudFormation says with one name that a stack is missing and that a parameter does not hold; the message tells. */
function toKnown(error: unknown, stack: string, region: string): never {
  const isMissing =
    error instanceof Error && error.name === 'ValidationError' && / does not exist$/.test(error.message);
  if (!isMissing) throw error;
  throw new DeployMarkerError('STACK_NOT_FOUND', `there is no stack ${stack} in ${region}`);
}
