import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** The window's edges, which belong to it, and the seconds next to them, which do not; by session name and by role. */
export const clockEdges: Scenario = {
  name: 'clock-edges',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline({ at: scene.at(-3) });
    const name = scene.name('punctual');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, until: scene.at(7) });
    const sibling = scene.pipeline({ at: scene.at(-3), session: `ci-prod-sibling-${scene.tag}` });
    const call = updateFunctionCode(home, name);
    for (const [by, rule] of [
      [pipeline.caller, 'session'],
      [sibling.caller, 'window'],
    ] as const) {
      scene.change({ by, at: scene.at(-2, -1), call }, unexplained);
      scene.change({ by, at: scene.at(-2), call }, explained(rule, deploy));
      scene.change({ by, at: scene.at(0), call }, explained(rule, deploy));
      scene.change({ by, at: scene.at(7), call }, explained(rule, deploy));
      scene.change({ by, at: scene.at(17), call }, explained(rule, deploy));
      scene.change({ by, at: scene.at(17, 1), call }, unexplained);
    }
  },
};

/** A marker that does not tell when its deploy began: the window opens an hour before the end. */
export const startUntold: Scenario = {
  name: 'start-untold',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline({ at: scene.at(-1) });
    const name = scene.name('untold');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, from: null, until: scene.at(60) });
    const by = pipeline.caller;
    const call = updateFunctionCode(home, name);
    scene.change({ by, at: scene.at(0, -1), call }, unexplained);
    scene.change({ by, at: scene.at(0), call }, explained('session', deploy));
    scene.change({ by, at: scene.at(30), call }, explained('session', deploy));
    scene.change({ by, at: scene.at(70), call }, explained('session', deploy));
    scene.change({ by, at: scene.at(70, 1), call }, unexplained);
  },
};
