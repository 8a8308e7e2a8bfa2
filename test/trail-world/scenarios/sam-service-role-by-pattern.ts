import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** A stack that got its service role long ago: no record names the role, and the user's pattern has to. */
export const samServiceRoleByPattern: Scenario = {
  name: 'sam-service-role-by-pattern',
  patterns: { serviceRoles: ['sam-exec-*'] },
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const stack = scene.name('mail');
    const name = scene.name('mail-Fn');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const calls = [createChangeSet(home, stack), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', deploy));
    const role = `sam-exec-${scene.tag}`;
    const service = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    scene.change(
      { by: service, at: scene.at(2), call: updateFunctionCode(home, name) },
      explained('stack', deploy),
    );
    // The pattern alone explains nothing: no deploy of that hour called CloudFormation.
    const call = updateFunctionCode(home, name);
    scene.change({ by: service, at: scene.at(180), call }, unexplained);
  },
};
