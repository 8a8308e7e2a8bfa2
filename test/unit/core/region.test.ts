import { describe, expect, test } from 'vitest';
import { parseChannelArn, parseTopicArn } from '../../../src/core/arn.ts';
import { checkRegion, isRegion } from '../../../src/core/region.ts';

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
