import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained } from '../truth.ts';

/** The same with STS's global endpoint, whose records lie in us-east-1. */
export const cdkGlobalSts: Scenario = {
  name: 'cdk-global-sts',
  play(scene) {
    const { random } = scene;
    const home = { account: scene.home.account, region: 'ap-southeast-2' };
    const pipeline = scene.pipeline({ place: home });
    const stack = scene.name('GlobalApp');
    const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
    const hop = { role: `global-${scene.tag}-deploy-role`, session: 'aws-cdk-root', at: scene.at(0, 40) };
    const bridge = scene.assume(pipeline.caller, { ...hop, region: 'us-east-1' });
    const exec = `global-${scene.tag}-cfn-exec-role`;
    const calls = [createChangeSet(home, stack, { serviceRole: exec }), executeChangeSet(home, stack)];
    scene.changes(bridge, scene.at(1), calls, explained('chain', deploy), home);
    const service = cloudFormation(random, { account: home.account, role: exec, createdAt: scene.at(1) });
    const call = updateFunctionCode(home, scene.name('GlobalApp-Fn'));
    scene.change({ by: service, at: scene.at(2), call, place: home }, explained('stack', deploy));
  },
};
