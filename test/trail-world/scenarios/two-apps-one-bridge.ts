import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { ambiguous, explained } from '../truth.ts';

/** Two CDK apps deployed at one time through the same bootstrap roles, and no record of who took them. */
export const twoAppsOneBridge: Scenario = {
  name: 'two-apps-one-bridge',
  ambiguity:
    'a bridge role during two deploys, neither of which marks what changed: nothing says for which it acts',
  patterns: { bridgeRoles: ['bridge-*-deploy-role'] },
  play(scene) {
    const { home, random } = scene;
    const deploys = ['north', 'south'].map(side => {
      const pipeline = scene.pipeline({ session: `ci-prod-${side}-${scene.tag}` });
      const deploy = scene.deploy({ pipeline, component: `stack:${scene.name(side)}` });
      const call = updateFunctionCode(home, scene.name(`${side}-seed`));
      scene.change({ by: pipeline.caller, at: scene.at(4), call }, explained('session', deploy));
      return { pipeline, deploy };
    });
    const [north, south] = deploys;
    if (!north || !south) return;
    const both = ambiguous('stack', north.deploy, south.deploy);
    const hop = {
      role: `bridge-${scene.tag}-deploy-role`,
      session: 'aws-cdk-runner',
      at: scene.at(0),
      isRecorded: false,
    };
    const bridge = scene.assume(north.pipeline.caller, hop);
    const role = scene.name('bridge-exec');
    const stack = scene.name('neither');
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
    scene.changes(bridge, scene.at(1), calls, both);
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    scene.change({ by, at: scene.at(2), call: updateFunctionCode(home, scene.name('neither-Fn')) }, both);
  },
};
