import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { readPages } from '../answers/pages.ts';
import { LIST_STACK_RESOURCES, type StackResource } from '../answers/shapes.ts';
import { DEFAULT_MAX_RATE } from '../client/rate-limiter.ts';
import { openService, type ServiceOptions } from '../client/service-client.ts';

/** Which Region stacks are looked up in, and how. */
export type StackResourcesOptions = ServiceOptions;

/** A function or layer of a stack, by the name that it has in AWS. */
export interface StackMember {
  /** `lambda:<name>` or `layer:<name>`. */
  readonly component: string;
  /** Version number of a layer. */
  readonly version?: string;
}

/** Gives the functions and layers of one stack, those of its nested stacks included, in the order in which CloudFormation lists them. */
export type ListStackMembers = (
  stack: string,
  signal: AbortSignal | undefined,
) => Promise<readonly StackMember[]>;

/**
 * Makes the lookup of stacks (ListStackResources); nothing is sent before its first use.
 *
 * It fails with STACK_NOT_FOUND, and otherwise with what `toAwsError` makes of a failure.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
 */
export function openStackResources(options: StackResourcesOptions): ListStackMembers {
  const { region } = options;
  const { client, send } = openService(CloudFormationClient, options, options.maxRate ?? DEFAULT_MAX_RATE);

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
    const visit = async (name: string): Promise<StackMember[]> => {
      if (seen.has(name)) return [];
      seen.add(name);
      const members: StackMember[] = [];
      for (const resource of await readResources(name, signal)) {
        const found = isNestedStack(resource)
          ? await visit(resource.PhysicalResourceId)
          : toMembers(resource);
        for (const member of found) members.push(member);
      }
      return members;
    };
    try {
      return await visit(stack);
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

function isNestedStack(resource: StackResource): resource is Existing {
  return resource.ResourceType === 'AWS::CloudFormation::Stack' && exists(resource);
}

/**
 * The physical id of a function is its name, that of a layer version its ARN.
 * Source: "Return values" of AWS::Lambda::Function and AWS::Lambda::LayerVersion in the CloudFormation template reference.
 */
function toMembers(resource: StackResource): StackMember[] {
  if (!exists(resource)) return [];
  const { ResourceType: type, PhysicalResourceId: id } = resource;
  if (type === 'AWS::Lambda::Function') return [{ component: `lambda:${id}` }];
  if (type !== 'AWS::Lambda::LayerVersion') return [];
  const [, name, version] = /:layer:([^:]+):(\d+)$/.exec(id) ?? [];
  return name === undefined || version === undefined ? [] : [{ component: `layer:${name}`, version }];
}

/** CloudFormation says with one name that a stack is missing and that a parameter does not hold; the message tells. */
function toKnown(error: unknown, stack: string, region: string): never {
  const isMissing =
    error instanceof Error && error.name === 'ValidationError' && / does not exist$/.test(error.message);
  if (!isMissing) throw error;
  throw new DeployMarkerError('STACK_NOT_FOUND', `there is no stack ${stack} in ${region}`);
}
