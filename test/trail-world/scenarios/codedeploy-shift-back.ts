import { codeDeploy } from '../actors.ts';
import { updateAlias, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained } from '../truth.ts';

/** An alarm makes CodeDeploy shift the alias back to the version of the deploy before. */
export const codeDeployShiftBack: Scenario = {
  name: 'codedeploy-shift-back',
  ambiguity:
    'a shift back to an earlier version is that version’s deploy’s by the rule, though it is the later deploy that caused it',
  play(scene) {
    const { home, random } = scene;
    const name = scene.name('returned');
    const deploys = ['21', '22'].map((version, i) => {
      const at = scene.at(i * 120);
      const pipeline = scene.pipeline({ at, session: `ci-prod-v${version}-${scene.tag}` });
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, from: at, until: at + 600_000 });
      const call = updateFunctionCode(home, name, { publish: version });
      scene.change({ by: pipeline.caller, at: at + 60_000, call }, explained('session', deploy));
      return deploy;
    });
    const [before] = deploys;
    if (!before) return;
    const by = codeDeploy(random, {
      account: home.account,
      role: 'CodeDeployServiceRole',
      createdAt: scene.at(1),
    });
    const call = updateAlias(home, name, { functionVersion: '21' });
    scene.change({ by, at: scene.at(200), call }, explained('version', before));
  },
};
