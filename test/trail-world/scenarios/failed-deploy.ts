import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, deleteChangeSet } from '../stack-calls.ts';
import { refused } from '../trail-record.ts';
import { explained } from '../truth.ts';

/** Deploys that failed or were cancelled after they had changed something, and one that only made a change set. */
export const failedDeploy: Scenario = {
  name: 'failed-deploy',
  play(scene) {
    const { home } = scene;
    for (const [i, status] of (['failed', 'canceled'] as const).entries()) {
      const pipeline = scene.pipeline({ session: `ci-prod-${status}-${scene.tag}` });
      const name = scene.name(status);
      const findings = ['failed-deploy-changed'] as const;
      const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, status, findings });
      const call = updateFunctionCode(home, name);
      // Two changes and still one finding.
      scene.changes(pipeline.caller, scene.at(2, i), [call, call], explained('session', deploy));
      scene.skip({ by: pipeline.caller, at: scene.at(3), call: refused(call) }, 'it failed');
    }
    const pipeline = scene.pipeline({ session: `ci-prod-change-set-${scene.tag}` });
    const stack = scene.name('unborn');
    scene.deploy({ pipeline, component: `stack:${stack}`, status: 'failed', state: 'empty' });
    for (const call of [createChangeSet(home, stack), deleteChangeSet(home, stack)])
      scene.skip({ by: pipeline.caller, at: scene.at(4), call }, 'a change set that nobody carries out');
  },
};

/** A deploy that failed before it changed anything. */
export const failedWithoutChange: Scenario = {
  name: 'failed-without-change',
  ambiguity:
    'a failed deploy without a change is nothing strange, but by the words a marker without a change is a finding whatever its status',
  play(scene) {
    const pipeline = scene.pipeline();
    const name = scene.name('stillborn');
    const findings = ['marker-without-change'] as const;
    scene.deploy({ pipeline, component: `lambda:${name}`, status: 'failed', state: 'missing', findings });
    const call = refused(updateFunctionCode(scene.home, name));
    scene.skip({ by: pipeline.caller, at: scene.at(3), call }, 'it failed');
  },
};
