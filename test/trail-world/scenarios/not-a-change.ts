import { iamUser } from '../actors.ts';
import { getFunction, invoke, updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { createChangeSet, describeChangeSet, executeChangeSet } from '../stack-calls.ts';
import { refused } from '../trail-record.ts';

/** Everything that changes nothing: failed calls, dry runs, reads, data events, insights, other services. */
export const notAChange: Scenario = {
  name: 'not-a-change',
  play(scene) {
    const { home } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('still');
    const component = `lambda:${name}`;
    scene.deploy({ pipeline, component, state: 'missing', findings: ['marker-without-change'] });
    const code = updateFunctionCode(home, name);
    const elsewhere = {
      service: 'glue',
      name: 'UpdateJob',
      request: { jobName: 'etl' },
      response: null,
      component: '',
    };
    for (const by of [pipeline.caller, iamUser(home.account)]) {
      const at = scene.at(3);
      scene.skip({ by, at, call: refused(code) }, 'it failed');
      scene.skip(
        { by, at, call: { ...refused(code, 'ResourceConflictException'), request: code.request } },
        'it failed',
      );
      scene.skip({ by, at, call: refused(createChangeSet(home, scene.name('stack'))) }, 'it failed');
      scene.skip(
        { by, at, call: refused(executeChangeSet(home, scene.name('stack')), 'ValidationException') },
        'it failed',
      );
      scene.skip({ by, at, call: updateFunctionCode(home, name, { dryRun: true }) }, 'a dry run');
      scene.skip({ by, at, call: { ...code, request: { ...code.request, dryRun: 'true' } } }, 'a dry run');
      scene.skip({ by, at, call: getFunction(home, name) }, 'a read');
      scene.skip({ by, at, call: describeChangeSet(home, scene.name('stack')) }, 'a read');
      scene.skip({ by, at, call: invoke(home, name) }, 'a data event');
      scene.skip({ by, at, call: elsewhere }, 'another service');
    }
    const insight = {
      userIdentity: null,
      eventType: 'AwsCloudTrailInsight',
      eventCategory: 'Insight',
      insightDetails: {
        state: 'Start',
        eventSource: 'lambda.amazonaws.com',
        insightType: 'ApiCallRateInsight',
      },
    };
    const rate = { ...code, request: null, response: null, fields: insight };
    scene.skip({ by: pipeline.caller, at: scene.at(4), call: rate }, 'an insight');
  },
};
