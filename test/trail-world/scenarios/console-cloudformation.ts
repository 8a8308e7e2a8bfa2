import { identityCenterPerson, through } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { stackWrite } from '../stack-calls.ts';
import { unexplained } from '../truth.ts';

/** A person updates a stack in the console: CloudFormation's calls are still that person's. */
export const consoleCloudFormation: Scenario = {
  name: 'console-cloudformation',
  play(scene) {
    const { home, random } = scene;
    const person = identityCenterPerson(random, home.account, scene.at(0));
    const call = stackWrite(home, 'UpdateStack', scene.name('by-hand'), { byId: true });
    scene.change({ by: person, at: scene.at(1), call }, unexplained);
    const passedOn = through(person, 'cloudformation.amazonaws.com', random);
    const code = updateFunctionCode(home, scene.name('by-hand-fn'));
    scene.change({ by: passedOn, at: scene.at(1, 20), call: code }, unexplained);
  },
};
