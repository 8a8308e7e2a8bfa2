import { updateFunctionCode } from '../lambda-calls.ts';
import type { Scenario } from '../scenario.ts';
import { assumeRole } from '../sts-calls.ts';
import { explained, unexplained } from '../truth.ts';

/** The CI job's role is in one account and the deployed one is another, whose role it takes. */
export const chainAcrossAccounts: Scenario = {
  name: 'chain-across-accounts',
  play(scene) {
    const { home, abroad, random } = scene;
    const pipeline = scene.pipeline();
    const name = scene.name('across');
    const deploy = scene.deploy({ pipeline, component: `lambda:${name}`, place: abroad });
    const hop = {
      account: abroad.account,
      role: scene.name('target'),
      session: 'across',
      at: scene.at(0, 40),
    };
    const last = scene.assume(pipeline.caller, { ...hop, region: 'us-east-1' });
    // The other account gets a record as well, in which the caller is only an account.
    const identity = {
      type: 'AWSAccount',
      principalId: `AROAEXAMPLE:${pipeline.session}`,
      accountId: home.account,
    };
    const key = { ...hop, accessKeyId: last.accessKeyId ?? '' };
    const call = { ...assumeRole(key), fields: { userIdentity: identity, sharedEventID: random.uuid() } };
    const place = { ...abroad, region: 'us-east-1' };
    scene.skip({ by: pipeline.caller, at: hop.at, call, place }, 'a role that is taken changes nothing');
    const code = updateFunctionCode(abroad, name);
    scene.change({ by: last, at: scene.at(2), call: code, place: abroad }, explained('chain', deploy));
    // The same function's name where the CI job's role is: nobody marked a deploy there.
    const here = updateFunctionCode(home, name);
    const stranger = scene.pipeline({ session: `ci-prod-another-${scene.tag}` });
    scene.change({ by: stranger.caller, at: scene.at(3), call: here }, unexplained);
  },
};
