import { describe, expect, test, vi } from 'vitest';
import {
  openStackResources,
  type StackResourcesOptions,
} from '../../../../src/aws/cloudformation/stack-resources.ts';
import type { StackResource } from '../../../fakes/stack-resources.ts';
import { useAwsServer } from '../../../fakes/use-aws-server.ts';

const aws = useAwsServer();

const list = (stack: string, options: Partial<StackResourcesOptions> = {}, signal?: AbortSignal) =>
  openStackResources({ region: aws.server.state.region, env: aws.server.env(), ...options })(stack, signal);

const LAYER = 'arn:aws:lambda:eu-west-1:123456789012:layer:pillow:7';

function addStack(name: string, resources: readonly Omit<StackResource, 'logicalId'>[], id?: string): void {
  const named = resources.map((resource, index) => ({ logicalId: `R${index}`, ...resource }));
  aws.server.state.stacks.set(name, { resources: named, ...(id === undefined ? {} : { id }) });
}

const toFunction = (physicalId: string, status = 'UPDATE_COMPLETE') => ({
  type: 'AWS::Lambda::Function',
  physicalId,
  status,
});

describe('the members of a stack', () => {
  test('are its resources by their physical names, without what is gone or never was', async () => {
    addStack('billing', [
      toFunction('billing-Resize-1A2B'),
      { type: 'AWS::Lambda::LayerVersion', physicalId: LAYER },
      { type: 'AWS::Lambda::Permission', physicalId: 'x' },
      { type: 'AWS::IAM::Role', physicalId: 'billing-role' },
      toFunction('billing-Old-9Z', 'DELETE_COMPLETE'),
      { type: 'AWS::Lambda::Function', status: 'CREATE_FAILED' },
      { type: 'AWS::Lambda::LayerVersion', physicalId: 'odd' },
      toFunction('billing-Mail-3C4D', 'UPDATE_FAILED'),
    ]);
    expect(await list('billing')).toEqual({
      members: [
        { component: 'lambda:billing-Resize-1A2B' },
        { component: 'layer:pillow', version: '7' },
        { component: 'iam:billing-role' },
        { component: 'lambda:billing-Mail-3C4D' },
      ],
      leftOut: ['AWS::Lambda::Permission', 'AWS::Lambda::LayerVersion'],
    });
    expect(aws.server.requests[0]?.headers['user-agent']).toContain('deploy-marker/');
  });

  test('are read page by page', async () => {
    addStack(
      'large',
      Array.from({ length: 250 }, (_, index) => toFunction(`f${index}`)),
    );
    const { members } = await list('large');
    expect(members.map(({ component }) => component)).toEqual(
      Array.from({ length: 250 }, (_, index) => `lambda:f${index}`),
    );
    expect(aws.server.requests).toHaveLength(3);
  });

  test('include those of nested stacks, each once, even if stacks name each other in a circle', async () => {
    const nested = (name: string) => `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/0a1b`;
    const stackResource = (name: string, status = 'CREATE_COMPLETE') => ({
      type: 'AWS::CloudFormation::Stack',
      physicalId: nested(name),
      status,
    });
    addStack('root', [
      toFunction('a'),
      stackResource('root-inner'),
      stackResource('gone', 'DELETE_COMPLETE'),
      toFunction('d'),
    ]);
    addStack('root-inner', [toFunction('b'), stackResource('root-deep')], nested('root-inner'));
    addStack('root-deep', [toFunction('c'), stackResource('root-inner')], nested('root-deep'));
    const { members } = await list('root');
    expect(members.map(({ component }) => component)).toEqual([
      'lambda:a',
      'stack:root-inner',
      'lambda:b',
      'stack:root-deep',
      'lambda:c',
      'lambda:d',
    ]);
  });
});

describe('a lookup', () => {
  test('of a stack that is not there says so', async () => {
    await expect(list('none')).rejects.toMatchObject({
      code: 'STACK_NOT_FOUND',
      exitCode: 5,
      message: `there is no stack none in ${aws.server.state.region}`,
    });
  });

  test('that is denied names what to allow', async () => {
    aws.server.faults.add('ListStackResources', { kind: 'denied' });
    await expect(list('billing')).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
      hint: 'allow cloudformation:ListStackResources on the stack',
    });
  });

  test('is tried again after throttling and 500, and only so often', async () => {
    addStack('billing', [toFunction('a')]);
    aws.server.faults.add('ListStackResources', { kind: 'throttle' });
    aws.server.faults.add('ListStackResources', { kind: 'error500' });
    expect((await list('billing')).members).toHaveLength(1);
    aws.server.faults.add('ListStackResources', { kind: 'error500' });
    await expect(list('billing', { maxAttempts: 1 })).rejects.toMatchObject({ code: 'AWS_UNAVAILABLE' });
  });

  test('goes on with new credentials when those at hand have expired', async () => {
    addStack('billing', [toFunction('a')]);
    const { id, secret, sessionToken = '' } = aws.server.state.defaultKey;
    aws.server.faults.add('ListStackResources', { kind: 'expired' });
    const renew = vi.fn(async () => ({ accessKeyId: id, secretAccessKey: secret, sessionToken }));
    expect((await list('billing', { renew })).members).toHaveLength(1);
    expect(renew).toHaveBeenCalledOnce();
  });

  test('for another reason than a missing stack is no missing stack', async () => {
    const fault = {
      kind: 'error',
      status: 400,
      code: 'ValidationError',
      message: 'NextToken is stale',
    } as const;
    aws.server.faults.add('ListStackResources', fault);
    await expect(list('billing')).rejects.toMatchObject({ code: 'AWS_REJECTED' });
  });

  test('ends with its signal', async () => {
    aws.server.faults.add('ListStackResources', { kind: 'hang' });
    const reason = new Error('over');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    await expect(list('billing', {}, controller.signal)).rejects.toThrow('over');
  });
});
