import { describe, expect, test } from 'vitest';
import { parseChannelArn, parseRoleArn, parseTopicArn } from '../../../../src/core/base/arn.ts';
import { checkPartition, checkRegion, isRegion } from '../../../../src/core/base/region.ts';

const REGIONS = [
  'us-east-1',
  'ap-northeast-3',
  'mx-central-1',
  'us-gov-west-1',
  'cn-northwest-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'eusc-de-east-1',
  'eu-west-12',
];

const OTHERS = [
  '',
  'evil.example/',
  'evil.example#',
  'x@evil.example',
  'eu-west-1.evil.example',
  'eu-west-1/',
  'eu-west-1\n',
  ' eu-west-1',
  'EU-WEST-1',
  'eu_west_1',
  'eu-west',
  'eu-west-1a',
  'eu-west-100',
  '-west-1',
  'eu--1',
  'europe',
  '127.0.0.1',
  `${'a-'.repeat(40)}b-1`,
  'еu-west-1',
];

describe('a Region', () => {
  test.each(REGIONS)('%s has the form', region => {
    expect(checkRegion(region)).toBe(region);
    expect(parseChannelArn(`arn:aws:cloudtrail:${region}:111122223333:channel/a`).region).toBe(region);
    expect(parseTopicArn(`arn:aws:sns:${region}:111122223333:a`).region).toBe(region);
  });

  test.each(OTHERS)('%j has not', region => {
    expect(isRegion(region)).toBe(false);
    expect(() => checkRegion(region)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', exitCode: 7 }),
    );
    for (const parse of [
      () => parseChannelArn(`arn:aws:cloudtrail:${region}:111122223333:channel/a`),
      () => parseTopicArn(`arn:aws:sns:${region}:111122223333:a`),
    ])
      expect(parse).toThrow(expect.objectContaining({ code: 'ARN_INVALID', exitCode: 7 }));
  });
});

describe('the partition of a role', () => {
  const role = (partition: string) => parseRoleArn(`arn:${partition}:iam::111122223333:role/deploy`);
  const PAIRS = [
    ['aws', 'eu-west-1'],
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
    ['aws-iso', 'us-iso-east-1'],
    ['aws-iso-b', 'us-isob-east-1'],
    ['aws-iso-e', 'eu-isoe-west-1'],
    ['aws-iso-f', 'us-isof-south-1'],
    ['aws-eusc', 'eusc-de-east-1'],
  ] as const;

  test.each(PAIRS)('%s is that of %s, and of no other', (partition, region) => {
    checkPartition(role(partition), region);
    for (const [other] of PAIRS) {
      if (other === partition) continue;
      expect(() => checkPartition(role(other), region)).toThrow(
        expect.objectContaining({ code: 'CONFIG_INVALID', hint: expect.stringContaining(other) }),
      );
    }
  });
});
