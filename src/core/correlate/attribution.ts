import type { Change } from '../change/change.ts';
import type { Deploy } from '../deploy/deploy.ts';
import { isUnderWay } from '../deploy/index-by-time.ts';
import { pipelineRunOf } from '../deploy/run.ts';
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
    const run = pipelineRunOf(deploy);
    if (!runs.has(run)) runs.set(run, deploy);
  }
  return [...runs.values()];
}
