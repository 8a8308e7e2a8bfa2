import type { NameTest } from '../base/pattern.ts';
import type { Attestation, Deploy } from '../deploy/deploy.ts';
import type { DeployIndex } from '../deploy/index-by-time.ts';
import type { ChangeSets } from './change-sets.ts';
import type { RoleChains } from './role-chains.ts';
import type { StackCalls } from './stack-calls.ts';

/** Roles that people tell us of, by name. */
export interface KnownRoles {
  /** Roles that deploys use, besides those that markers name. */
  readonly isDeployRole: NameTest;
  /** Service roles of CloudFormation's that no record names. */
  readonly isServiceRole: NameTest;
  /** Roles that pipelines take on the way to CloudFormation. */
  readonly isBridgeRole: NameTest;
}

/** What is known before the first change is judged. */
export interface Evidence extends KnownRoles {
  readonly index: DeployIndex;
  readonly attestations: ReadonlyMap<string, readonly Attestation[]>;
  readonly chains: RoleChains;
  readonly calls: StackCalls;
  readonly changeSets: ChangeSets;
  /** Which deploy published a version, for the versions that CodeDeploy shifted an alias to. */
  readonly versions: ReadonlyMap<string, Deploy>;
  /** Deploys that failed or did not end, by what CloudFormation changed for them. */
  readonly failures: ReadonlyMap<string, ReadonlySet<Deploy>>;
}
