import { through } from '../actors.ts';
import { createFunction, publishVersion, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, describeChangeSet, executeChangeSet, stackWrite } from '../stack-calls.ts';
import { explained, explainedByAny } from '../truth.ts';

/** SAM without a service role: CloudFormation calls with the CI job's own session, nested stacks too. */
export const samCallerSession: Scenario = {
  name: 'sam-caller-session',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const stack = scene.name('billing');
    const [one, two] = [scene.name('billing-Resize'), scene.name('billing-Send')];
    const first = scene.deploy({ pipeline, component: `lambda:${one}` });
    const second = scene.deploy({ pipeline, component: `lambda:${two}` });
    const any = explainedByAny('session', first, second);
    scene.changes(
      pipeline.caller,
      scene.at(1),
      [createChangeSet(home, stack), executeChangeSet(home, stack)],
      any,
    );
    scene.skip({ by: pipeline.caller, at: scene.at(1, 2), call: describeChangeSet(home, stack) }, 'a read');
    const passedOn = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    const nested = stackWrite(home, 'UpdateStack', scene.name('billing-Nested'), { byId: true });
    scene.change({ by: passedOn, at: scene.at(2), call: nested }, any);
    const code = updateFunctionCode(home, one, { spelling: 'arn' });
    scene.changes(
      passedOn,
      scene.at(2, 5),
      [code, publishVersion(home, one, '2')],
      explained('session', first),
    );
    scene.changes(passedOn, scene.at(3), [createFunction(home, two)], explained('session', second));
  },
};
