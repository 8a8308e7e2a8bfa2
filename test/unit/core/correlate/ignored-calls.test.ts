import { describe, expect, test } from 'vitest';
import type { Change } from '../../../../src/core/change/change.ts';
import { makeWorld } from '../../../trail-world/world.ts';
import { judgeWorld } from './judge-world.ts';

describe('calls that are to be ignored', () => {
  test.each(['sam-service-role', 'services-by-stack', 'console-cloudformation'])(
    'are not judged in %s, told one by one, and still what other verdicts follow from',
    scenario => {
      const world = makeWorld({ seed: 4, scenarios: [scenario] });
      const ignored: Change[] = [];
      const all = judgeWorld(world);
      const { changes, deploys } = judgeWorld(world, {
        ignored: ['cloudformation:*'],
        onIgnored: change => ignored.push(change),
      });
      expect(ignored.length).toBeGreaterThan(0);
      expect(ignored.every(({ service }) => service === 'cloudformation')).toBe(true);
      expect(changes.size).toBe(all.changes.size - ignored.length);
      for (const [id, verdict] of changes) expect(verdict).toEqual(all.changes.get(id));
      expect(deploys).toEqual(all.deploys);
    },
  );
});

test('the changes of all services are judged as those of each are', () => {
  const scenarios = [
    'services-by-cli',
    'services-by-chain',
    'services-by-stack',
    'services-in-window',
    'services-by-hand',
  ];
  const world = makeWorld({ seed: 5, scenarios });
  expect(judgeWorld(world, { services: 'all' })).toEqual(judgeWorld(world));
});
