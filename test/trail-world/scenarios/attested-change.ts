import { iamUser, identityCenterPerson } from '../actors.ts';
import { updateFunctionCode, updateFunctionConfiguration } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { attested, explained, unexplained } from '../truth.ts';

/** Changes that a person explained afterwards: one out of the blue, one in the middle of a deploy, one by a stranger. */
export const attestedChange: Scenario = {
  name: 'attested-change',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('owned');
    const component = `lambda:${name}`;
    const deploy = scene.deploy({ pipeline, component });
    const fix = updateFunctionConfiguration(home, name, 'arn');
    const own = { by: pipeline.caller, at: scene.at(2), call: updateFunctionCode(home, name) };
    scene.change(own, explained('session', deploy));

    const person = identityCenterPerson(random, home.account, scene.at(0));
    scene.attest(scene.change({ by: person, at: scene.at(4), call: fix }, attested), component);
    scene.attest(
      scene.change({ by: iamUser(home.account), at: scene.at(120), call: fix }, attested),
      component,
    );
    const foreign = scene.pipeline({ at: scene.at(129), session: 'laptop', hasComposedName: false });
    scene.attest(scene.change({ by: foreign.caller, at: scene.at(130), call: fix }, attested), component);
    // An explanation is for one change, not for the next one like it.
    scene.change({ by: person, at: scene.at(131), call: fix }, unexplained);
  },
};
