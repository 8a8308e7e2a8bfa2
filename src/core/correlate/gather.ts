import type { Change, RoleChain, StackCall } from '../change/change.ts';
import { SetInterner } from '../compact/set-interner.ts';
import type { Deploy, MarkerEvidence } from '../deploy/deploy.ts';
import { DeployIndex } from '../deploy/index-by-time.ts';
import { tellApart } from './attribution.ts';
import { ChangeSets } from './change-sets.ts';
import type { Evidence, KnownRoles } from './evidence.ts';
import { isServiceRoleCall } from './followed-calls.ts';
import { RoleChains } from './role-chains.ts';
import { failureKey, findByRule, versionKey } from './rules.ts';
import { type StackCallRecord, StackCalls } from './stack-calls.ts';

/** Changes that are gone through more than once. */
export interface Changes extends Iterable<Change> {
  /** Those about stacks or by CodeDeploy, and maybe more, where they are found faster than by going through all. */
  leading?(): Iterable<Change>;
}

/** What evidence is made of. Changes are gone through more than once. */
export interface EvidenceInput extends KnownRoles {
  readonly markers: MarkerEvidence;
  readonly chains: Iterable<RoleChain>;
  readonly changes: Changes;
  /** Milliseconds for which a stack call of nobody's deploy may still change things. */
  readonly reach: number;
}

/**
 * Gathers what rules need to know of other changes: calls to CloudFormation first, for others follow from them; then who
 * published which version, and what failed deploys had changed.
 */
export function gatherEvidence(input: EvidenceInput): Evidence {
  const { markers, isDeployRole, isServiceRole, isBridgeRole, reach } = input;
  const chains = new RoleChains();
  for (const chain of input.chains) chains.add(chain);
  const first: Evidence = {
    index: new DeployIndex(markers.deploys, isDeployRole),
    attestations: markers.attestations,
    chains,
    calls: new StackCalls([], reach),
    changeSets: new ChangeSets(),
    versions: new Map(),
    failures: new Map(),
    isDeployRole,
    isServiceRole,
    isBridgeRole,
  };
  const { records, shifted } = firstPass(input.changes.leading?.() ?? input.changes, first);
  const second = { ...first, calls: new StackCalls(records, reach) };
  const hasFailures = records.some(({ deploys }) => [...deploys].some(isFailure));
  if (shifted.size === 0 && !hasFailures) return second;
  return { ...second, ...secondPass(input.changes, shifted, second) };
}

function firstPass(
  changes: Iterable<Change>,
  evidence: Evidence,
): { readonly records: StackCallRecord[]; readonly shifted: ReadonlySet<string> } {
  const calls: { readonly change: Change; readonly call: StackCall }[] = [];
  const stackOf = new Map<string, string>();
  const shifted = new Set<string>();
  for (const change of changes) {
    const { stack: call } = change;
    // What CloudFormation does to nested stacks follows from the call on the outer one.
    if (call !== undefined && !isServiceRoleCall(change)) calls.push({ change, call });
    if (call !== undefined) evidence.changeSets.add(change);
    if (call?.name !== undefined && call.changeSet !== undefined) stackOf.set(call.changeSet, call.name);
    if (change.actor.via === 'codedeploy' && change.version !== undefined) shifted.add(versionKey(change));
  }
  const sets = new SetInterner<Deploy>();
  const records = calls.map(({ change, call }) => {
    // A change set can be executed by its ARN alone, which does not hold the stack's name.
    const stack = call.name ?? stackOf.get(call.changeSet ?? '') ?? '?';
    return { change, stack, deploys: sets.intern(findByRule(change, evidence, 'all')?.deploys ?? []) };
  });
  return { records, shifted };
}

function secondPass(
  changes: Iterable<Change>,
  shifted: ReadonlySet<string>,
  evidence: Evidence,
): Pick<Evidence, 'versions' | 'failures'> {
  const versions = new Map<string, Deploy>();
  const failures = new Map<string, Set<Deploy>>();
  for (const change of changes) {
    const viaStack = change.actor.via === 'cloudformation';
    const published =
      change.version !== undefined && !/Alias$/.test(change.action) && shifted.has(versionKey(change));
    if (!viaStack && !published) continue;
    const found = findByRule(change, evidence, 'nearest')?.deploys ?? [];
    const [deploy, ...others] = tellApart(found, change, evidence);
    if (deploy === undefined) continue;
    if (published && others.length === 0) versions.set(versionKey(change), deploy);
    for (const failed of viaStack ? [deploy, ...others].filter(isFailure) : [])
      failures.set(failureKey(change), (failures.get(failureKey(change)) ?? new Set()).add(failed));
  }
  return { versions, failures };
}

/** Whether CloudFormation may take back what the deploy did. */
function isFailure({ marker }: Deploy): boolean {
  return marker.status !== 'success';
}
