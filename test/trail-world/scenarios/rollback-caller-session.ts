import { through } from '../actors.ts';
import { deleteFunction, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** The same without a service role: CloudFormation rolls back with the failed job's session, when that job is long over. */
export const rollbackCallerSession: Scenario = {
  name: 'rollback-caller-session',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('brittle');
    const name = scene.name('brittle-Fn');
    const pipeline = scene.pipeline();
    const findings = ['failed-deploy-changed'] as const;
    const failed = scene.deploy({ pipeline, component: `lambda:${name}`, status: 'failed', findings });
    const calls = [createChangeSet(home, stack), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', failed));
    const by = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    const call = updateFunctionCode(home, name);
    scene.change({ by, at: scene.at(2), call }, explained('session', failed));
    scene.change({ by, at: scene.at(95), call }, explained('rollback', failed));
    scene.change({ by, at: scene.at(96), call: deleteFunction(home, name) }, explained('rollback', failed));
    // Not through CloudFormation: this is no rollback.
    scene.change({ by: pipeline.caller, at: scene.at(97), call }, unexplained);
  },
};
