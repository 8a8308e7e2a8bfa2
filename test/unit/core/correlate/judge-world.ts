import { matchesAny } from '../../../../src/core/base/pattern.ts';
import type { Change, RoleChain } from '../../../../src/core/change/change.ts';
import { createRecordReader } from '../../../../src/core/change/record.ts';
import { ChangeStore } from '../../../../src/core/change/store.ts';
import { type CorrelationOptions, correlate } from '../../../../src/core/correlate/correlate.ts';
import type { Verdict } from '../../../../src/core/correlate/verdict.ts';
import { findInChange, findInDeploy } from '../../../../src/core/findings/finding.ts';
import { isComposedName } from '../../../../src/core/session-name.ts';
import type { Verdicts } from '../../../trail-world/score.ts';
import { WORLD_SERVICES, type World } from '../../../trail-world/world.ts';

/** Everything between a raw record and a finding, as the commands put it together. */
export function judgeWorld(world: World, more: Partial<CorrelationOptions> = {}): Verdicts {
  const store = new ChangeStore();
  const chains: RoleChain[] = [];
  const interests = {
    services: more.services ?? WORLD_SERVICES,
    isHumanRole: matchesAny(world.options.humanRoles ?? []),
  };
  const read = createRecordReader(interests, {
    change: (change: Change) => store.add(change),
    chain: chain => chains.push(chain),
  });
  for (const record of world.records) read(record);
  const options: CorrelationOptions = { ...world.options, services: WORLD_SERVICES, ...more };
  const verdicts: Verdict[] = [];
  const { deploys } = correlate({ markers: world.markers, changes: store, chains }, options, verdict =>
    verdicts.push(verdict),
  );
  return {
    changes: new Map(
      verdicts.map(verdict => [
        verdict.change.id,
        {
          standing: verdict.standing,
          rule: verdict.rule,
          deploys: verdict.deploys.map(({ id }) => id),
          findings: findInChange(verdict, isComposedName).map(({ kind }) => kind),
        },
      ]),
    ),
    deploys: new Map(
      deploys.map(standing => [
        standing.deploy.id,
        { state: standing.state, findings: findInDeploy(standing, () => true).map(({ kind }) => kind) },
      ]),
    ),
  };
}
