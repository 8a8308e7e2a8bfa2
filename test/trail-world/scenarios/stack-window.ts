import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** A service role's changes are the deploy's from its call to CloudFormation until the window ends, the last second included. */
export const stackWindow: Scenario = {
  name: 'stack-window',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const stack = scene.name('windowed');
    const role = scene.name('windowed-exec');
    const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(5), calls, explained('session', deploy));
    const service = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    const call = updateFunctionCode(home, scene.name('windowed-Fn'));
    scene.change({ by: service, at: scene.at(1), call }, unexplained);
    scene.change({ by: service, at: scene.at(19, 59), call }, explained('stack', deploy));
    scene.change({ by: service, at: scene.at(20), call }, explained('stack', deploy));
    scene.change({ by: service, at: scene.at(20, 1), call }, unexplained);
    scene.change({ by: service, at: scene.at(300), call }, unexplained);
  },
};
