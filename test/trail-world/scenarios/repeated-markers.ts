import { updateFunctionCode } from '../lambda-calls.ts';
import { toTime } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** A marker sent three times, and a deploy with a marker for its start and one for its end: one deploy each. */
export const repeatedMarkers: Scenario = {
  name: 'repeated-markers',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('retried');
    const retried = scene.deploy({ pipeline, component: `lambda:${name}` });
    for (const seconds of [40, 3600]) {
      scene.mark({ ...retried.marker, recorded_at: toTime(scene.at(10, seconds)) });
    }
    const call = updateFunctionCode(home, name);
    scene.change({ by: pipeline.caller, at: scene.at(2), call }, explained('session', retried));

    for (const [i, status] of (['success', 'failed'] as const).entries()) {
      const both = scene.name(`both-${status}`);
      const failed = { status, findings: status === 'failed' ? (['failed-deploy-changed'] as const) : [] };
      const ended = scene.deploy({ pipeline, component: `lambda:${both}`, ...failed });
      const { deployed_at: _end, ...begun } = ended.marker;
      scene.mark({ ...begun, uid: random.uuid(), status: 'running', recorded_at: toTime(scene.at(0)) });
      const change = updateFunctionCode(home, both);
      scene.change({ by: pipeline.caller, at: scene.at(3, i), call: change }, explained('session', ended));
    }
  },
};
