import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { coincident, explained, unexplained } from '../truth.ts';

/** Sessions that no marker names: some with a composed name, some without, one with the deploy's own name but another role. */
export const foreignSessions: Scenario = {
  name: 'foreign-sessions',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('paid');
    const call = updateFunctionCode(home, name);
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    scene.change({ by: pipeline.caller, at: scene.at(2), call }, explained('session', deploy));

    const late = scene.at(90);
    const fits = scene.pipeline({ at: late, session: `ci-prod-somebody-else-${scene.tag}` });
    scene.change({ by: fits.caller, at: late, call }, unexplained);
    for (const session of [
      'build-42',
      'botocore-session-1780300000',
      'i-0abc1234567890def',
      'aws-sdk-js-1',
    ]) {
      const foreign = scene.pipeline({ at: late, session, hasComposedName: false });
      scene.change({ by: foreign.caller, at: late, call }, unexplained);
    }

    const impostor = scene.pipeline({ role: scene.name('other-role') });
    scene.change({ by: impostor.caller, at: scene.at(4), call }, coincident(deploy));
    const elsewhere = updateFunctionCode(home, scene.name('elsewhere'));
    scene.change({ by: impostor.caller, at: scene.at(4), call: elsewhere }, unexplained);
  },
};
