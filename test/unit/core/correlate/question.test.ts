import { describe, expect, test } from 'vitest';
import type { Actor, Change } from '../../../../src/core/change/change.ts';
import {
  asksForChange,
  asksForDeploy,
  parseTraceQuestion,
  type TraceQuestion,
} from '../../../../src/core/correlate/question.ts';
import type { Verdict } from '../../../../src/core/correlate/verdict.ts';
import { DEFAULT_WINDOW, type Deploy, readMarkers } from '../../../../src/core/deploy/deploy.ts';
import { sampleMarker } from '../marker/sample-marker.ts';

const ACTOR: Actor = {
  kind: 'session',
  name: 'n',
  account: '1',
  role: 'deploy',
  session: 'ci-prod-a1b2c3d',
  accessKeyId: undefined,
  via: undefined,
};

const CHANGE: Change = {
  id: 'e1',
  time: 0,
  account: '1',
  region: 'eu-west-1',
  service: 'lambda',
  action: 'UpdateFunctionCode',
  component: 'lambda:resize-image',
  actor: ACTOR,
  stack: undefined,
  version: undefined,
};

function deployOf(): Deploy {
  const { explains: _, ...marker } = sampleMarker();
  const [deploy] = readMarkers([marker], DEFAULT_WINDOW, 0).deploys;
  if (deploy === undefined) throw new Error('no deploy');
  return deploy;
}

const DEPLOY = deployOf();
const asked = (question: TraceQuestion): TraceQuestion => parseTraceQuestion(question);

function verdictOf(fields: Partial<Change> = {}, deploys: readonly Deploy[] = [DEPLOY]): Verdict {
  return { change: { ...CHANGE, ...fields }, standing: 'explained', deploys };
}

describe('a question', () => {
  test('is read in the spellings that answers have', () => {
    const component = 'arn:aws:lambda:eu-west-1:111122223333:function:orders:live';
    expect(asked({ component, gitSha: 'A1B2C3D', uid: 'U' })).toEqual({
      component: 'lambda:orders',
      place: { account: '111122223333', region: 'eu-west-1' },
      gitSha: 'a1b2c3d',
      uid: 'U',
    });
    expect(asked({})).toEqual({ component: undefined, gitSha: undefined });
  });

  test.each([
    [{ component: 'orders' }, '--component must be kind:name or an ARN, got "orders"'],
    [{ component: '' }, '--component'],
    [{ gitSha: 'a1b2c3' }, '--git-sha must be 7 to 64 hexadecimal characters, got "a1b2c3"'],
    [{ gitSha: 'f'.repeat(65) }, '--git-sha'],
    [{ gitSha: 'HEAD~12' }, '--git-sha'],
  ])('%j is refused', (question, message) => {
    expect(() => asked(question)).toThrow(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) }),
    );
  });
});

test.each<[TraceQuestion, boolean]>([
  [{}, true],
  [{ component: 'lambda:resize-image' }, true],
  [{ component: 'lambda:resize' }, false],
  [{ gitSha: 'a1b2c3d' }, true],
  [{ gitSha: `a1b2c3d${'0'.repeat(33)}` }, true],
  [{ gitSha: `a1b2c3e${'0'.repeat(33)}` }, false],
  [{ gitSha: 'b1a2c3d' }, false],
  [{ uid: DEPLOY.uids[0] }, true],
  [{ uid: 'x' }, false],
  [{ deployId: DEPLOY.id }, true],
  [{ deployId: 'x' }, false],
  [{ sessionName: 'ci-prod-a1b2c3d' }, true],
  [{ sessionName: 'ci-prod' }, false],
  [{ gitSha: 'a1b2c3d', sessionName: 'x' }, false],
])('a deploy is asked for by %j: %s', (question, expected) => {
  expect(asksForDeploy(asked(question), DEPLOY)).toBe(expected);
});

test.each<[string, TraceQuestion, Verdict, boolean]>([
  ['everything', {}, verdictOf({}, []), true],
  ['its component', { component: 'lambda:resize-image' }, verdictOf({}, []), true],
  ['another component', { component: 'lambda:other' }, verdictOf(), false],
  [
    'what else a deploy of the component did',
    { component: 'lambda:resize-image' },
    verdictOf({ component: 'layer:deps' }),
    true,
  ],
  ['the commit of its deploy', { gitSha: 'a1b2c3d' }, verdictOf({ component: 'layer:deps' }), true],
  ['a commit, and it has no deploy', { gitSha: 'a1b2c3d' }, verdictOf({}, []), false],
  ['the id of its deploy', { deployId: DEPLOY.id }, verdictOf(), true],
  ['another uid', { uid: 'x' }, verdictOf(), false],
  ['its session', { sessionName: 'ci-prod-a1b2c3d' }, verdictOf({}, []), true],
  [
    'the session of its deploy',
    { sessionName: 'ci-prod-a1b2c3d' },
    verdictOf({ actor: { ...ACTOR, session: 'AWSCloudFormation' } }),
    true,
  ],
  ['another session', { sessionName: 'x' }, verdictOf(), false],
  ['commit and session, of which one is wrong', { gitSha: 'a1b2c3d', sessionName: 'x' }, verdictOf(), false],
])('a change is asked for by %s', (_, question, verdict, expected) => {
  expect(asksForChange(asked(question), verdict)).toBe(expected);
});

const FUNCTION = 'arn:aws:lambda:eu-west-1:111122223333:function:orders';

describe('a question about a component', () => {
  const ask = (component: string, fields: Partial<Change>): boolean =>
    asksForChange(asked({ component }), verdictOf(fields, []));

  test.each<[string, Partial<Change>, boolean]>([
    // Each of several things.
    ['monitoring:b', { component: 'monitoring:a', others: ['monitoring:b'] }, true],
    ['monitoring:c', { component: 'monitoring:a', others: ['monitoring:b'] }, false],
    // Without what it lies in, and what it lies in.
    ['ecs:web', { service: 'ecs', component: 'ecs:prod/web' }, true],
    ['ecs:prod', { service: 'ecs', component: 'ecs:prod/web' }, true],
    ['ecs:stage/web', { service: 'ecs', component: 'ecs:prod/web' }, false],
    // What no call named may be anything of its service.
    ['ecs:web', { service: 'ecs', component: 'ecs:?' }, true],
    ['layer:deps', { service: 'lambda', component: 'lambda:?' }, true],
    ['stack:shop', { service: 'cloudformation', component: 'stack:?' }, true],
    ['ecs:web', { service: 'sqs', component: 'sqs:?' }, false],
    ['ecs:?', { service: 'ecs', component: 'ecs:?' }, true],
    [
      'arn:aws:databrew:eu-west-1:111122223333:job/etl',
      { service: 'databrew', component: 'databrew:?', account: '111122223333' },
      true,
    ],
    // A thing of the same name elsewhere is another one.
    [
      'arn:aws:databrew:eu-west-1:111122223333:job/etl',
      { service: 'databrew', component: 'databrew:?', account: '999999999999' },
      false,
    ],
    [FUNCTION, { component: 'lambda:orders', account: '111122223333', region: 'eu-west-1' }, true],
    [FUNCTION, { component: 'lambda:orders', account: '111122223333', region: '' }, true],
    [FUNCTION, { component: 'lambda:orders', account: '111122223333', region: 'us-east-1' }, false],
    [FUNCTION, { component: 'lambda:orders', account: '999999999999', region: 'eu-west-1' }, false],
    [
      FUNCTION,
      { component: 'lambda:a', others: ['lambda:orders'], account: '1', region: 'eu-west-1' },
      false,
    ],
    // What is global is recorded in one Region, and roles have none.
    [
      'arn:aws:iam::111122223333:role/a',
      { service: 'iam', component: 'iam:a', account: '111122223333', region: 'us-east-1' },
      true,
    ],
    ['arn:aws:s3:::acme', { service: 's3', component: 's3:acme', account: '1', region: 'eu-west-1' }, true],
  ])('%s and %j: %s', (component, fields, isAsked) => expect(ask(component, fields)).toBe(isAsked));

  test('finds a deploy by where its target is', () => {
    const { explains: _, ...marker } = sampleMarker();
    const isFound = (fields: Partial<typeof marker>): boolean => {
      const [deploy] = readMarkers([{ ...marker, ...fields }], DEFAULT_WINDOW, 0).deploys;
      return deploy !== undefined && asksForDeploy(asked({ component: FUNCTION }), deploy);
    };
    const component = 'lambda:orders';
    const there = { account: '111122223333', region: 'eu-west-1' };
    expect(isFound({ component, ...there })).toBe(true);
    expect(isFound({ component, ...there, region: 'us-east-1' })).toBe(false);
    expect(isFound({ component, ...there, account: '999999999999' })).toBe(false);
    expect(isFound({ component: FUNCTION })).toBe(true);
  });

  test('finds a deploy by what its target is called in full', () => {
    const { explains: _, ...marker } = sampleMarker();
    const [deploy] = readMarkers([{ ...marker, component: 'ecs:prod/web' }], DEFAULT_WINDOW, 0).deploys;
    if (deploy === undefined) throw new Error('no deploy');
    const about = (component: string): boolean => asksForDeploy(asked({ component }), deploy);
    expect(['ecs:prod/web', 'ecs:web', 'ecs:stage/web'].map(about)).toEqual([true, true, false]);
  });
});
