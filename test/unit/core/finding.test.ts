import { expect, test } from 'vitest';
import type { Change } from '../../../src/core/change.ts';
import { type Attestation, DEFAULT_WINDOW, readMarkers } from '../../../src/core/deploy.ts';
import { findInChange, findInDeploy } from '../../../src/core/finding.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { sampleMarker } from './sample-marker.ts';

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
