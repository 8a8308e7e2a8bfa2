import { describe, expect, it } from 'vitest';
import { ACCOUNT, by, change, deploy, SOMEBODY, verdicts } from './scene.ts';

describe('the correlation statement', () => {
  it.each([
    ['a name', { requestParameters: { functionName: 'resize-image' } }],
    ['a name with a qualifier', { requestParameters: { functionName: 'resize-image:prod' } }],
    ['a partial ARN', { requestParameters: { functionName: `${ACCOUNT}:function:resize-image` } }],
    [
      'a full ARN',
      { requestParameters: { functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image` } },
    ],
    [
      'a full ARN with a qualifier',
      {
        requestParameters: {
          functionName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image:$LATEST`,
        },
      },
    ],
    [
      'the answer',
      {
        requestParameters: null,
        responseElements: { functionArn: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image:7` },
      },
    ],
    [
      'the ARN that is tagged',
      {
        eventName: 'TagResource20170331v2',
        requestParameters: { resource: `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image` },
      },
    ],
  ])('reads the function out of %s', async (_, fields) => {
    expect(await verdicts([deploy('a')], [change('e1', { ...fields, ...by(SOMEBODY) })])).toEqual([
      'uid-a e1 window coincident',
    ]);
  });

  it.each([
    ['layer:tools', { eventName: 'PublishLayerVersion20181031', requestParameters: { layerName: 'tools' } }],
    ['layer:tools', { requestParameters: { layerName: `arn:aws:lambda:eu-west-1:${ACCOUNT}:layer:tools` } }],
    ['layer:tools', { requestParameters: { resource: `arn:aws:lambda:eu-west-1:${ACCOUNT}:layer:tools:3` } }],
    [`arn:aws:lambda:eu-west-1:${ACCOUNT}:function:resize-image`, {}],
    [
      'stack:billing',
      {
        eventSource: 'cloudformation.amazonaws.com',
        eventName: 'UpdateStack',
        requestParameters: { stackName: 'billing' },
      },
    ],
    [
      'stack:billing',
      {
        eventSource: 'cloudformation.amazonaws.com',
        eventName: 'ExecuteChangeSet',
        requestParameters: {
          stackName: `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/billing/2f6a7b10`,
        },
      },
    ],
    [
      `arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/billing/2f6a7b10`,
      {
        eventSource: 'cloudformation.amazonaws.com',
        eventName: 'CreateStack',
        requestParameters: { stackName: 'billing' },
      },
    ],
  ])('knows the component %s of %j', async (component, fields) => {
    expect(
      await verdicts([deploy('a', { component })], [change('e1', { ...fields, ...by(SOMEBODY) })]),
    ).toEqual(['uid-a e1 window coincident']);
  });
});
