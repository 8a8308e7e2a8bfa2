import { describe, expect, test } from 'vitest';
import { describeS3Folder, parseS3Folder, parseTrailFolder } from '../../../../src/core/base/s3-address.ts';
import { firstKeyOf, isBeforeEnd, toMarkerObject } from '../../../../src/core/delivery/marker-object.ts';
import { parseSpoolText, toSpoolText } from '../../../../src/core/delivery/spool-file.ts';
import type { Marker } from '../../../../src/core/marker/marker.ts';

const FOLDER = { bucket: 'acme', prefix: 'a/b' };
const MARKER: Marker = {
  uid: 'u-1_X',
  deploy_id: 'd',
  env: 'prod',
  component: 'lambda:x',
  git_sha: 'a1b2c3d',
  status: 'success',
  deployed_at: '2026-03-04T23:59:59Z',
  recorded_at: '2026-03-05T00:00:01Z',
  actor: 'circleci',
};
const at = (text: string): number => Date.parse(text);

test('a marker is an object of the day of its deploy, or of when it was made', () => {
  const { deployed_at: _, ...running } = MARKER;
  expect(toMarkerObject(MARKER, FOLDER)).toEqual({
    uid: 'u-1_X',
    key: 'a/b/2026/03/04/u-1_X.json',
    body: `${JSON.stringify(MARKER)}\n`,
  });
  expect(toMarkerObject({ ...running, status: 'running' }, { ...FOLDER, prefix: '' }).key).toBe(
    '2026/03/05/u-1_X.json',
  );
});

test('a list begins and ends with the days of the range', () => {
  const range = { from: at('2026-03-04T12:00:00Z'), until: at('2026-03-06T00:00:00Z') };
  expect(firstKeyOf(range, FOLDER)).toBe('a/b/2026/03/04/');
  const inside = ['2026/03/04/', '2026/03/04/x.json', '2026/03/05/z.json', '2026/03/06/x.json'];
  const outside = ['2026/03/07/x.json', '2027/01/01/x.json', 'notes.txt', 'AWSLogs/x'];
  for (const rest of inside) expect(isBeforeEnd(`a/b/${rest}`, range, FOLDER), rest).toBe(true);
  for (const rest of outside) expect(isBeforeEnd(`a/b/${rest}`, range, FOLDER), rest).toBe(false);
});

test('without a beginning or an end it is all days', () => {
  const always = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  expect(firstKeyOf(always, FOLDER)).toBe('a/b/1970/01/01/');
  expect(isBeforeEnd('a/b/2099/12/31/x.json', always, FOLDER)).toBe(true);
});

describe('a folder', () => {
  test.each(['s3://acme', 's3://acme/', 's3://acme.eu/a', 's3://acme/a/b/'])('%s is one', text => {
    expect(describeS3Folder(parseS3Folder(text, '--bucket'))).toBe(text.replace(/\/$/, ''));
  });

  test.each([
    'acme',
    's3:/acme',
    's3://ac',
    's3://a..b/x',
    's3://127.0.0.1/x',
    's3://acme//',
    's3://acme/a//b',
    's3://acme/./b',
    's3://acme/a b',
    's3://acme/a?b',
    `s3://acme/${'a'.repeat(801)}`,
    's3://acme--use1-az4--x-s3/a',
  ])('%s is none', text => {
    expect(() => parseS3Folder(text, '--bucket')).toThrow(/--bucket (?:must|names)/);
  });
});

describe('a folder of a trail', () => {
  test.each([
    ['s3://acme', 's3://acme'],
    ['S3://acme//', 's3://acme'],
    ['s3://acme/a b//c/', 's3://acme/a b//c'],
    [`s3://acme/${'a'.repeat(1024)}`, `s3://acme/${'a'.repeat(1024)}`],
  ])('%s is one', (text, plain) => {
    expect(describeS3Folder(parseTrailFolder(text, '--changes'))).toBe(plain);
  });

  test.each(['acme', 's3://', 's3://Acme', 's3://a..b', 's3://acme//a', `s3://acme/${'a'.repeat(1025)}`])(
    '%s is none',
    text => {
      expect(() => parseTrailFolder(text, '--changes')).toThrow(/--changes (?:must|names)/);
    },
  );
});

describe('a batch of the spool', () => {
  test('goes to a folder of a bucket', () => {
    const file = { sink: 's3', target: 's3://acme/a/b', markers: [MARKER] } as const;
    expect(parseSpoolText(toSpoolText(file))).toEqual({ ...file, broken: [] });
  });

  test.each(['s3://acme/a/b/', 'acme', 's3://acme/../b', 'https://acme/a'])('but not to %s', target => {
    const text = toSpoolText({ sink: 's3', target, markers: [MARKER] });
    expect(parseSpoolText(text)).toBe('its target is no place for s3');
  });
});
