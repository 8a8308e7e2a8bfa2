import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** CDK where nobody recorded that the role was taken: the user's pattern says which role bridges the gap. */
export const cdkBridgeRole: Scenario = {
  name: 'cdk-bridge-role',
  patterns: { bridgeRoles: ['cdk-*-deploy-role-*'] },
  play(scene) {
    const { home, random } = scene;
    const { account, region } = home;
    const pipeline = scene.pipeline();
    const stack = scene.name('BridgeApp');
    const name = scene.name('BridgeApp-Handler');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const role = `cdk-hnb659fds-deploy-role-${account}-${region}`;
    const exec = `cdk-hnb659fds-cfn-exec-role-${account}-${region}`;
    const hop = { role, session: 'aws-cdk-runner', isRecorded: false };
    const bridge = scene.assume(pipeline.caller, { ...hop, at: scene.at(0, 40) });
    const calls = [createChangeSet(home, stack, { serviceRole: exec }), executeChangeSet(home, stack)];
    scene.changes(bridge, scene.at(1), calls, explained('stack', deploy));
    const service = cloudFormation(random, { account, role: exec, createdAt: scene.at(1) });
    scene.change(
      { by: service, at: scene.at(2), call: updateFunctionCode(home, name) },
      explained('stack', deploy),
    );

    // From a laptop, hours later: the same roles and no deploy.
    const laptop = scene.assume(pipeline.caller, { ...hop, session: 'aws-cdk-joe', at: scene.at(199) });
    scene.changes(laptop, scene.at(200), calls, unexplained);
    const late = cloudFormation(random, { account, role: exec, createdAt: scene.at(200) });
    scene.change({ by: late, at: scene.at(201), call: updateFunctionCode(home, name) }, unexplained);
  },
};
