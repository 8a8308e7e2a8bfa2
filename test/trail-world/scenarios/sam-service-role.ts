import { cloudFormation } from '../actors.ts';
import { createFunction, updateFunctionCode, updateFunctionConfiguration } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet, stackWrite } from '../stack-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** SAM with a service role that the change set names: the CI job's session does not stand in Lambda's records. */
export const samServiceRole: Scenario = {
  name: 'sam-service-role',
  play(scene) {
    const { home, abroad, random } = scene;
    const { account } = home;
    const pipeline = scene.pipeline();
    const stack = scene.name('orders');
    const role = scene.name('orders-exec');
    const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
    const service = cloudFormation(random, { account, role, createdAt: scene.at(1) });
    const calls = [
      createChangeSet(home, stack, { serviceRole: role }),
      executeChangeSet(home, stack, { byId: true }),
    ];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', deploy));
    const name = scene.name('orders-Fn');
    const changes = [updateFunctionCode(home, name), updateFunctionConfiguration(home, name, 'name', true)];
    scene.changes(service, scene.at(2), changes, explained('stack', deploy));
    const nested = stackWrite(home, 'CreateStack', scene.name('orders-Nested'), { serviceRole: role });
    scene.change({ by: service, at: scene.at(3), call: nested }, explained('stack', deploy));

    // Another service role, another account with a role of that name, another Region: none of it is this deploy's.
    const call = createFunction(home, scene.name('not-orders'));
    const other = cloudFormation(random, { account, role: scene.name('other-exec'), createdAt: scene.at(3) });
    scene.change({ by: other, at: scene.at(4), call }, unexplained);
    const theirs = cloudFormation(random, { account: abroad.account, role, createdAt: scene.at(3) });
    scene.change({ by: theirs, at: scene.at(4), call, place: abroad }, unexplained);
    const place = { account, region: 'sa-east-1' };
    scene.change({ by: service, at: scene.at(4), call, place }, unexplained);
  },
};
