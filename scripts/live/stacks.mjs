// The stacks of a run: templates of the package that cost nothing to keep, and the probe.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateStackCommand,
  DescribeStackEventsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { isRefusal, madeNothing } from './answer.mjs';
import { complaintOf, runCommand } from './command-line.mjs';
import { TAG } from './names.mjs';
import { findStack } from './things.mjs';

const POLL_MS = 3000;
const Capabilities = ['CAPABILITY_NAMED_IAM'];
const kept = name => ({ ParameterKey: name, UsePreviousValue: true });

/** Each stack: its template, its parameters, and what outlives it. */
export function stacksOf({ names, account, partition }) {
  const iam = `arn:${partition}:iam::${account}`;
  const sinks = {
    LogGroupName: names.logGroup,
    MarkersArn: `arn:${partition}:s3:::${names.bucket}/markers/*`,
  };
  const deployRole = {
    OrganizationId: names.organization,
    ProjectId: names.organization,
    VcsOrigin: 'example.com/deploy-marker/live',
    RefPattern: 'refs/heads/main',
    RoleName: names.deployRole,
    ...sinks,
  };
  const markerRole = {
    TrustedRoleArns: `${iam}:role/${names.deployRole}`,
    RoleName: names.markerRole,
    ...sinks,
  };
  const probe = { FunctionName: names.function, RoleName: names.probeRole, SessionNamePattern: 'ci-live-*' };
  const provider = { kind: 'OIDC provider', name: `${iam}:oidc-provider/${names.provider}` };
  return [
    // No Object Lock: nothing could empty the bucket.
    [
      'markers-bucket',
      { BucketName: names.bucket, RetentionDays: 1 },
      { kind: 'bucket', name: names.bucket },
    ],
    ['logs', { LogGroupName: names.logGroup }, { kind: 'log group', name: names.logGroup }],
    ['circleci-role', deployRole, provider],
    ['marker-role', markerRole],
    ['audit-role', sinks],
    ['probe', probe],
  ];
}

async function readTemplate(name, scene) {
  if (name === 'probe') return readFile(new URL('probe.yaml', import.meta.url), 'utf8');
  const printed = await runCommand(['template', name], scene);
  if (printed.code !== 0) throw new Error(complaintOf(printed));
  return printed.stdout;
}

/** Waits until CloudFormation is done with a stack. @throws why it failed */
async function waitForStack({ aws, signal }, StackName) {
  for (;;) {
    const { StackStatus: status = 'it is gone' } = (await findStack(aws, StackName)) ?? {};
    if (/^(CREATE|UPDATE)_COMPLETE$/.test(status)) return;
    if (!status.endsWith('IN_PROGRESS')) {
      const { StackEvents = [] } = await aws.cloudformation.send(
        new DescribeStackEventsCommand({ StackName }),
      );
      const first = StackEvents.findLast(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'));
      const why = `${status}: ${first?.LogicalResourceId}: ${first?.ResourceStatusReason}`;
      throw Object.assign(
        new Error(why),
        /not authorized|AccessDenied/.test(why) ? { name: 'AccessDenied' } : {},
      );
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Makes one stack. @throws why it is not there */
export async function deployStack(scene, [template, parameters, ...outlived]) {
  const { aws, names, ledger } = scene;
  const TemplateBody = await readTemplate(template, scene);
  const StackName = names.stack(template);
  const Tags = [{ Key: TAG, Value: names.run }];
  const Parameters = Object.entries(parameters).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: `${value}`,
  }));
  const things = [...outlived, { kind: 'stack', name: StackName }];
  ledger.add(...things);
  try {
    const input = { StackName, TemplateBody, Parameters, Capabilities, Tags };
    await aws.cloudformation.send(new CreateStackCommand(input));
  } catch (error) {
    const doubt = await findStack(aws, StackName).catch(failure =>
      isRefusal(failure) ? undefined : failure,
    );
    if (madeNothing(error) && doubt === undefined) ledger.drop(...things);
    throw error;
  }
  await waitForStack(scene, StackName);
}

/** Changes the function of the probe, as a deploy would: through CloudFormation, with a session of our own. */
export async function changeProbe(scene, credentials) {
  const StackName = scene.names.stack('probe');
  const note = { ParameterKey: 'Note', ParameterValue: `changed-${scene.names.run}` };
  const Parameters = [kept('FunctionName'), kept('RoleName'), kept('SessionNamePattern'), note];
  const input = { StackName, UsePreviousTemplate: true, Parameters, Capabilities };
  await scene.aws.cloudformationAs(credentials).send(new UpdateStackCommand(input));
  await waitForStack(scene, StackName);
}
