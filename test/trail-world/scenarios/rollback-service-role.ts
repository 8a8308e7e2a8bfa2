import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained } from '../truth.ts';

/** A deploy fails, CloudFormation takes hours to roll it back, and the next deploy of the stack is again its own. */
export const rollbackServiceRole: Scenario = {
  name: 'rollback-service-role',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('shaky');
    const role = scene.name('shaky-exec');
    const call = updateFunctionCode(home, scene.name('shaky-Fn'));
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];

    const pipeline = scene.pipeline();
    const findings = ['failed-deploy-changed'] as const;
    const failed = scene.deploy({ pipeline, component: `stack:${stack}`, status: 'failed', findings });
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', failed));
    scene.change({ by, at: scene.at(2), call }, explained('stack', failed));
    scene.change({ by, at: scene.at(12), call }, explained('stack', failed));
    scene.change({ by, at: scene.at(150), call }, explained('rollback', failed));
    scene.change({ by, at: scene.at(195), call }, explained('rollback', failed));

    const again = scene.pipeline({ at: scene.at(299), session: `ci-prod-again-${scene.tag}` });
    const times = { from: scene.at(300), until: scene.at(310) };
    const next = scene.deploy({ pipeline: again, component: `stack:${stack}`, ...times });
    scene.changes(again.caller, scene.at(301), calls, explained('session', next));
    scene.change({ by, at: scene.at(302), call }, explained('stack', next));
  },
};
