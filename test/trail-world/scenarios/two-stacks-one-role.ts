import { cloudFormation } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { ambiguous, explained } from '../truth.ts';

/** Two deploys update two stacks at one time with one service role. The truth is that nobody can tell, but for a component that one of them marks. */
export const twoStacksOneRole: Scenario = {
  name: 'two-stacks-one-role',
  play(scene) {
    const { home, random } = scene;
    const role = scene.name('shared-exec');
    const marked = scene.name('marked');
    const deploys = ['red', 'blue'].map((colour, i) => {
      const pipeline = scene.pipeline({ session: `ci-prod-${colour}-${scene.tag}` });
      const stack = scene.name(colour);
      const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
      const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
      scene.changes(pipeline.caller, scene.at(1, i), calls, explained('session', deploy));
      return { pipeline, deploy };
    });
    const [red, blue] = deploys;
    if (!red || !blue) return;
    const own = scene.deploy({ pipeline: blue.pipeline, component: `lambda:${marked}` });
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    scene.change({ by, at: scene.at(3), call: updateFunctionCode(home, marked) }, explained('stack', own));
  },
};

/** The same with functions that neither marks. */
export const twoStacksUnmarked: Scenario = {
  name: 'two-stacks-unmarked',
  ambiguity:
    'a service role of two stacks that are updated at one time: its records do not say for which stack',
  play(scene) {
    const { home, random } = scene;
    const role = scene.name('shared-exec');
    const [one, two] = ['red', 'blue'].map((colour, i) => {
      const pipeline = scene.pipeline({ session: `ci-prod-${colour}-${scene.tag}` });
      const stack = scene.name(colour);
      const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
      const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
      scene.changes(pipeline.caller, scene.at(1, i), calls, explained('session', deploy));
      return deploy;
    });
    if (!one || !two) return;
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    const calls = [
      updateFunctionCode(home, scene.name('either')),
      updateFunctionCode(home, scene.name('or')),
    ];
    scene.changes(by, scene.at(3), calls, ambiguous('stack', one, two));
  },
};
