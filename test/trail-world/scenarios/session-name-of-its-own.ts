import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** A marked deploy under a session name that nobody composed: explained, and its name still unexpected. */
export const sessionNameOfItsOwn: Scenario = {
  name: 'session-name-of-its-own',
  play(scene) {
    const pipeline = scene.pipeline({ session: 'jenkins', hasComposedName: false });
    const name = scene.name('jenkins');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const call = updateFunctionCode(scene.home, name);
    scene.change({ by: pipeline.caller, at: scene.at(2), call }, explained('session', deploy));
  },
};
