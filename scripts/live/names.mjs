// What everything that a run makes is called, so that it can be found again without a memory of the run.
import { randomBytes } from 'node:crypto';

/** What every name begins with. After it come the eight hex digits of the run. */
export const PREFIX = 'deploy-marker-live-';
/** The tag that every stack has, and by it what is in the stack; its value is the run. */
export const TAG = 'deploy-marker-live';

/** No organization of CircleCI has this id, so nobody gets a token that the deploy role would trust. */
const ORGANIZATION = 'dededede-0000-4000-8000-0000';

export const newRun = () => randomBytes(4).toString('hex');

/** The run that a name or an ARN belongs to; undefined for what is not ours. */
export function runOf(name = '') {
  return /(?:^|\/)(?:deploy-marker-live-([0-9a-f]{8})-|dededede-0000-4000-8000-0000([0-9a-f]{8})$)/
    .exec(name)
    ?.slice(1)
    .find(Boolean);
}

/** Names of all that a run makes. */
export function namesOf(run) {
  const name = what => `${PREFIX}${run}-${what}`;
  const organization = `${ORGANIZATION}${run}`;
  return {
    run,
    stack: name,
    organization,
    provider: `oidc.circleci.com/org/${organization}`,
    bucket: name('markers'),
    logGroup: name('markers'),
    store: name('store'),
    channel: name('channel'),
    secondChannel: name('channel-2'),
    deployRole: name('deploy'),
    markerRole: name('marker'),
    probeRole: name('probe'),
    function: name('function'),
  };
}
