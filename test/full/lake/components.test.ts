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
      'ecs:prod/web',
      { eventSource: 'ecs.amazonaws.com', requestParameters: { service: 'web', cluster: 'prod' } },
    ],
    ['ecs:default/web', { eventSource: 'ecs.amazonaws.com', requestParameters: { serviceName: 'web' } }],
    ['ecs:web', { eventSource: 'ecs.amazonaws.com', requestParameters: { family: 'web' } }],
    [
      'dynamodb:orders',
      { eventSource: 'dynamodb.amazonaws.com', requestParameters: { tableName: 'orders' } },
    ],
    ['s3:site-assets', { eventSource: 's3.amazonaws.com', requestParameters: { bucketName: 'site-assets' } }],
    [
      'sns:alerts',
      {
        eventSource: 'sns.amazonaws.com',
        requestParameters: { topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:alerts`, attributeName: 'Policy' },
      },
    ],
    [
      'sqs:jobs',
      {
        eventSource: 'sqs.amazonaws.com',
        requestParameters: { queueUrl: `https://sqs.eu-west-1.amazonaws.com/${ACCOUNT}/jobs` },
      },
    ],
    [
      'states:checkout',
      {
        eventSource: 'states.amazonaws.com',
        requestParameters: { stateMachineArn: `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:checkout` },
      },
    ],
    ['ecr:team/app', { eventSource: 'ecr.amazonaws.com', requestParameters: { repositoryName: 'team/app' } }],
    ['logs:/aws/x', { eventSource: 'logs.amazonaws.com', requestParameters: { logGroupName: '/aws/x' } }],
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

describe('the rule session in the statement', () => {
  it.each([
    ['ecs', 'UpdateService', 'eu-west-1'],
    ['rds', 'ModifyDBInstance', 'eu-west-1'],
    // What is global is recorded in one Region.
    ['iam', 'PutRolePolicy', 'us-east-1'],
    ['route53', 'ChangeResourceRecordSets', 'us-east-1'],
  ])('holds for %s', async (service, eventName, awsRegion) => {
    const write = change('e1', {
      eventSource: `${service}.amazonaws.com`,
      eventName,
      awsRegion,
      requestParameters: {},
    });
    const place = { account: ACCOUNT, region: 'eu-west-1' };
    expect(await verdicts([deploy('a', place)], [write])).toEqual(['uid-a e1 session explained']);
  });

  it('not for another Region of what has Regions, nor for another account', async () => {
    const other = change('e1', { eventSource: 'ecs.amazonaws.com', awsRegion: 'us-east-1' });
    const place = { account: ACCOUNT, region: 'eu-west-1' };
    expect(await verdicts([deploy('a', place)], [other])).toEqual(['uid-a -']);
    const iam = change('e2', { eventSource: 'iam.amazonaws.com', recipientAccountId: '999999999999' });
    expect(await verdicts([deploy('a', place)], [iam])).toEqual(['uid-a -']);
  });
});
