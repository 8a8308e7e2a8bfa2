import { codeDeploy, iamUser } from '../actors.ts';
import { publishVersion, updateAlias, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { explained, unexplained } from '../truth.ts';

/** CodeDeploy shifts an alias to the versions that two deploys published, part of the traffic first, hours later. */
export const codeDeployShift: Scenario = {
  name: 'codedeploy-shift',
  play(scene) {
    const { home, random } = scene;
    const name = scene.name('gradual');
    const by = codeDeploy(random, {
      account: home.account,
      role: 'CodeDeployServiceRole',
      createdAt: scene.at(1),
    });
    const shift = (from: string, version: string, weight: number) =>
      updateAlias(home, name, { functionVersion: from, additional: { version, weight } });

    const pipeline = scene.pipeline();
    const first = scene.deploy({ pipeline, component: `lambda:${name}` });
    const calls = [updateFunctionCode(home, name), publishVersion(home, name, '11')];
    scene.changes(pipeline.caller, scene.at(1), calls, explained('session', first));
    scene.change({ by, at: scene.at(5), call: shift('10', '11', 0.1) }, explained('version', first));
    scene.change({ by, at: scene.at(150), call: shift('10', '11', 0.5) }, explained('version', first));
    const all = updateAlias(home, name, { functionVersion: '11', spelling: 'qualified' });
    scene.change({ by, at: scene.at(240), call: all }, explained('version', first));

    const later = scene.pipeline({ at: scene.at(299), session: `ci-prod-later-${scene.tag}` });
    const times = { from: scene.at(300), until: scene.at(310) };
    const second = scene.deploy({ pipeline: later, component: `lambda:${name}`, ...times });
    const publish = updateFunctionCode(home, name, { publish: '12' });
    scene.change({ by: later.caller, at: scene.at(301), call: publish }, explained('session', second));
    const next = updateAlias(home, name, { functionVersion: '12' });
    scene.change({ by, at: scene.at(400), call: next }, explained('version', second));

    // A person's shift to a deployed version is a person's, and a version that nobody deployed is nobody's.
    scene.change({ by: iamUser(home.account), at: scene.at(420), call: next }, unexplained);
    const unknown = updateAlias(home, name, { functionVersion: '99' });
    scene.change({ by, at: scene.at(430), call: unknown }, unexplained);
    const other = updateAlias(home, scene.name('another'), { functionVersion: '12' });
    scene.change({ by, at: scene.at(440), call: other }, unexplained);
  },
};
