import { publishVersion, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** A role taken by a role taken by the CI job makes the changes itself; a look-alike that somebody else took does not. */
export const twoHopChain: Scenario = {
  name: 'two-hop-chain',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('hopped');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const [hub, target] = [scene.name('hub'), scene.name('target')];
    const middle = scene.assume(pipeline.caller, { role: hub, session: 'hub', at: scene.at(0, 20) });
    const last = scene.assume(middle, { role: target, session: 'target', at: scene.at(0, 40) });
    const calls = [updateFunctionCode(home, name), publishVersion(home, name, '9')];
    scene.changes(middle, scene.at(1), [updateFunctionCode(home, name)], explained('chain', deploy));
    scene.changes(last, scene.at(2), calls, explained('chain', deploy));

    const stranger = scene.pipeline({ session: 'nightly', hasComposedName: false });
    const theirs = scene.assume(stranger.caller, { role: target, session: 'target', at: scene.at(1) });
    const call = updateFunctionCode(home, scene.name('hopped-besides'));
    scene.change({ by: theirs, at: scene.at(3), call }, unexplained);
  },
};
