import type { Change } from '../change/change.ts';
import type { Deploy } from '../deploy/deploy.ts';
import { isUnderWay } from '../deploy/index-by-time.ts';
import { isComposedName } from '../session-name.ts';
import type { Evidence } from './evidence.ts';

/** Leaves the deploys that nothing tells apart: those that name the component, those then under way, one of each run. */
export function tellApart(
  deploys: readonly Deploy[],
  change: Change,
  { index }: Evidence,
): readonly Deploy[] {
  if (deploys.length < 2) return deploys;
  const near = deploys.map(deploy => index.closeness(deploy, change));
  const closest = near.reduce((a, b) => (a < b ? b : a), 0);
  const named = deploys.filter((_, rank) => near[rank] === closest);
  const underWay = named.filter(deploy => isUnderWay(deploy, change));
  const left = underWay.length > 0 ? underWay : named;
  const runs = new Map<string, Deploy>();
  for (const deploy of left) {
    const run = runOf(deploy);
    if (!runs.has(run)) runs.set(run, deploy);
  }
  return [...runs.values()];
}

/** What deploys of one pipeline run share. A session name of ours stands for one run; others may be used again and again. */
function runOf({ marker, identities: [identity], id }: Deploy): string {
  const { session, role } = identity ?? {};
  if (session !== undefined && isComposedName(session)) return JSON.stringify([session, role]);
  const run = marker.run_id ?? session;
  return run === undefined ? id : JSON.stringify([run, session, marker.git_sha, marker.env]);
}
