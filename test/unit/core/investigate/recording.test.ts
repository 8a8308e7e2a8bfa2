import { describe, expect, test } from 'vitest';
import { toConfigItem } from '../../../../src/aws/config/item.ts';
import { readRecorders } from '../../../../src/aws/config/recorder.ts';
import type { ConfigItem } from '../../../../src/core/investigate/config-item.ts';
import { compareItems } from '../../../../src/core/investigate/difference.ts';
import type { Recording } from '../../../../src/core/investigate/recorded-change.ts';
import { findStrays, tieRecording } from '../../../../src/core/investigate/recording.ts';

const TYPE = 'AWS::Lambda::Function';
const DAY = 86_400_000;
const NOW = Date.parse('2026-06-15T12:00:00Z');
const HOUR = 3_600_000;

function item(time: number, configuration: object | undefined, more: object = {}): ConfigItem {
  return toConfigItem({
    configurationItemCaptureTime: new Date(time),
    configurationItemStatus: 'OK',
    ...(configuration === undefined ? {} : { configuration: JSON.stringify(configuration) }),
    ...more,
  });
}

function compare(before: object, after: object, more: readonly [object, object] = [{}, {}], type = TYPE) {
  const { entries, noise } = compareItems(type, item(1, before, more[0]), item(2, after, more[1]));
  return { noise, entries: Object.fromEntries(entries.map(({ path, ...values }) => [path, values])) };
}

describe('a difference', () => {
  test('leaves noise out and counts it, but not where somebody chose the name', () => {
    const { noise, entries } = compare(
      { lastModified: 1, revisionId: 'a', timeout: 3, environment: { variables: { lastModified: 'a' } } },
      { lastModified: 2, revisionId: 'b', timeout: 4, environment: { variables: { lastModified: 'b' } } },
    );
    expect(noise).toBe(2);
    expect(entries).toEqual({
      timeout: { before: { value: 3 }, after: { value: 4 } },
      'environment.variables.lastModified': { before: { characters: 1 }, after: { characters: 1 } },
    });
  });

  test('tells lists of things apart by what names them, whatever their order', () => {
    const rule = (name: string, port: number) => ({ name, port });
    const { entries } = compare(
      { rules: [rule('a', 1), rule('b', 2)] },
      { rules: [rule('b', 2), rule('a', 9), rule('c', 3)] },
    );
    expect(entries).toEqual({
      'rules.a.port': { before: { value: 1 }, after: { value: 9 } },
      'rules.c.name': { after: { value: 'c' } },
      'rules.c.port': { after: { value: 3 } },
    });
  });

  test('tells a list of values as one', () => {
    const { entries } = compare(
      { subnetIds: ['subnet-1', 'subnet-2'] },
      { subnetIds: ['subnet-0', 'subnet-1', 'subnet-2'] },
    );
    expect(entries).toEqual({
      subnetIds: {
        before: { value: ['subnet-1', 'subnet-2'] },
        after: { value: ['subnet-0', 'subnet-1', 'subnet-2'] },
      },
    });
  });

  test('a value that becomes a structure, or a structure that goes', () => {
    const { entries } = compare(
      { vpcConfig: null, a: { bId: 'x', cId: 'y' } },
      { vpcConfig: { vpcId: 'vpc-1' } },
    );
    expect(entries).toEqual({
      vpcConfig: { before: { value: null } },
      'vpcConfig.vpcId': { after: { value: 'vpc-1' } },
      'a.bId': { before: { value: 'x' } },
      'a.cId': { before: { value: 'y' } },
    });
  });

  test('of supplementary configuration, policies and tags', () => {
    const policy = (action: string) => ({
      supplementaryConfiguration: {
        BucketPolicy: JSON.stringify({
          policyText: JSON.stringify({ Statement: [{ Sid: 'a', Action: action }] }),
        }),
      },
    });
    const { entries } = compare({}, {}, [
      { ...policy('s3:GetObject'), tags: { team: 'a-team-name', 'aws:cloudformation:stack-name': 'x' } },
      { ...policy('s3:*'), tags: { team: 'b-team-name', 'aws:cloudformation:stack-name': 'y' } },
    ]);
    expect(Object.keys(entries)).toEqual([
      'supplementary.BucketPolicy.policyText.Statement.a.Action',
      'tags.team',
      'tags.aws:cloudformation:stack-name',
    ]);
    expect(entries['tags.team']).not.toHaveProperty('before.value');
    expect(entries['supplementary.BucketPolicy.policyText.Statement.a.Action']).toEqual({
      before: { value: 's3:GetObject' },
      after: { value: 's3:*' },
    });
  });

  test('names that objects have by themselves are names like others', () => {
    const vars = (variables: object) => ({ environment: { variables } });
    const { entries } = compare(
      vars({ toString: 'a-long-value', a: 'x' }),
      JSON.parse(
        '{"environment":{"variables":{"a":"x","constructor":"b-long-value","__proto__":"c-long-value"}}}',
      ),
    );
    expect(Object.keys(entries).toSorted()).toEqual(
      ['__proto__', 'constructor', 'toString'].map(name => `environment.variables.${name}`),
    );
  });

  test('an ECS service that only ran is the same', () => {
    const { entries } = compare(
      { events: [{ id: '1' }], runningCount: 1 },
      { events: [{ id: '2' }], runningCount: 2 },
      [{}, {}],
      'AWS::ECS::Service',
    );
    expect(entries).toEqual({});
  });
});

describe('what is tied to a change', () => {
  const recording = (...items: ConfigItem[]): Recording => ({ type: TYPE, items, searchedFrom: 0 });
  const at = NOW - 5 * HOUR;
  const before = item(at - DAY, { timeout: 3 });
  const change = { id: 'c', time: at };
  const told = (kept: Recording, changes = [change], now = NOW) => tieRecording(kept, changes, now).get('c');

  test('an item of the same second comes after it', () => {
    expect(told(recording(before, item(at, { timeout: 9 })), [{ id: 'c', time: at + 400 }])).toMatchObject({
      state: 'changed',
      before_at: '2026-06-14T07:00:00Z',
      after_at: '2026-06-15T07:00:00Z',
    });
  });

  test('the item that names the call is its own, whatever lies between', () => {
    const own = item(at + 2 * HOUR, { timeout: 9 }, { relatedEvents: ['c'] });
    const between = item(at + HOUR, { timeout: 3, memorySize: 1 });
    expect(told(recording(before, between, own))?.after_at).toBe('2026-06-15T09:00:00Z');
  });

  test('a late recording says so; a daily one is never late', () => {
    const late = told(recording(before, item(at + 3 * HOUR, { timeout: 9 })));
    expect(late).toMatchObject({
      state: 'changed',
      note: 'Config recorded it only 3 h later: something else may be in it',
    });
    const daily = told(
      recording(before, item(at + 3 * HOUR, { timeout: 9 }, { recordingFrequency: 'DAILY' })),
    );
    expect(daily?.note).toBe('Config records it once a day: the difference is that of a day');
  });

  test('no difference, of one call and of two that undid each other', () => {
    const same = item(at + 60_000, { timeout: 3, lastModified: 'x' });
    expect(told(recording(before, same))).toMatchObject({
      state: 'unchanged',
      noise: 1,
      note: expect.stringContaining('what was there'),
    });
    const two = told(recording(before, same), [change, { id: 'd', time: at + 10_000 }]);
    expect(two).toMatchObject({
      state: 'unchanged',
      shared_with: ['d'],
      note: expect.stringContaining('undone each other'),
    });
  });

  test('missed, where the next item came only with the next change', () => {
    const items = recording(before, item(at + 4 * HOUR, { timeout: 9 }));
    const next = { id: 'd', time: at + 4 * HOUR - 60_000 };
    const both = tieRecording(items, [change, next], NOW);
    expect(both.get('c')).toMatchObject({ state: 'missed', shared_with: ['d'] });
    expect(both.get('d')).toMatchObject({ state: 'changed', shared_with: ['c'] });
  });

  test('an item that says that it is no longer recorded', () => {
    const gone = item(at + 60_000, undefined, { configurationItemStatus: 'ResourceNotRecorded' });
    expect(told(recording(before, gone))).toMatchObject({ state: 'not-recorded' });
  });

  test('strays lie in the range, and are no noise', () => {
    const items = recording(
      before,
      item(at + 60_000, { timeout: 9 }),
      item(at + HOUR, { timeout: 9, lastModified: 'x' }),
      item(at + 2 * HOUR, { timeout: 10 }),
      item(at + 3 * HOUR, undefined, { configurationItemStatus: 'ResourceDeleted' }),
      item(NOW + DAY, { timeout: 11 }),
    );
    const strays = findStrays(items, [change], { from: at - HOUR, until: NOW });
    expect(strays.map(({ state, differences }) => [state, differences.length])).toEqual([
      ['changed', 1],
      ['deleted', 0],
    ]);
  });
});

describe('a recorder', () => {
  const state = (group: object | undefined, type = TYPE, mode: object = {}) =>
    readRecorders(
      [{ ...(group === undefined ? {} : { recordingGroup: group }), ...mode }],
      [{ recording: true }],
      type,
    );

  test.each([
    [undefined, TYPE, 'recording'],
    [{ allSupported: true }, TYPE, 'recording'],
    [{ allSupported: true }, 'AWS::IAM::Role', 'other-types'],
    [{ allSupported: true, includeGlobalResourceTypes: true }, 'AWS::IAM::Role', 'recording'],
    [{ allSupported: false, resourceTypes: [TYPE] }, TYPE, 'recording'],
    [{ allSupported: false, resourceTypes: [TYPE] }, 'AWS::S3::Bucket', 'other-types'],
    [
      { recordingStrategy: { useOnly: 'INCLUSION_BY_RESOURCE_TYPES' }, resourceTypes: [] },
      TYPE,
      'other-types',
    ],
    [
      {
        recordingStrategy: { useOnly: 'EXCLUSION_BY_RESOURCE_TYPES' },
        exclusionByResourceTypes: { resourceTypes: [TYPE] },
      },
      TYPE,
      'other-types',
    ],
  ])('%j on %s: %s', (group, type, expected) => {
    expect(state(group, type).state).toBe(expected);
  });

  test('its frequency, with what overrides it', () => {
    const recordingMode = {
      recordingFrequency: 'DAILY',
      recordingModeOverrides: [{ resourceTypes: [TYPE], recordingFrequency: 'CONTINUOUS' }],
    };
    expect(state(undefined, TYPE, { recordingMode }).frequency).toBe('continuous');
    expect(state(undefined, 'AWS::S3::Bucket', { recordingMode }).frequency).toBe('daily');
  });
});
