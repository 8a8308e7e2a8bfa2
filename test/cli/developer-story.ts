import type { Deploy } from '../trail-world/deploys.ts';
import { updateFunctionCode } from '../trail-world/lambda-calls.ts';
import { unexplained } from '../trail-world/truth.ts';
import { deployFunction, fixByHand, HOME, happen, type Story } from './trail/trail-scene.ts';

/** A developer's session in a role that is no deploy's; its name is one that pipelines may have. */
export const DEVELOPER = {
  session: 'eve-x-a1b2c3d',
  role: 'developer',
  roleArn: `arn:aws:iam::${HOME.account}:role/developer`,
};

/** A deploy of `lambda:orders`; within it a developer's change of `lambda:invoices`, and after it bob's of `lambda:billing`. */
export function developerStory(): Story & {
  readonly deploy: Deploy;
  /** Event ids of the developer's change, and of bob's. */
  readonly own: string;
  readonly fix: string;
} {
  const told: { deploy?: Deploy; own?: string; fix?: string } = {};
  const story = happen(scene => {
    told.deploy = deployFunction(scene, 'orders').deploy;
    const { role, session } = DEVELOPER;
    const { caller } = scene.pipeline({ role, session });
    const call = updateFunctionCode(HOME, 'invoices');
    told.own = scene.change({ by: caller, at: scene.at(4), call }, unexplained);
    told.fix = fixByHand(scene, 'billing');
  });
  const { deploy, own, fix } = told;
  if (deploy === undefined || own === undefined || fix === undefined) throw new Error('nothing was told');
  return { ...story, deploy, own, fix };
}
