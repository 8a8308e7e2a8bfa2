import {
  deleteFunction,
  tagResource,
  updateEventSourceMapping,
  updateFunctionCode,
  updateFunctionConfiguration,
} from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import type { Call } from '../trail-record.ts';
import { explained, unexplained } from '../truth.ts';

/** What was asked, what came of it, or both left out of the record; names that stand in unusual fields. */
export const oddShapes: Scenario = {
  name: 'odd-shapes',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline({ path: '/ci/teams/' });
    const name = scene.name('odd');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
    const code = updateFunctionCode(home, name, { publish: '12' });
    const bare: Call = { ...code, request: null, response: null, component: 'lambda:?' };
    scene.changes(
      pipeline.caller,
      scene.at(1),
      [
        { ...code, response: null },
        { ...code, request: null },
        // What is too large is left out and said so.
        { ...code, request: { omitted: true, originalSize: 120_000, reason: 'requestParameters too large' } },
        { ...code, fields: { eventVersion: '1.08', resources: null, userAgent: null } },
        bare,
        updateEventSourceMapping(home, name, scene.random.uuid()),
        tagResource(home, name),
        updateFunctionConfiguration(home, name, 'qualified-arn', true),
        deleteFunction(home, name, 'partial'),
      ],
      explained('session', deploy),
    );
    const late = scene.at(120);
    scene.change(
      { by: scene.pipeline({ at: late, sha: 'abcdef0' }).caller, at: late, call: bare },
      unexplained,
    );
  },
};
