import { iamUser, identityCenterPerson } from '../actors.ts';
import { updateFunctionCode, updateFunctionConfiguration } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { coincident, explained, unexplained } from '../truth.ts';

/** Somebody fixes a function by hand while it is being deployed, and another one that is not. */
export const consoleFixInDeploy: Scenario = {
  name: 'console-fix-in-deploy',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('fixed');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const code = updateFunctionCode(home, name);
    scene.change({ by: pipeline.caller, at: scene.at(3), call: code }, explained('session', deploy));
    const person = identityCenterPerson(random, home.account, scene.at(0));
    const fix = updateFunctionConfiguration(home, name, 'arn');
    scene.change({ by: person, at: scene.at(4), call: fix }, coincident(deploy));
    scene.change({ by: iamUser(home.account), at: scene.at(4, 30), call: fix }, coincident(deploy));
    const other = updateFunctionConfiguration(home, scene.name('besides'), 'arn');
    scene.change({ by: person, at: scene.at(5), call: other }, unexplained);
  },
};
