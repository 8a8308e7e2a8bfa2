import { through } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { explained } from '../truth.ts';

/** A role that the CI job took calls CloudFormation without a service role. */
export const chainForwarded: Scenario = {
  name: 'chain-forwarded',
  ambiguity:
    'CloudFormation calls with forwarded credentials of the chained role: their key is not the one that AssumeRole issued, so that only role and session name tie them to the stack call',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const stack = scene.name('forwarded');
    const name = scene.name('forwarded-Fn');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const hop = { role: scene.name('forwarding'), session: 'sam', at: scene.at(0, 40) };
    const chained = scene.assume(pipeline.caller, hop);
    const calls = [createChangeSet(home, stack), executeChangeSet(home, stack)];
    scene.changes(chained, scene.at(1), calls, explained('chain', deploy));
    const by = through(chained, 'cloudformation.amazonaws.com', random);
    scene.change({ by, at: scene.at(2), call: updateFunctionCode(home, name) }, explained('stack', deploy));
  },
};
