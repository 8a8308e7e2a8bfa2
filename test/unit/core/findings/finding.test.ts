import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../src/core/change/change.ts';
import type { Verdict } from '../../../../src/core/correlate/verdict.ts';
import { type Attestation, DEFAULT_WINDOW, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import {
  DEFAULT_FAIL_ON,
  findInChange,
  findInConflict,
  findInDeploy,
} from '../../../../src/core/findings/finding.ts';
import type { StoredMarker } from '../../../../src/core/marker/stored.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const CHANGE: Change = {
  id: 'e1',
  time: 0,
  account: '111122223333',
  region: 'eu-west-1',
  service: 'lambda',
  action: 'UpdateFunctionCode',
  component: 'lambda:orders',
  actor: {
    kind: 'session',
    name: 'joe',
    account: '111122223333',
    role: 'deploy',
    session: 'joe',
    accessKeyId: undefined,
    via: undefined,
  },
  stack: undefined,
  version: undefined,
};
const PERSON: Change = { ...CHANGE, actor: { ...CHANGE.actor, kind: 'human-role' } };
const NOBODY: Change = { ...CHANGE, actor: { ...CHANGE.actor, kind: 'unknown' } };
const ATTESTATION: Attestation = { ...sampleMarker(), explains: 'e1' };

test.each<[string, Omit<Verdict, 'deploys'>, string[]]>([
  ['an odd session', { change: CHANGE, standing: 'explained', rule: 'session' }, ['unexpected-session']],
  ['one that a chain ties to a deploy', { change: CHANGE, standing: 'explained', rule: 'chain' }, []],
  ['a person', { change: PERSON, standing: 'explained', rule: 'session' }, ['person-change']],
  [
    'an odd session whose explained change a person explained too',
    { change: CHANGE, standing: 'explained', rule: 'session', attestation: ATTESTATION },
    ['attested-change'],
  ],
  [
    'a person whose change was explained later',
    { change: PERSON, standing: 'attested', rule: 'attestation', attestation: ATTESTATION },
    ['attested-change'],
  ],
  [
    'a session in the window of a deploy',
    { change: CHANGE, standing: 'coincident' },
    ['coincident-change', 'unexpected-session'],
  ],
  [
    'somebody in it of whom nothing is told',
    { change: NOBODY, standing: 'coincident' },
    ['unexplained-change'],
  ],
  [
    'an odd session that nothing explains',
    { change: CHANGE, standing: 'unexplained' },
    ['unexplained-change', 'unexpected-session'],
  ],
])('%s', (_, verdict, kinds) => {
  expect(findInChange({ deploys: [], ...verdict }, () => false).map(({ kind }) => kind)).toEqual(kinds);
});

test('a deploy is told by its first component in scope, in the spelling of changes', () => {
  const arn = 'arn:aws:lambda:eu-west-1:999999999999:function:b';
  const find = (status: 'failed' | 'success', scope: readonly string[]) => {
    const markers = ['lambda:a', arn].map((component, i) => {
      const fields = { status, deploy_id: 'd1', account: '111122223333', component, uid: `u${i}` };
      const { explains: _, ...marker } = sampleMarker(fields);
      return marker;
    });
    const [deploy] = readMarkers(markers, DEFAULT_WINDOW, 0).deploys;
    if (deploy === undefined) throw new Error('no deploy');
    const unchanged = ['lambda:a', 'lambda:b'];
    const isFailed = status === 'failed';
    return findInDeploy(
      {
        deploy,
        state: isFailed ? 'unfinished' : 'missing',
        changes: 1,
        hasChanged: true,
        unnamed: 0,
        isOfStack: false,
        unchanged,
        isYoung: false,
      },
      component => scope.includes(component),
    ).map(({ kind, component, account }) => [kind, component, account]);
  };
  expect(find('failed', ['lambda:b'])).toEqual([
    ['unfinished-deploy', 'lambda:b', '999999999999'],
    ['failed-deploy-changed', 'lambda:b', '999999999999'],
  ]);
  expect(find('failed', ['lambda:b', 'lambda:a']).map(([, component]) => component)).toEqual([
    'lambda:a',
    'lambda:a',
  ]);
  expect(find('success', ['lambda:b'])).toEqual([['marker-without-change', 'lambda:b', '999999999999']]);
  expect(find('failed', ['lambda:c'])).toEqual([]);
});

test('a deploy of twice as many components without a change is about twice the work', () => {
  const readsOf = (count: number): number => {
    const { explains: _, ...marker } = sampleMarker({ deploy_id: 'd1' });
    const markers = Array.from({ length: count }, (_each, i) => ({
      ...marker,
      uid: `u${i}`,
      component: `lambda:f${i}`,
    }));
    const [deploy] = readMarkers(markers, DEFAULT_WINDOW, 0).deploys;
    if (deploy === undefined) throw new Error('no deploy');
    let reads = 0;
    const watch = <T extends object>(value: T): T =>
      new Proxy(value, {
        get(target, name, receiver) {
          reads += 1;
          return Reflect.get(target, name, receiver);
        },
      });
    const standing = {
      state: 'missing',
      changes: 0,
      hasChanged: false,
      unnamed: 0,
      isOfStack: false,
    } as const;
    const found = findInDeploy(
      {
        ...standing,
        deploy: { ...deploy, targets: deploy.targets.map(watch) },
        unchanged: deploy.targets.map(({ component }) => component),
        isYoung: false,
      },
      () => true,
    );
    expect(found).toHaveLength(count);
    return reads;
  };
  expect(readsOf(400) / readsOf(200)).toBeLessThan(2.2);
});

describe('a marker with two contents', () => {
  const range = { from: Date.parse('2025-12-14T08:00:00Z'), until: Date.parse('2025-12-14T09:00:00Z') };
  const { explains: _, ...marker } = sampleMarker();
  const find = (
    fields: Partial<StoredMarker>,
    scope: readonly string[] = ['lambda:resize-image', 'lambda:b'],
  ) =>
    findInConflict({ uid: 'u1', copies: [marker, { ...marker, ...fields }] }, range, component =>
      scope.includes(component),
    ).map(({ id, kind }) => [id, kind]);
  const found = [['conflicting-marker:u1', 'conflicting-marker']];

  test('is found, and fails an audit', () => {
    expect(find({ role_session_name: 'eve' })).toEqual(found);
    expect(DEFAULT_FAIL_ON).toContain('conflicting-marker');
  });

  test('is found where one of them is in scope, and always where they explain a change', () => {
    expect(find({ component: 'lambda:b' }, ['lambda:b'])).toEqual(found);
    expect(find({}, ['lambda:c'])).toEqual([]);
    const copies = [sampleMarker(), sampleMarker({ reason: 'other' })] as const;
    expect(findInConflict({ uid: 'u1', copies }, range, () => false)).toHaveLength(1);
  });

  test('is found where either tells of the time that is asked for, or was stored then', () => {
    const before = {
      started_at: '2025-12-10T00:00:00Z',
      deployed_at: '2025-12-10T00:00:00Z',
      recorded_at: '2025-12-10T00:00:00Z',
    };
    const old = { ...marker, ...before };
    const of = (other: StoredMarker) =>
      findInConflict({ uid: 'u1', copies: [old, other] }, range, () => true).length;
    expect(of(old)).toBe(0);
    expect(of({ ...old, deployed_at: '2025-12-14T08:30:00Z' })).toBe(1);
    expect(of({ ...old, storedAt: range.from + 1 })).toBe(1);
    const { started_at: _start, deployed_at: _end, ...timeless } = old;
    expect(of(timeless)).toBe(0);
  });
});
