import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** A young deploy of which one change has come through and the other marker's has not. */
export const lateArrival: Scenario = {
  name: 'late-arrival',
  play(scene) {
    const { home, now } = scene;
    const times = { from: now - 900_000, until: now - 600_000 };
    const pipeline = scene.pipeline({ at: times.from });
    const name = scene.name('arrived');
    const arrived = scene.deploy({ pipeline, component: `lambda:${name}`, ...times });
    scene.deploy({ pipeline, component: `lambda:${scene.name('on-its-way')}`, ...times, state: 'waiting' });
    const call = updateFunctionCode(home, name);
    scene.change({ by: pipeline.caller, at: now - 800_000, call }, explained('session', arrived));
  },
};
