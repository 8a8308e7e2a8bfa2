import { addPermission, createFunction, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, explainedByAny } from '../truth.ts';

/** One session deploys three functions with a marker each, and touches a fourth that has none. */
export const severalComponents: Scenario = {
  name: 'several-components',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const names = ['one', 'two', 'three'].map(scene.name);
    const deploys = names.map((name, i) => {
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
      const calls = [updateFunctionCode(home, name, { publish: '3' }), addPermission(home, name, 'arn')];
      scene.changes(pipeline.caller, scene.at(2 * i), calls, explained('session', deploy));
      return deploy;
    });
    const other = scene.name('unmarked');
    const call = createFunction(home, other);
    scene.change({ by: pipeline.caller, at: scene.at(7), call }, explainedByAny('session', ...deploys));
  },
};
