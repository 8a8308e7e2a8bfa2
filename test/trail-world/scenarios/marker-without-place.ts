import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { coincident, explained } from '../truth.ts';

/** A marker that does not tell account and Region, which is enough; and one that does not tell the role, which is not. */
export const markerWithoutPlace: Scenario = {
  name: 'marker-without-place',
  play(scene) {
    const { home } = scene;
    // Copies share names, and nothing but this name could keep them apart.
    const session = (of: string): string => `ci-prod-${of}-${home.account}-${scene.tag}`;
    const pipeline = scene.pipeline({ session: session('place') });
    const name = `placeless-${home.account}`;
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, untold: ['place'] });
    const call = updateFunctionCode(home, name);
    scene.change({ by: pipeline.caller, at: scene.at(3), call }, explained('session', deploy));

    // Anybody who takes a role may call the session as the deploy did.
    const other = scene.pipeline({ session: session('role') });
    const roleless = scene.deploy({
      pipeline: other,
      component: `lambda:roleless-${home.account}`,
      untold: ['role'],
      state: 'missing',
      findings: ['marker-without-change'],
    });
    const own = updateFunctionCode(home, `roleless-${home.account}`);
    scene.change({ by: other.caller, at: scene.at(4), call: own }, coincident(roleless));
  },
};
