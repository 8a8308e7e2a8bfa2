import { toTime } from '../place.ts';
import type { Scenario } from '../scenario.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Markers to which no change came: too young to be judged, old enough, and of a kind that Lambda's records cannot show. */
export const withoutChange: Scenario = {
  name: 'without-change',
  play(scene) {
    const { now } = scene;
    const pipeline = scene.pipeline({ at: now - 45 * MINUTE });
    const deploy = (base: string, age: number, state: 'waiting' | 'missing') => {
      const until = now - age;
      const findings = state === 'missing' ? (['marker-without-change'] as const) : [];
      const component = `lambda:${scene.name(base)}`;
      scene.deploy({ pipeline, component, from: until - 5 * MINUTE, until, state, findings });
    };
    deploy('just-now', 0, 'waiting');
    deploy('young', 10 * MINUTE, 'waiting');
    deploy('nearly', 30 * MINUTE - SECOND, 'waiting');
    deploy('just-old', 30 * MINUTE, 'missing');
    deploy('old', 48 * 60 * MINUTE, 'missing');
    const unseen = { component: `glue:${scene.name('etl')}`, state: 'unseen' } as const;
    scene.deploy({ pipeline, ...unseen, from: now - 300 * MINUTE, until: now - 290 * MINUTE });
    // Sent hours after the deploy, which is long ago all the same.
    const fields = { recorded_at: toTime(now - 40 * MINUTE) };
    const component = `lambda:${scene.name('sent-late')}`;
    const late = { from: now - 200 * MINUTE, until: now - 190 * MINUTE, fields };
    scene.deploy({ pipeline, component, ...late, state: 'missing', findings: ['marker-without-change'] });
  },
};
