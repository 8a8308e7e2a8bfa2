import { updateFunctionCode } from '../lambda-calls.ts';
import { toTime } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** A copy of a marker that says another session, recorded later: the first one counts, and both are told. */
export const forgedCopy: Scenario = {
  name: 'forged-copy',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('copied');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const call = updateFunctionCode(home, name);
    scene.change({ by: pipeline.caller, at: scene.at(2), call }, explained('session', deploy));

    const session = `ci-prod-forger-${scene.tag}`;
    const forger = scene.pipeline({ role: 'forger', session });
    scene.mark({ ...deploy.marker, role_session_name: session, recorded_at: toTime(scene.at(30)) });
    const other = updateFunctionCode(home, scene.name('hidden'));
    scene.change({ by: forger.caller, at: scene.at(3), call: other }, unexplained);
  },
};
