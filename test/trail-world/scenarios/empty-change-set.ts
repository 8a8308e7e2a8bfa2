import { identityCenterPerson } from '../actors.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, deleteChangeSet, describeChangeSet, detectStackDrift } from '../stack-calls.ts';
import { unexplained } from '../truth.ts';

const IDLE = 'a change set that nobody carries out';

/** Deploys with nothing to do: the change set is made, holds nothing, and is thrown away or left. A person looks at the difference. */
export const emptyChangeSet: Scenario = {
  name: 'empty-change-set',
  play(scene) {
    const { home } = scene;
    const stack = scene.name('calm');
    const create = createChangeSet(home, stack);

    const sam = scene.pipeline({ session: `ci-prod-sam-${scene.tag}` });
    scene.deploy({ pipeline: sam, component: `stack:${stack}`, state: 'empty' });
    scene.skip({ by: sam.caller, at: scene.at(1), call: create }, IDLE);
    scene.skip({ by: sam.caller, at: scene.at(1, 3), call: deleteChangeSet(home, stack) }, IDLE);
    scene.skip({ by: sam.caller, at: scene.at(1, 2), call: describeChangeSet(home, stack) }, 'a read');

    const times = { from: scene.at(120), until: scene.at(125) };
    const cli = scene.pipeline({ at: scene.at(119), session: `ci-prod-cli-${scene.tag}` });
    scene.deploy({ pipeline: cli, component: `stack:${stack}`, state: 'empty', ...times });
    scene.skip({ by: cli.caller, at: scene.at(121), call: create }, IDLE);

    const later = { from: scene.at(240), until: scene.at(245) };
    const both = scene.pipeline({ at: scene.at(239), session: `ci-prod-both-${scene.tag}` });
    const labels = { labels: { stack } };
    for (const base of ['calm-A', 'calm-B']) {
      scene.deploy({
        pipeline: both,
        component: `lambda:${scene.name(base)}`,
        state: 'empty',
        ...later,
        fields: labels,
      });
    }
    scene.skip({ by: both.caller, at: scene.at(241), call: create }, IDLE);
    scene.skip({ by: both.caller, at: scene.at(241, 3), call: deleteChangeSet(home, stack) }, IDLE);

    const jane = identityCenterPerson(scene.random, home.account, scene.at(300));
    const diff = createChangeSet(home, scene.name('looked-at'));
    scene.skip({ by: jane, at: scene.at(301), call: diff }, IDLE);
    scene.skip({ by: jane, at: scene.at(301, 9), call: detectStackDrift(home, stack) }, 'a look for drift');
    // This one leaves a stack behind, though an empty one.
    const born = createChangeSet(home, scene.name('born'), { isNew: true });
    scene.change({ by: jane, at: scene.at(302), call: born }, unexplained);
  },
};
