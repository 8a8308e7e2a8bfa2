import { type Caller, fromAbroad, identityCenterPerson } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import type { Scene } from '../scene.ts';
import type { Call } from '../trail-record.ts';
import { ambiguous, coincident, type Expected, explained, unexplained } from '../truth.ts';

/** A call that the trails of both accounts have: where the function is, its caller is hardly known. */
function changeInBoth(scene: Scene, by: Caller, at: number, call: Call, expected: Expected): void {
  const { abroad, home, random } = scene;
  const fields = { sharedEventID: random.uuid() };
  const { identity: userIdentity } = fromAbroad(by);
  scene.change({ by, at, call: { ...call, fields: { ...fields, userIdentity } }, place: abroad }, expected);
  const own = { by, at, call: { ...call, fields }, place: { ...abroad, account: home.account } };
  scene.skip(own, 'the same call in the trail of its caller');
}

/** A deploy that changes another account's function without taking a role there. */
export const acrossAccounts: Scenario = {
  name: 'across-accounts',
  play(scene) {
    const { abroad, home, random } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('abroad');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, place: abroad });
    const call = updateFunctionCode(abroad, name, { spelling: 'arn' });
    const other = updateFunctionCode(abroad, scene.name('abroad-too'), { spelling: 'arn' });
    changeInBoth(scene, pipeline.caller, scene.at(1), call, explained('session', deploy));
    changeInBoth(scene, pipeline.caller, scene.at(2), other, explained('session', deploy));
    const jane = identityCenterPerson(random, home.account, scene.at(0));
    changeInBoth(scene, jane, scene.at(90), call, unexplained);

    // Only the trail of the function's account: the session's name and account are known, its role is not.
    const by = fromAbroad(pipeline.caller);
    scene.change({ by, at: scene.at(3), call, place: abroad }, explained('session', deploy));
    scene.change({ by, at: scene.at(4), call: other, place: abroad }, ambiguous('session', deploy));
    const stranger = { ...by, identity: { ...by.identity, accountId: '999988887777' } };
    scene.change({ by: stranger, at: scene.at(5), call, place: abroad }, coincident(deploy));
  },
};
