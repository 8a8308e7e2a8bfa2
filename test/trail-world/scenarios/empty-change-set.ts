import type { Scenario } from '../scenario.ts';
import { createChangeSet, deleteChangeSet, describeChangeSet } from '../stack-calls.ts';
import { explained, explainedByAny } from '../truth.ts';

/** Deploys with nothing to do: the change set is made, holds nothing, and is thrown away or left. */
export const emptyChangeSet: Scenario = {
  name: 'empty-change-set',
  play(scene) {
    const { home } = scene;
    const stack = scene.name('calm');
    const create = createChangeSet(home, stack);

    const sam = scene.pipeline({ session: `ci-prod-sam-${scene.tag}` });
    const first = scene.deploy({ pipeline: sam, component: `stack:${stack}`, state: 'empty' });
    scene.changes(
      sam.caller,
      scene.at(1),
      [create, deleteChangeSet(home, stack)],
      explained('session', first),
    );
    scene.skip({ by: sam.caller, at: scene.at(1, 2), call: describeChangeSet(home, stack) }, 'a read');

    const times = { from: scene.at(120), until: scene.at(125) };
    const cli = scene.pipeline({ at: scene.at(119), session: `ci-prod-cli-${scene.tag}` });
    const second = scene.deploy({ pipeline: cli, component: `stack:${stack}`, state: 'empty', ...times });
    scene.changes(cli.caller, scene.at(121), [create], explained('session', second));

    const later = { from: scene.at(240), until: scene.at(245) };
    const both = scene.pipeline({ at: scene.at(239), session: `ci-prod-both-${scene.tag}` });
    const labels = { labels: { stack } };
    const members = ['calm-A', 'calm-B'].map(base =>
      scene.deploy({
        pipeline: both,
        component: `lambda:${scene.name(base)}`,
        state: 'empty',
        ...later,
        fields: labels,
      }),
    );
    const calls = [create, deleteChangeSet(home, stack)];
    scene.changes(both.caller, scene.at(241), calls, explainedByAny('session', ...members));
  },
};
