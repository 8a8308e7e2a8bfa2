import { cloudFormation, identityCenterPerson, through } from '../actors.ts';
import { publishLayerVersion, updateFunctionCode, updateFunctionConfiguration } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, executeChangeSet } from '../stack-calls.ts';
import { coincident, explained } from '../truth.ts';

/** `emit --stack`: a marker for the stack, each function and each layer of it, of which all change. */
export const stackMarkers: Scenario = {
  name: 'stack-markers',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('shop');
    const names = ['shop-Cart-1AB2C', 'shop-Pay-9ZX8Y'].map(scene.name);
    const layer = scene.name('shop-Deps');
    const pipeline = scene.pipeline();
    const fields = { labels: { stack } };
    const whole = scene.deploy({ pipeline, component: `stack:${stack}`, fields });
    const calls = [createChangeSet(home, stack), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', whole));
    const by = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    const deps = scene.deploy({ pipeline, component: `layer:${layer}`, fields });
    const publish = publishLayerVersion(home, layer, 3);
    scene.change({ by, at: scene.at(2), call: publish }, explained('session', deps));
    for (const [i, name] of names.entries()) {
      const member = scene.deploy({ pipeline, component: `lambda:${name}`, fields });
      scene.change(
        { by, at: scene.at(3, i), call: updateFunctionCode(home, name) },
        explained('session', member),
      );
    }
  },
};

/** A later deploy marks the stack alone: what is known to be a member is covered by its window, too. */
export const stackCoversMembers: Scenario = {
  name: 'stack-covers-members',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('depot');
    const role = scene.name('depot-exec');
    const name = scene.name('depot-Fn-77QQ');
    const code = updateFunctionCode(home, name);
    const calls = [createChangeSet(home, stack, { serviceRole: role }), executeChangeSet(home, stack)];
    const by = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });

    const pipeline = scene.pipeline();
    const fields = { labels: { stack } };
    const first = scene.deploy({ pipeline, component: `stack:${stack}`, fields });
    const member = scene.deploy({ pipeline, component: `lambda:${name}`, fields });
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', first));
    scene.change({ by, at: scene.at(2), call: code }, explained('stack', member));

    const later = scene.pipeline({ at: scene.at(239), session: `ci-prod-later-${scene.tag}` });
    const times = { from: scene.at(240), until: scene.at(250) };
    const second = scene.deploy({ pipeline: later, component: `stack:${stack}`, ...times });
    scene.changes(later.caller, scene.at(241), calls, explained('session', second));
    scene.change({ by, at: scene.at(242), call: code }, explained('stack', second));
    const person = identityCenterPerson(random, home.account, scene.at(0));
    const fix = updateFunctionConfiguration(home, name);
    scene.change({ by: person, at: scene.at(244), call: fix }, coincident(second));
  },
};

/** A deploy of a stack in which one function has nothing new. */
export const stackMemberUnchanged: Scenario = {
  name: 'stack-member-unchanged',
  ambiguity:
    'a member of a stack that was updated, though not this member: neither missing nor really changed; said to be covered by its stack’s marker',
  play(scene) {
    const { home, random } = scene;
    const stack = scene.name('mixed');
    const [changed, same] = [scene.name('mixed-New'), scene.name('mixed-Same')];
    const pipeline = scene.pipeline();
    const fields = { labels: { stack } };
    const whole = scene.deploy({ pipeline, component: `stack:${stack}`, fields });
    const calls = [createChangeSet(home, stack), executeChangeSet(home, stack)];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', whole));
    const member = scene.deploy({ pipeline, component: `lambda:${changed}`, fields });
    scene.deploy({ pipeline, component: `lambda:${same}`, fields, state: 'changed' });
    const by = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    const call = updateFunctionCode(home, changed);
    scene.change({ by, at: scene.at(2), call }, explained('session', member));
  },
};
