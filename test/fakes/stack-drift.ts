import { randomUUID } from 'node:crypto';
import { AwsRefusal, escapeXml, strictViolation } from './aws-refusal.ts';
import type { AwsState } from './aws-state.ts';
import type { OperationName } from './faults.ts';
import { type Call, type Operation, placeOf } from './operation.ts';
import { createQueryResponse, type QueryForm, readQueryForm } from './query-form.ts';
import { servedRegion } from './signed-region.ts';
import type { Stack, StackResource } from './stack-resources.ts';

const NAMESPACE = 'http://cloudformation.amazonaws.com/doc/2010-05-15/';
/** However many are asked for. */
const MOST_ON_PAGE = 2;

/** A property that is not as the template has it, as CloudFormation tells it. */
export interface FakeDifference {
  readonly path: string;
  readonly expected?: string;
  readonly actual?: string;
}

/** What CloudFormation finds, or found, when it looks at a resource. */
export interface FakeDrift {
  /** `IN_SYNC`, `MODIFIED`, … */
  readonly status: string;
  readonly reason?: string;
  readonly differences?: readonly FakeDifference[];
  /** Milliseconds. */
  readonly checkedAt?: number;
}

/** A detection that was begun. */
export interface FakeDetection {
  readonly stack: string;
  /** How often it is still found in progress. */
  looks: number;
}

function refuse(message: string, violation = false): AwsRefusal {
  return new AwsRefusal(400, 'ValidationError', message, { violation });
}

function stacksAt(state: AwsState, call: Call): [string, Stack][] {
  const here = placeOf(call);
  return [...state.stacks].filter(
    ([, { place }]) => (place ?? `${state.accountId}/${state.region}`) === here,
  );
}

function findStack(state: AwsState, call: Call, name: string): [string, Stack] {
  const found = stacksAt(state, call).find(
    ([key, stack]) => key === name || idOf(state, key, stack) === name,
  );
  if (found === undefined) throw refuse(`Stack with id ${name} does not exist`);
  return found;
}

function idOf(state: AwsState, name: string, { id, place }: Stack): string {
  const [account, region] = (place ?? `${state.accountId}/${state.region}`).split('/');
  return (
    id ?? `arn:aws:cloudformation:${region}:${account}:stack/${name}/2f6a7b10-5e0c-11f0-9d5a-0a1b2c3d4e5f`
  );
}

function xml(members: readonly (readonly [string, string | undefined])[]): string {
  return members
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${escapeXml(value)}</${name}>`))
    .join('');
}

function operation(
  name: OperationName,
  isKnown: (parameter: string) => boolean,
  perform: (state: AwsState, call: Call, form: QueryForm) => () => string,
): Operation {
  return {
    name,
    service: 'cloudformation',
    protocol: 'query',
    namespace: NAMESPACE,
    signed: true,
    region: servedRegion,
    prepare(state, call) {
      const answer = perform(state, call, readQueryForm(call, '2010-05-15', isKnown));
      return () =>
        createQueryResponse({
          action: name,
          namespace: NAMESPACE,
          result: answer(),
          requestId: call.requestId,
        });
    },
  };
}

/** A list in a form: `NAME.member.1`, `NAME.member.2` and so on. */
function listOf(form: QueryForm, name: string): string[] {
  return [...form].flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? value : []));
}

function renderResource(state: AwsState, [name, stack]: [string, Stack], resource: StackResource): string {
  const { lastDrift: drift } = resource;
  const checked = drift?.checkedAt === undefined ? undefined : new Date(drift.checkedAt).toISOString();
  const drifted = xml([
    ['StackResourceDriftStatus', drift?.status ?? 'NOT_CHECKED'],
    ['LastCheckTimestamp', checked],
  ]);
  return `<member>${xml([
    ['StackName', name],
    ['StackId', idOf(state, name, stack)],
    ['LogicalResourceId', resource.logicalId],
    ['PhysicalResourceId', resource.physicalId],
    ['ResourceType', resource.type],
    ['Timestamp', new Date(state.now()).toISOString()],
    ['ResourceStatus', resource.status ?? 'CREATE_COMPLETE'],
  ])}<DriftInformation>${drifted}</DriftInformation></member>`;
}

/** DescribeStackResources: by the stack, or by a resource of it, which answers with all of its stack. */
const DESCRIBE_STACK_RESOURCES = operation(
  'DescribeStackResources',
  name => ['StackName', 'PhysicalResourceId', 'LogicalResourceId'].includes(name),
  (state, call, form) => {
    const [stackName, physicalId] = [form.get('StackName'), form.get('PhysicalResourceId')];
    if ((stackName === undefined) === (physicalId === undefined)) {
      throw refuse('StackName or PhysicalResourceId, and not both', true);
    }
    return () => {
      const found =
        stackName === undefined
          ? stacksAt(state, call).find(([, { resources }]) =>
              resources.some(each => each.physicalId === physicalId),
            )
          : findStack(state, call, stackName);
      if (found === undefined) throw refuse(`Stack for ${physicalId} does not exist`);
      const members = found[1].resources.slice(0, 100).map(each => renderResource(state, found, each));
      return `<StackResources>${members.join('')}</StackResources>`;
    };
  },
);

/** DetectStackDrift: one at a time for a stack. */
const DETECT_STACK_DRIFT = operation(
  'DetectStackDrift',
  name => name === 'StackName' || /^LogicalResourceIds\.member\.\d+$/.test(name),
  (state, call, form) => {
    const name = form.get('StackName');
    if (name === undefined) throw refuse('StackName must not be null', true);
    const only = listOf(form, 'LogicalResourceIds');
    if (only.length > 200) throw refuse('LogicalResourceIds has over 200 members', true);
    return () => {
      const found = findStack(state, call, name);
      const id = idOf(state, ...found);
      if ([...state.detections.values()].some(each => each.stack === id && each.looks > 0)) {
        throw refuse(`Drift detection is already in progress for stack [${id}]`);
      }
      const stranger = only.find(each => !found[1].resources.some(({ logicalId }) => logicalId === each));
      if (stranger !== undefined) throw refuse(`Resources [${stranger}] do not exist in the stack`, true);
      const meant = found[1].resources.filter(
        ({ logicalId }) => only.length === 0 || only.includes(logicalId),
      );
      if (only.length > 0 && meant.some(({ drift }) => drift?.status === 'UNSUPPORTED')) {
        throw refuse(`Resources [${only.join(', ')}] do not support drift detection`);
      }
      look(state, found, meant);
      const detection = randomUUID();
      state.detections.set(detection, { stack: id, looks: found[1].detectionLooks ?? 1 });
      return xml([['StackDriftDetectionId', detection]]);
    };
  },
);

/** What is looked at is found as it is. */
function look(state: AwsState, [name, stack]: [string, Stack], meant: readonly StackResource[]): void {
  const resources = stack.resources.map(resource => {
    if (!meant.includes(resource)) return resource;
    const drift = resource.drift ?? { status: 'NOT_CHECKED' };
    return { ...resource, lastDrift: { ...drift, checkedAt: state.now() } };
  });
  state.stacks.set(name, { ...stack, resources });
}

/** DescribeStackDriftDetectionStatus: in progress for some looks. */
const DESCRIBE_DETECTION = operation(
  'DescribeStackDriftDetectionStatus',
  name => name === 'StackDriftDetectionId',
  (state, call, form) => () => {
    const id = form.get('StackDriftDetectionId') ?? '';
    const detection = state.detections.get(id);
    if (detection === undefined) throw refuse(`There is no detection ${id}`, true);
    const isOver = detection.looks <= 0;
    detection.looks -= 1;
    const [, stack] = findStack(state, call, detection.stack);
    const failure = stack.detectionFailure;
    return xml([
      ['StackId', detection.stack],
      ['StackDriftDetectionId', id],
      [
        'DetectionStatus',
        isOver ? `DETECTION_${failure === undefined ? 'COMPLETE' : 'FAILED'}` : 'DETECTION_IN_PROGRESS',
      ],
      ['DetectionStatusReason', isOver ? failure : undefined],
      ['StackDriftStatus', isOver ? 'DRIFTED' : undefined],
      ['DriftedStackResourceCount', '0'],
      ['Timestamp', new Date(state.now()).toISOString()],
    ]);
  },
);

function renderDrift(state: AwsState, stackId: string, resource: StackResource): string {
  const { lastDrift: drift, logicalId, physicalId, type } = resource;
  const differences = (drift?.differences ?? []).map(({ path, expected, actual }) => {
    const kind = expected === undefined ? 'ADD' : actual === undefined ? 'REMOVE' : 'NOT_EQUAL';
    return `<member>${xml([
      ['PropertyPath', path],
      ['ExpectedValue', expected ?? ''],
      ['ActualValue', actual ?? ''],
      ['DifferenceType', kind],
    ])}</member>`;
  });
  return `<member>${xml([
    ['StackId', stackId],
    ['LogicalResourceId', logicalId],
    ['PhysicalResourceId', physicalId],
    ['ResourceType', type],
    ['StackResourceDriftStatus', drift?.status],
    ['DriftStatusReason', drift?.reason],
    ['Timestamp', new Date(drift?.checkedAt ?? state.now()).toISOString()],
  ])}<PropertyDifferences>${differences.join('')}</PropertyDifferences></member>`;
}

/** DescribeStackResourceDrifts: what was ever looked at. */
const DESCRIBE_DRIFTS = operation(
  'DescribeStackResourceDrifts',
  name =>
    ['StackName', 'MaxResults', 'NextToken'].includes(name) ||
    /^StackResourceDriftStatusFilters\.member\.[1-4]$/.test(name),
  (state, call, form) => {
    const name = form.get('StackName');
    if (name === undefined) throw refuse('StackName must not be null', true);
    const most = Number(form.get('MaxResults') ?? 100);
    if (!(most >= 1 && most <= 100)) throw strictViolation('MaxResults is 1 to 100.');
    const [, bound, offset = '0'] = /^(.+)#(\d+)$/.exec(form.get('NextToken') ?? `${name}#0`) ?? [];
    if (bound !== name) throw refuse('The NextToken is not one of this stack.', true);
    return () => {
      const found = findStack(state, call, name);
      const filters = listOf(form, 'StackResourceDriftStatusFilters');
      const looked = found[1].resources.filter(
        ({ lastDrift }) =>
          lastDrift !== undefined && (filters.length === 0 || filters.includes(lastDrift.status)),
      );
      const end = Number(offset) + Math.min(most, MOST_ON_PAGE);
      const id = idOf(state, ...found);
      const members = looked.slice(Number(offset), end).map(each => renderDrift(state, id, each));
      const token = end < looked.length ? xml([['NextToken', `${name}#${end}`]]) : '';
      return `<StackResourceDrifts>${members.join('')}</StackResourceDrifts>${token}`;
    };
  },
);

/** CloudFormation's operations about drift, by the service's model of 2010-05-15. */
export const STACK_DRIFT_OPERATIONS: readonly Operation[] = [
  DESCRIBE_STACK_RESOURCES,
  DETECT_STACK_DRIFT,
  DESCRIBE_DETECTION,
  DESCRIBE_DRIFTS,
];
