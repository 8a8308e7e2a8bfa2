import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained } from '../truth.ts';

/** CDK: the CI job takes the bootstrap's deploy role, that one calls CloudFormation, and the exec role changes things. */
export const cdkChain: Scenario = {
  name: 'cdk-chain',
  play(scene) {
    const { home, random } = scene;
    const { account, region } = home;
    const pipeline = scene.pipeline();
    const stack = scene.name('CdkApp');
    const name = scene.name('CdkApp-Handler');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const role = `chained-${scene.tag}-deploy-role-${account}-${region}`;
    const exec = `chained-${scene.tag}-cfn-exec-role-${account}-${region}`;
    const bridge = scene.assume(pipeline.caller, { role, session: 'aws-cdk-runner', at: scene.at(0, 40) });
    const calls = [createChangeSet(home, stack, { serviceRole: exec }), executeChangeSet(home, stack)];
    scene.changes(bridge, scene.at(1), calls, explained('chain', deploy));
    const service = cloudFormation(random, { account, role: exec, createdAt: scene.at(1) });
    scene.change(
      { by: service, at: scene.at(2), call: updateFunctionCode(home, name) },
      explained('stack', deploy),
    );
    const unmarked = updateFunctionCode(home, scene.name('CdkApp-Other'));
    scene.change({ by: service, at: scene.at(2, 10), call: unmarked }, explained('stack', deploy));
  },
};
