import { cloudFormation, iamUser, through } from '../actors.ts';
import type { Scenario } from '../scenario.ts';
import type { Scene } from '../scene.ts';
import { type ServiceCalls, serviceCalls } from '../service-calls.ts';
import { stackWrite } from '../stack-calls.ts';
import { coincident, explained, unexplained } from '../truth.ts';

// Global services are recorded in us-east-1, wherever the caller was.
const GLOBAL_REGION = 'us-east-1';

function callsOf({ home, name }: Scene, prefix: string): readonly ServiceCalls[] {
  return serviceCalls(home, base => name(base.replace(/([\w-]+)$/, `${prefix}-$1`)));
}

function placeOf({ home }: Scene, { isGlobal }: ServiceCalls) {
  return isGlobal === undefined ? home : { ...home, region: GLOBAL_REGION };
}

/** A job that calls each service with the AWS CLI: all is its session's. */
export const servicesByCli: Scenario = {
  name: 'services-by-cli',
  play(scene) {
    const pipeline = scene.pipeline();
    const [first, ...others] = callsOf(scene, 'cli');
    if (first === undefined) return;
    const deploy = scene.deploy({ pipeline, component: first.calls[0].component });
    for (const [rank, each] of [first, ...others].entries()) {
      const at = scene.at(1, rank * 10);
      scene.changes(pipeline.caller, at, each.calls, explained('session', deploy), placeOf(scene, each));
    }
  },
};

/** A tool that takes a role of its own for its calls, and names things by their ARNs. */
export const servicesByChain: Scenario = {
  name: 'services-by-chain',
  play(scene) {
    const pipeline = scene.pipeline();
    const all = callsOf(scene, 'tf');
    const [first] = all;
    if (first === undefined) return;
    const deploy = scene.deploy({ pipeline, component: first.arn });
    const by = scene.assume(pipeline.caller, {
      role: scene.name('terraform'),
      session: 'tf',
      at: scene.at(1),
    });
    for (const [rank, each] of all.entries()) {
      const at = scene.at(2, rank * 10);
      scene.changes(by, at, each.calls.toReversed(), explained('chain', deploy), placeOf(scene, each));
    }
  },
};

/** A stack of all of them, once in the session of its caller and once with a service role. */
export const servicesByStack: Scenario = {
  name: 'services-by-stack',
  play(scene) {
    const { home, random } = scene;
    const pipeline = scene.pipeline();
    const stack = scene.name('platform');
    const role = scene.name('platform-exec');
    const deploy = scene.deploy({ pipeline, component: `stack:${stack}` });
    const update = stackWrite(home, 'UpdateStack', stack, { serviceRole: role });
    scene.change({ by: pipeline.caller, at: scene.at(1), call: update }, explained('session', deploy));
    const service = cloudFormation(random, { account: home.account, role, createdAt: scene.at(1) });
    const forwarded = through(pipeline.caller, 'cloudformation.amazonaws.com', random);
    for (const [rank, each] of callsOf(scene, 'cfn').entries()) {
      const [made, changed] = each.calls;
      const place = placeOf(scene, each);
      scene.change(
        { by: service, at: scene.at(2, rank * 10), call: made, place },
        explained('stack', deploy),
      );
      const at = scene.at(2, rank * 10 + 5);
      scene.change({ by: forwarded, at, call: changed, place }, explained('session', deploy));
    }
  },
};

/** One deploy for each service, named by its component or its ARN: the role's other sessions, others, and other things. */
export const servicesInWindow: Scenario = {
  name: 'services-in-window',
  play(scene) {
    const pipeline = scene.pipeline();
    const fits = scene.pipeline({ session: `ci-prod-second-job-${scene.tag}` });
    const stranger = scene.pipeline({
      role: scene.name('stranger'),
      session: `ci-prod-stranger-${scene.tag}`,
    });
    const unrelated = callsOf(scene, 'unrelated');
    for (const [rank, each] of callsOf(scene, 'window').entries()) {
      const [made, changed] = each.calls;
      const place = placeOf(scene, each);
      const component = rank % 2 === 0 ? made.component : each.arn;
      const deploy = scene.deploy({ pipeline, component, untold: ['session'] });
      const at = scene.at(2, rank * 10);
      scene.changes(fits.caller, at, [made, changed], explained('window', deploy), place);
      scene.change({ by: stranger.caller, at: at + 6000, call: changed, place }, coincident(deploy));
      const other = unrelated[rank];
      if (other === undefined) continue;
      scene.changes(fits.caller, at, other.calls, unexplained, place);
    }
  },
};

/** A person mends something of each service by hand: once what is being deployed, once what nobody deploys. */
export const servicesByHand: Scenario = {
  name: 'services-by-hand',
  play(scene) {
    const pipeline = scene.pipeline();
    const person = iamUser(scene.home.account);
    const alone = callsOf(scene, 'alone');
    for (const [rank, each] of callsOf(scene, 'fixed').entries()) {
      const [made, changed] = each.calls;
      const place = placeOf(scene, each);
      const deploy = scene.deploy({ pipeline, component: made.component });
      const at = scene.at(2, rank * 10);
      scene.change({ by: pipeline.caller, at, call: made, place }, explained('session', deploy));
      scene.change({ by: person, at: at + 2000, call: changed, place }, coincident(deploy));
      const other = alone[rank];
      if (other !== undefined) scene.changes(person, at, other.calls, unexplained, place);
    }
  },
};
