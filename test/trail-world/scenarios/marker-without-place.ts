import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** Markers that do not tell account, Region or role; what they do tell is enough. */
export const markerWithoutPlace: Scenario = {
  name: 'marker-without-place',
  play(scene) {
    const { home } = scene;
    // Copies share names, and nothing but this name could keep them apart.
    const session = `ci-prod-${home.account}-${scene.tag}`;
    const pipeline = scene.pipeline({ session });
    for (const [i, untold] of (['place', 'role'] as const).entries()) {
      const name = `placeless-${i}-${home.account}`;
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, untold: [untold] });
      const call = updateFunctionCode(home, name);
      scene.change({ by: pipeline.caller, at: scene.at(3, i), call }, explained('session', deploy));
    }
  },
};
