import { type Place, roleArn } from './place.ts';
import type { Call } from './trail-record.ts';

// Fields: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-api-logging-cloudtrail.html

const STACK_ID = '2f6a7b10-5e0c-11f0-9d5a-0a1b2c3d4e5f';

/** Id of a stack, which calls may give in place of its name. */
export function stackId({ account, region }: Place, stack: string): string {
  return `arn:aws:cloudformation:${region}:${account}:stack/${stack}/${STACK_ID}`;
}

function changeSetId({ account, region }: Place, changeSet: string): string {
  return `arn:aws:cloudformation:${region}:${account}:changeSet/${changeSet}/7c9e6679-7425-40de-944b-e07fc1f90ae7`;
}

function call(stack: string, name: string, request: object | null, response: object | null): Call {
  return { service: 'cloudformation', name, request, response, component: `stack:${stack}` };
}

/** How a call to CloudFormation is made. */
export interface StackCallOptions {
  /** Role that CloudFormation is told to use. */
  readonly serviceRole?: string;
  /** Names the stack by its id. */
  readonly byId?: boolean;
  /** Makes a change set of a stack that is not there yet. */
  readonly isNew?: boolean;
}

/** A change set made; `sam deploy`, `aws cloudformation deploy` and CDK begin with it. */
export function createChangeSet(
  place: Place,
  stack: string,
  { serviceRole, byId, isNew = false }: StackCallOptions = {},
): Call {
  const changeSet = `deploy-${stack}`;
  return call(
    stack,
    'CreateChangeSet',
    {
      stackName: byId ? stackId(place, stack) : stack,
      changeSetName: changeSet,
      changeSetType: isNew ? 'CREATE' : 'UPDATE',
      capabilities: ['CAPABILITY_IAM'],
      templateURL: 'https://s3.eu-west-1.amazonaws.com/acme-artifacts/template.yaml',
      parameters: [{ parameterKey: 'Env' }],
      ...(serviceRole ? { roleARN: roleArn(place.account, serviceRole) } : {}),
    },
    { id: changeSetId(place, changeSet), stackId: stackId(place, stack) },
  );
}

/** A change set carried out. */
export function executeChangeSet(place: Place, stack: string, { byId }: StackCallOptions = {}): Call {
  const stackName = byId ? stackId(place, stack) : stack;
  return call(
    stack,
    'ExecuteChangeSet',
    { stackName, changeSetName: changeSetId(place, `deploy-${stack}`) },
    null,
  );
}

/** A change set thrown away, as it held nothing. */
export function deleteChangeSet(place: Place, stack: string): Call {
  const request = { stackName: stack, changeSetName: changeSetId(place, `deploy-${stack}`) };
  return call(stack, 'DeleteChangeSet', request, null);
}

/** A look for drift, which CloudTrail does not take for a read. */
export function detectStackDrift(place: Place, stack: string): Call {
  const answer = { stackDriftDetectionId: '7c9e6679-7425-40de-944b-e07fc1f90ae7' };
  return call(stack, 'DetectStackDrift', { stackName: stackId(place, stack) }, answer);
}

/** A look at a change set. */
export function describeChangeSet(place: Place, stack: string): Call {
  const request = { stackName: stack, changeSetName: changeSetId(place, `deploy-${stack}`) };
  return { ...call(stack, 'DescribeChangeSet', request, null), readOnly: true };
}

/** A stack created, updated or deleted without a change set. */
export function stackWrite(
  place: Place,
  name: 'CreateStack' | 'UpdateStack' | 'DeleteStack',
  stack: string,
  { serviceRole, byId }: StackCallOptions = {},
): Call {
  return call(
    stack,
    name,
    {
      stackName: byId ? stackId(place, stack) : stack,
      ...(serviceRole ? { roleARN: roleArn(place.account, serviceRole) } : {}),
    },
    name === 'DeleteStack' ? null : { stackId: stackId(place, stack) },
  );
}
