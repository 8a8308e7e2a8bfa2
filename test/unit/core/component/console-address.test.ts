import { expect, test } from 'vitest';
import { readConsoleAddress } from '../../../../src/core/component/console-address.ts';

test.each([
  [
    'https://eu-west-1.console.aws.amazon.com/lambda/home?region=eu-west-1#/functions/resize-image?tab=code',
    'lambda:resize-image --region eu-west-1',
  ],
  ['https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/a', 'lambda:a --region eu-west-1'],
  ['https://console.aws.amazon.com/lambda/home#/functions/a', 'lambda:a'],
  [
    'https://s3.console.aws.amazon.com/s3/buckets/acme-data?region=us-east-1',
    's3:acme-data --region us-east-1',
  ],
  [
    'https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Acloudformation%3Aeu-west-1%3A111122223333%3Astack%2Fshop%2F1&filter=active',
    'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/1',
  ],
  ['https://eu-west-1.console.aws.amazon.com/ec2/home', undefined],
  ['https://eu-west-1.console.aws.amazon.com/lambda/home#/functions/%E0%A4%A', undefined],
  ['https://console.aws.amazon.com.evil.example/lambda/home#/functions/a', undefined],
  ['lambda:a', undefined],
])('%s', (text, meant) => expect(readConsoleAddress(text)).toBe(meant));
