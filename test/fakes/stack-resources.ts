import { AwsRefusal, escapeXml } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import { type Call, type Operation, placeOf } from './operation.ts';
import { createQueryResponse, readQueryForm } from './query-form.ts';
import { servedRegion } from './signed-region.ts';
import type { FakeDrift } from './stack-drift.ts';

/** A resource of a stack. */
export interface StackResource {
  readonly logicalId: string;
  /** Without it, the resource was not made yet. */
  readonly physicalId?: string;
  /** `AWS::Lambda::Function` */
  readonly type: string;
  /** Default `CREATE_COMPLETE`. */
  readonly status?: string;
  /** What CloudFormation finds when it looks; default `NOT_CHECKED`, as of types that it cannot look at. */
  readonly drift?: FakeDrift;
  /** What it found last. */
  readonly lastDrift?: FakeDrift;
}

/** A CloudFormation stack. */
export interface Stack {
  /** `ACCOUNT/REGION`, when it is not the server's own. */
  readonly place?: string;
  /** Its ARN, by which it can be asked for as well. */
  readonly id?: string;
  readonly resources: readonly StackResource[];
  /** How often a detection of its drift is found in progress; default once. */
  readonly detectionLooks?: number;
  /** Why each detection fails, in part at least. */
  readonly detectionFailure?: string;
}

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
const PAGE = 100;

function validationError(message: string, violation: boolean): AwsRefusal {
  return new AwsRefusal(400, 'ValidationError', message, { violation });
}

function findStack(state: AwsState, call: Call, name: string): Stack {
  const found = [...state.stacks].find(([key, { id }]) => key === name || id === name)?.[1];
  const place = found?.place ?? `${state.accountId}/${state.region}`;
  if (found === undefined || place !== placeOf(call))
    throw validationError(`Stack with id ${name} does not exist`, false);
  return found;
}

function renderResource(resource: StackResource, time: string): string {
  const { logicalId, physicalId, type, status = 'CREATE_COMPLETE' } = resource;
  const members = [
    ['LogicalResourceId', logicalId],
    ...(physicalId === undefined ? [] : [['PhysicalResourceId', physicalId]]),
    ['ResourceType', type],
    ['LastUpdatedTimestamp', time],
    ['ResourceStatus', status],
  ];
  const xml = members.map(([name, value = '']) => `<${name}>${escapeXml(value)}</${name}>`).join('');
  const drift =
    '<DriftInformation><StackResourceDriftStatus>NOT_CHECKED</StackResourceDriftStatus></DriftInformation>';
  return `<member>${xml}${drift}</member>`;
}

/** ListStackResources: the resources of a stack of the caller, a hundred to a page. */
export const LIST_STACK_RESOURCES: Operation = {
  name: 'ListStackResources',
  service: 'cloudformation',
  protocol: 'query',
  namespace: NAMESPACE,
  signed: true,
  region: servedRegion,
  prepare(state, call) {
    const form = readQueryForm(call, '2010-05-15', name => name === 'StackName' || name === 'NextToken');
    const name = form.get('StackName') ?? '';
    if (name === '')
      throw validationError("1 validation error detected: Value at 'stackName' must not be null", true);
    const [, bound, offset = '0'] = /^(.+)#(\d{1,9})$/.exec(form.get('NextToken') ?? `${name}#0`) ?? [];
    if (bound !== name) throw validationError('The NextToken is not one of this stack.', true);
    return () => {
      const { resources } = findStack(state, call, name);
      const end = Number(offset) + PAGE;
      const time = new Date(state.now()).toISOString();
      const members = resources.slice(Number(offset), end).map(resource => renderResource(resource, time));
      const token = end < resources.length ? `<NextToken>${escapeXml(`${name}#${end}`)}</NextToken>` : '';
      const result = `<StackResourceSummaries>${members.join('')}</StackResourceSummaries>${token}`;
      const { requestId } = call;
      return createQueryResponse({ action: 'ListStackResources', namespace: NAMESPACE, result, requestId });
    };
  },
};
