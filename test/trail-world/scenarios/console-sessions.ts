import { assumedRole, inConsole, through } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { stackWrite } from '../stack-calls.ts';
import { coincident, explained, unexplained } from '../truth.ts';

/** The deploy's role in the console, under a name of its own and under the deploy's: a person clicks, and takes roles from there. */
export const consoleSessions: Scenario = {
  name: 'console-sessions',
  play(scene) {
    const { home, random } = scene;
    const { account } = home;
    const pipeline = scene.pipeline();
    const { role, session } = pipeline;
    const name = scene.name('clicked');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const call = updateFunctionCode(home, name);
    const elsewhere = updateFunctionCode(home, scene.name('clicked-too'));
    scene.change({ by: pipeline.caller, at: scene.at(1), call }, explained('session', deploy));

    const at = { account, role, createdAt: scene.at(0), hasComposedName: false };
    const eve = inConsole(assumedRole(random, { ...at, session: 'eve' }));
    scene.change({ by: eve, at: scene.at(2), call }, coincident(deploy));
    const masked = inConsole(assumedRole(random, { ...at, session }));
    scene.change({ by: masked, at: scene.at(3), call }, coincident(deploy));
    scene.change({ by: masked, at: scene.at(3, 10), call: elsewhere }, unexplained);

    const hop = { role, session, at: scene.at(4), hasComposedName: true };
    const taken = scene.assume(masked, hop);
    scene.change({ by: taken, at: scene.at(5), call }, { ...coincident(deploy), byPerson: true });
    scene.change({ by: taken, at: scene.at(5, 9), call: elsewhere }, { ...unexplained, byPerson: true });

    const stack = stackWrite(home, 'UpdateStack', scene.name('clicked-stack'));
    scene.change({ by: masked, at: scene.at(6), call: stack }, unexplained);
    const passedOn = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    scene.change({ by: passedOn, at: scene.at(7), call }, { ...coincident(deploy), byPerson: true });
    scene.change({ by: passedOn, at: scene.at(7, 9), call: elsewhere }, { ...unexplained, byPerson: true });
  },
};
