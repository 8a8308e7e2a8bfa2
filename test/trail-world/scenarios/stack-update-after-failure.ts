import { cloudFormation, identityCenterPerson } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet, stackWrite } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** Hours after a failed deploy a person updates the same stack by hand, with the same service role. */
export const stackUpdateAfterFailure: Scenario = {
  name: 'stack-update-after-failure',
  ambiguity:
    'changes of a stack’s service role long after its failed deploy look like its rollback; a stack call by somebody else in between says that they are not',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('mended');
    const role = scene.name('mended-exec');
    const call = updateFunctionCode(home, scene.name('mended-Fn'));
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    const pipeline = scene.pipeline();
    const findings = ['failed-deploy-changed'] as const;
    const failed = scene.deploy({ pipeline, component: `stack:${stack}`, status: 'failed', findings });
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', failed));
    const person = identityCenterPerson(random, home.account, scene.at(180));
    const update = stackWrite(home, 'UpdateStack', stack);
    scene.change({ by: person, at: scene.at(200), call: update }, unexplained);
    scene.change({ by, at: scene.at(201), call }, unexplained);
  },
};
