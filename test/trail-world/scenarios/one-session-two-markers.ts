import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained, explainedByAny } from '../truth.ts';

/** One session marks two functions of a stack, and the stack's service role changes a third as well. */
export const oneSessionTwoMarkers: Scenario = {
  name: 'one-session-two-markers',
  ambiguity:
    'a service role changes a component that none of the session’s deploys marks: it is that session’s work, but of which of its deploys',
  play(scene) {
    const { home, random } = scene;
    const role = scene.name('duo-exec');
    const stack = scene.name('duo');
    const pipeline = scene.pipeline();
    const names = ['duo-A', 'duo-B'].map(scene.name);
    const deploys = names.map(name => scene.deploy({ pipeline, component: `lambda:${name}` }));
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explainedByAny('session', ...deploys));
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    for (const [i, deploy] of deploys.entries()) {
      const call = updateFunctionCode(home, names[i] ?? '');
      scene.change({ by, at: scene.at(2, i), call }, explained('stack', deploy));
    }
    const third = updateFunctionCode(home, scene.name('duo-C'));
    scene.change({ by, at: scene.at(2, 9), call: third }, explainedByAny('stack', ...deploys));
  },
};
