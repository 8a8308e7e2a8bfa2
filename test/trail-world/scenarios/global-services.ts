import { cloudFormation } from '../actors.ts';
import type { Scenario } from '../scenario.ts';
import { stackWrite } from '../stack-calls.ts';
import type { Call } from '../trail-record.ts';
import { explained, unexplained } from '../truth.ts';

function putRolePolicy(roleName: string): Call {
  const request = { roleName, policyName: 'read', policyDocument: '{}' };
  return { service: 'iam', name: 'PutRolePolicy', request, response: null, component: `iam:${roleName}` };
}

/** A deploy changes a role on the way, which is recorded in us-east-1 wherever it was. */
export const globalServices: Scenario = {
  name: 'global-services',
  play(scene) {
    const { random } = scene;
    const { account } = scene.home;
    const home = { account, region: 'eu-west-1' };
    const place = { account, region: 'us-east-1' };
    const pipeline = scene.pipeline({ place: home });
    const stack = scene.name('world');
    const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
    const call = putRolePolicy(scene.name('exec'));
    scene.change({ by: pipeline.caller, at: scene.at(1), call, place }, explained('session', deploy));
    const hop = { role: scene.name('iam-hop'), session: 'hop', at: scene.at(1, 20) };
    const hopped = scene.assume(pipeline.caller, hop);
    scene.change({ by: hopped, at: scene.at(2), call, place }, explained('chain', deploy));
    const role = scene.name('world-exec');
    const update = stackWrite(home, 'UpdateStack', stack, { serviceRole: role });
    scene.change(
      { by: pipeline.caller, at: scene.at(3), call: update, place: home },
      explained('session', deploy),
    );
    const service = cloudFormation(random, { account, role, createdAt: scene.at(3) });
    scene.change({ by: service, at: scene.at(4), call, place }, explained('stack', deploy));

    const stranger = scene.pipeline({ place: home, session: `ci-prod-stranger-${scene.tag}` });
    scene.change({ by: stranger.caller, at: scene.at(5), call, place }, unexplained);
    const late = scene.pipeline({ place: home, at: scene.at(200) });
    scene.change({ by: late.caller, at: scene.at(201), call, place }, unexplained);
  },
};
