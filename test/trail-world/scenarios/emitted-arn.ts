import { iamUser } from '../actors.ts';
import { updateFunctionCode } from '../lambda-calls.ts';
import { functionArn } from '../place.ts';
import type { Scenario } from '../scenario.ts';
import { coincident, explained } from '../truth.ts';

/** Markers that name their component by its ARN, with and without an alias. */
export const emittedArn: Scenario = {
  name: 'emitted-arn',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    for (const [i, qualifier] of ['', ':live'].entries()) {
      const name = scene.name(`by-arn-${i}`);
      const deploy = scene.deploy({ pipeline, component: `${functionArn(home, name)}${qualifier}` });
      const call = updateFunctionCode(home, name);
      scene.change({ by: pipeline.caller, at: scene.at(2, i), call }, explained('session', deploy));
      scene.change({ by: iamUser(home.account), at: scene.at(3, i), call }, coincident(deploy));
    }
  },
};
