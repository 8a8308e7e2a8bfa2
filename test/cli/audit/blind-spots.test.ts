import { describe, expect, test } from 'vitest';
import { assumedRole, iamUser, identityCenterPerson } from '../../trail-world/actors.ts';
import { updateFunctionCode } from '../../trail-world/lambda-calls.ts';
import type { Scene } from '../../trail-world/scene.ts';
import { unexplained } from '../../trail-world/truth.ts';
import { HOME } from '../trail/trail-scene.ts';
import { auditScene } from './audit-scene.ts';

// What SECURITY.md says of who keeps records from being made, and of roles that are taken for a deploy's.

/** The kinds of findings that `audit` has of what happens beside a deploy, those that fail with a `!`. */
async function audit(play: (scene: Scene) => void, args: readonly string[]): Promise<string[]> {
  const { findings = [] } = await auditScene(play, args);
  return findings.map(({ kind, fails }) => `${kind}${fails ? '!' : ''}`).toSorted();
}

describe.concurrent('who stops a trail, or narrows what it records', () => {
  const CALLS = ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'PutInsightSelectors'];

  test.each(CALLS)('is found by %s where CloudTrail is counted, and nowhere else', async name => {
    const stop = (scene: Scene): void => {
      const trail = `arn:aws:cloudtrail:${HOME.region}:${HOME.account}:trail/all`;
      const request = /Selectors$/.test(name) ? { trailName: trail } : { name: trail };
      const call = { service: 'cloudtrail', name, request, response: null, component: 'cloudtrail:all' };
      scene.change({ by: iamUser(HOME.account), at: scene.at(60), call }, unexplained);
    };
    for (const services of ['all', 'lambda,cloudtrail']) {
      expect(await audit(stop, ['--services', services])).toEqual(['person-change!', 'unexplained-change!']);
    }
    expect(await audit(stop, [])).toEqual([]);
  });
});

describe.concurrent('a role that a loose --deploy-role fits', () => {
  const LOOSE = ['--deploy-role', '*'];
  const other = (scene: Scene, session: string) =>
    assumedRole(scene.random, {
      account: HOME.account,
      role: 'tinker',
      session,
      hasComposedName: false,
      createdAt: scene.at(0),
    });
  const changing = (minutes: number, session: string) => (scene: Scene) => {
    const call = updateFunctionCode(HOME, 'orders');
    scene.change({ by: other(scene, session), at: scene.at(minutes), call }, unexplained);
  };

  test('is taken for the deploy in its window, but for a session name that does not fit', async () => {
    expect(await audit(changing(3, 'me'), LOOSE)).toEqual(['unexpected-session!']);
    expect(await audit(changing(3, 'ci-prod-x-a1b2c3d'), LOOSE)).toEqual([]);
    expect(await audit(changing(3, 'ci-prod-x-a1b2c3d'), [])).toEqual(['coincident-change']);
  });

  test('explains nothing outside of the window', async () => {
    expect(await audit(changing(90, 'ci-prod-x-a1b2c3d'), LOOSE)).toEqual(['unexplained-change!']);
  });

  test('makes no person a deploy', async () => {
    const person = (scene: Scene): void => {
      const by = identityCenterPerson(scene.random, HOME.account, scene.at(0));
      scene.change({ by, at: scene.at(3), call: updateFunctionCode(HOME, 'orders') }, unexplained);
    };
    expect(await audit(person, LOOSE)).toEqual(['coincident-change', 'person-change!']);
  });
});
