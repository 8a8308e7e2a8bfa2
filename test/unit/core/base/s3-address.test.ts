import { describe, expect, test } from 'vitest';
import {
  isS3Address,
  parseS3Address,
  parseS3Folder,
  parseTrailFolder,
} from '../../../../src/core/base/s3-address.ts';

describe('parseS3Address', () => {
  test('takes an object and says where it is', () => {
    expect(parseS3Address('s3://acme.audit-1/deploys/größe 1.json', '--state')).toEqual({
      bucket: 'acme.audit-1',
      key: 'deploys/größe 1.json',
    });
    expect(parseS3Address(`s3://abc/${'k'.repeat(1024)}`, '--state').key).toHaveLength(1024);
  });

  test.each([
    's3://acme-audit',
    's3://acme-audit/',
    's3://acme-audit/deploys/',
    's3:///state.json',
    's3://Acme/state.json',
    's3://a/state.json',
    's3://acme-/state.json',
    `s3://acme/${'é'.repeat(513)}`,
  ])('refuses %s', text => {
    expect(() => parseS3Address(text, '--state')).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('--state must be s3://') }),
    );
  });

  test('is meant by what begins so, and by nothing else', () => {
    expect(isS3Address('s3://x')).toBe(true);
    expect(['s3/x', './s3:/x', 'state.json'].some(isS3Address)).toBe(false);
  });
});

test.each(['s3://acme_trail', 's3://Acme-Trail/AWSLogs'])(
  '%s has the form, and a name that no bucket has',
  text => {
    for (const parse of [parseS3Folder, parseTrailFolder]) {
      expect(() => parse(text, '--changes')).toThrow(
        /^--changes must name a bucket, and "[aA]cme[_-][tT]rail" is no name of one: /,
      );
    }
  },
);
