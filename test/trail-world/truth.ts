import type { ActorKind } from '../../src/core/change/change.ts';
import type { DeployState, FindingKind, Rule, Standing } from '../../src/core/findings/report.ts';

/** What is right about a change. */
export interface ChangeTruth {
  readonly notAChange: false;
  readonly scenario: string;
  readonly standing: Standing;
  /** The rule that ties it to its deploys. Absent where no rule does, and where more than one would do. */
  readonly rule?: Rule;
  /** Ids of the deploys it is explained by, or nearly. */
  readonly deploys: readonly string[];
  /** Any one of `deploys` is right: nothing tells which of a session's deploys it was. */
  readonly anyDeploy: boolean;
  /** In the order of FINDING_KINDS. */
  readonly findings: readonly FindingKind[];
  readonly component: string;
  /** eventName without date and version. */
  readonly action: string;
  readonly actor: ActorKind;
}

/** A record that must not become a change, and why. */
export interface NotAChange {
  readonly notAChange: true;
  readonly scenario: string;
  readonly why: string;
}

/** What is right about a record. */
export type RecordTruth = ChangeTruth | NotAChange;

/** What is right about a deploy. */
export interface DeployTruth {
  readonly scenario: string;
  readonly state: DeployState;
  readonly findings: readonly FindingKind[];
}

/** A scenario as it was played. */
export interface ScenarioTruth {
  readonly name: string;
  /** Why no one can be sure; undefined for the clean ones, which must come out right to the last record. */
  readonly ambiguity: string | undefined;
}

/** What is right about everything in a world. */
export interface WorldTruth {
  /** By eventID. */
  readonly records: ReadonlyMap<string, RecordTruth>;
  /** By deploy_id. */
  readonly deploys: ReadonlyMap<string, DeployTruth>;
  /** Deploy ids of the markers that explain a change and are no deploys. */
  readonly attestations: ReadonlySet<string>;
  /** By name. */
  readonly scenarios: ReadonlyMap<string, ScenarioTruth>;
}

/** What a scenario expects of a change; the rest follows from the call and its actor. */
export interface Expected {
  readonly standing: Standing;
  readonly rule?: Rule;
  readonly deploys: readonly string[];
  readonly anyDeploy?: boolean;
  /** A person is behind it, though the actor is a session. */
  readonly byPerson?: boolean;
}

interface HasId {
  readonly id: string;
}

/** Explained by that deploy; without a rule more than one would do. */
export function explained(rule: Rule | undefined, deploy: HasId): Expected {
  return { standing: 'explained', ...(rule ? { rule } : {}), deploys: [deploy.id] };
}

/** Explained by one deploy of the same session, and nothing tells by which. */
export function explainedByAny(rule: Rule, ...deploys: HasId[]): Expected {
  return { standing: 'explained', rule, deploys: deploys.map(({ id }) => id), anyDeploy: true };
}

/** It merely fell into the window of these deploys. */
export function coincident(...deploys: HasId[]): Expected {
  return { standing: 'coincident', rule: 'window', deploys: deploys.map(({ id }) => id) };
}

/** More than one deploy could have made it. */
export function ambiguous(rule: Rule, ...deploys: HasId[]): Expected {
  return { standing: 'ambiguous', rule, deploys: deploys.map(({ id }) => id) };
}

/** No deploy made it. */
export const unexplained: Expected = { standing: 'unexplained', deploys: [] };

/** An AWS service did it by itself. */
export const byService: Expected = { standing: 'aws-service', deploys: [] };

/** A person explained it later. */
export const attested: Expected = { standing: 'attested', rule: 'attestation', deploys: [] };

const STANDING_FINDINGS: Readonly<Record<Standing, readonly FindingKind[]>> = {
  explained: [],
  attested: ['attested-change'],
  'aws-service': ['aws-service-change'],
  ambiguous: ['ambiguous-change'],
  coincident: ['coincident-change'],
  unexplained: ['unexplained-change'],
};
const NAME_IS_NO_MATTER: readonly (Rule | undefined)[] = [
  'chain',
  'stack',
  'rollback',
  'version',
  'attestation',
];

/** Who made a call, as the scenario knows it. */
export interface TrueActor {
  readonly kind: ActorKind;
  readonly isPerson: boolean;
  /** Whether its session name is one that `session-name` composes; sessions only. */
  readonly hasComposedName: boolean;
}

/** The findings that a change is worth. */
export function findingsOf(expected: Expected, actor: TrueActor): FindingKind[] {
  const nameCounts = actor.kind === 'session' && !NAME_IS_NO_MATTER.includes(expected.rule);
  return [
    ...STANDING_FINDINGS[expected.standing].filter(kind => kind === 'unexplained-change'),
    ...(nameCounts && !actor.hasComposedName ? (['unexpected-session'] as const) : []),
    ...((actor.isPerson || expected.byPerson) && expected.standing !== 'attested'
      ? (['person-change'] as const)
      : []),
    ...STANDING_FINDINGS[expected.standing].filter(kind => kind !== 'unexplained-change'),
  ];
}
