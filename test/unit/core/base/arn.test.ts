import { describe, expect, test } from 'vitest';
import { parseChannelArn, parseRoleArn, parseTopicArn, readArn } from '../../../../src/core/base/arn.ts';

describe('readArn', () => {
  test.each([
    [
      'arn:aws:lambda:eu-west-1:123456789012:function:resize:7',
      {
        partition: 'aws',
        service: 'lambda',
        region: 'eu-west-1',
        account: '123456789012',
        resource: 'function:resize:7',
      },
    ],
    [
      'arn:aws-us-gov:iam::123456789012:role/a/b',
      { partition: 'aws-us-gov', service: 'iam', region: '', account: '123456789012', resource: 'role/a/b' },
    ],
    [
      'arn:aws-cn:s3:::bucket',
      { partition: 'aws-cn', service: 's3', region: '', account: '', resource: 'bucket' },
    ],
  ])('takes %s apart', (text, parts) => {
    expect(readArn(text)).toEqual({ text, ...parts });
  });

  test.each([
    '',
    'arn',
    'arn:aws:lambda',
    'arn:aws:iam::1234:role/x',
    'arn:aws:iam::123456789012:',
    'ARN:aws:s3:::b',
    ' arn:aws:s3:::b',
    'arn:aws:s3:::a b',
    'arn:aws:s3:::b\n',
    'arn:google:s3:::b',
  ])('knows that %j is none', text => {
    expect(readArn(text)).toBeUndefined();
  });
});

describe('parseRoleArn', () => {
  const path = 'p'.repeat(510);
  test.each([
    'arn:aws:iam::123456789012:role/deploy',
    'arn:aws-cn:iam::123456789012:role/team/ci/deploy_+=,.@-',
    `arn:aws:iam::123456789012:role/${path}/deploy`,
    `arn:aws:iam::123456789012:role/${'r'.repeat(64)}`,
  ])('takes %s', text => {
    expect(parseRoleArn(text)).toMatchObject({ text, account: '123456789012' });
  });

  test.each([
    ['arn:aws:iam::123456789012:user/jane', 'is not the ARN of an IAM role (it names iam "user/jane")'],
    ['arn:aws:sts::123456789012:assumed-role/deploy/s', '(it names sts "assumed-role/deploy/s")'],
    ['arn:aws:iam:::role/deploy', 'is not the ARN of an IAM role'],
    ['arn:aws:iam::123456789012:role/', 'is not the ARN of an IAM role'],
    [`arn:aws:iam::123456789012:role/${'r'.repeat(65)}`, 'is not the ARN of an IAM role'],
    ['arn:aws:iam::123456789012:role/rôle', 'is not the ARN of an IAM role'],
    [`arn:aws:iam::123456789012:role/${'p'.repeat(2048)}/deploy`, 'is not the ARN of an IAM role'],
    ['deploy', '"deploy" is not the ARN of an IAM role'],
  ])('refuses %s', (text, message) => {
    expect(() => parseRoleArn(text)).toThrow(
      expect.objectContaining({
        code: 'ARN_INVALID',
        exitCode: 7,
        message: expect.stringContaining(message),
      }),
    );
  });
});

describe('parseChannelArn', () => {
  test('takes a channel and says where it is', () => {
    expect(parseChannelArn('arn:aws:cloudtrail:eu-west-1:123456789012:channel/0a1b-2c')).toMatchObject({
      region: 'eu-west-1',
      account: '123456789012',
      resource: 'channel/0a1b-2c',
    });
  });

  test.each([
    ['arn:aws:sns:eu-west-1:123456789012:topic', '(it names sns "topic")'],
    ['arn:aws:cloudtrail:eu-west-1:123456789012:trail/x', '(it names cloudtrail "trail/x")'],
    ['arn:aws:cloudtrail::123456789012:channel/x', 'is not the ARN of a CloudTrail channel'],
    ['arn:aws:cloudtrail:eu-west-1::channel/x', 'is not the ARN of a CloudTrail channel'],
    ['arn:aws:cloudtrail:eu-west-1:123456789012:channel/', 'is not the ARN of a CloudTrail channel'],
    ['0a1b-2c', '"0a1b-2c" is not the ARN of a CloudTrail channel'],
  ])('refuses %s', (text, message) => {
    expect(() => parseChannelArn(text)).toThrow(
      expect.objectContaining({ code: 'ARN_INVALID', message: expect.stringContaining(message) }),
    );
  });
});

describe('parseTopicArn', () => {
  test('takes a topic and says where it is', () => {
    expect(parseTopicArn('arn:aws-cn:sns:cn-north-1:123456789012:deploys_1')).toMatchObject({
      region: 'cn-north-1',
      resource: 'deploys_1',
    });
  });

  test.each([
    'arn:aws:sqs:eu-west-1:123456789012:deploys',
    'arn:aws:sns::123456789012:deploys',
    'arn:aws:sns:eu-west-1::deploys',
    'arn:aws:sns:eu-west-1:123456789012:deploys.fifo',
    'arn:aws:sns:eu-west-1:123456789012:deploys:2bcfbf39-05c3-41de-beaa-fcfcc21c8f55',
    'deploys',
  ])('refuses %s', text => {
    expect(() => parseTopicArn(text)).toThrow(
      expect.objectContaining({
        code: 'ARN_INVALID',
        message: `"${text}" is not the ARN of a standard SNS topic`,
      }),
    );
  });
});
