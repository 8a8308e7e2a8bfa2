import { iamUser } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** Records that two sources give, as a trail and the event history do: one change each. */
export const seenTwice: Scenario = {
  name: 'seen-twice',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('doubled');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const call = updateFunctionCode(home, name);
    const own = scene.change({ by: pipeline.caller, at: scene.at(2), call }, explained('session', deploy));
    const other = scene.change({ by: iamUser(home.account), at: scene.at(90), call }, unexplained);
    for (const id of [own, other, other]) scene.repeat(id);
  },
};
