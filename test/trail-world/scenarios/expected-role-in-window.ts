import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** The marker's role, under other session names: its own within the window, and only there and for its component. */
export const expectedRoleInWindow: Scenario = {
  name: 'expected-role-in-window',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('expected');
    const call = updateFunctionCode(home, name);
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const fits = scene.pipeline({ session: `ci-prod-second-job-${scene.tag}` });
    scene.change({ by: fits.caller, at: scene.at(4), call }, explained('window', deploy));
    const named = scene.pipeline({ session: 'second-job', hasComposedName: false });
    scene.change({ by: named.caller, at: scene.at(5), call }, explained('window', deploy));
    scene.change({ by: fits.caller, at: scene.at(45), call }, unexplained);
    const other = updateFunctionCode(home, scene.name('unrelated'));
    scene.change({ by: fits.caller, at: scene.at(5), call: other }, unexplained);

    // A marker that tells no session at all, but its role.
    const quiet = scene.name('quiet');
    const silent = scene.deploy({ pipeline, component: `lambda:${quiet}`, untold: ['session'] });
    const inWindow = updateFunctionCode(home, quiet);
    scene.change({ by: fits.caller, at: scene.at(6), call: inWindow }, explained('window', silent));
  },
};
