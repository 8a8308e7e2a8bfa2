import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** One function name, one role name and one session name in two accounts and two Regions. */
export const twoPlaces: Scenario = {
  name: 'two-places',
  play(scene) {
    const { home, abroad } = scene;
    const name = scene.name('twin');
    const component = `lambda:${name}`;
    const here = scene.pipeline();
    const there = scene.pipeline({ place: abroad });
    const inHome = scene.deploy({ pipeline: here, component });
    const inAbroad = scene.deploy({ pipeline: there, component });
    const at = scene.at(3);
    scene.change({ by: here.caller, at, call: updateFunctionCode(home, name) }, explained('session', inHome));
    const call = updateFunctionCode(abroad, name);
    scene.change({ by: there.caller, at, call, place: abroad }, explained('session', inAbroad));
    // The same names, in a Region and in an account that no marker names.
    for (const [by, place] of [
      [here.caller, { account: home.account, region: 'ca-central-1' }],
      [there.caller, { account: abroad.account, region: 'ca-central-1' }],
    ] as const) {
      scene.change({ by, at, call: updateFunctionCode(place, name), place }, unexplained);
    }
    const third = { account: '999900001111', region: home.region };
    const outsider = scene.pipeline({ place: third });
    const theirs = updateFunctionCode(third, name);
    scene.change({ by: outsider.caller, at, call: theirs, place: third }, unexplained);
  },
};
