import { RULES, type Rule, STANDINGS, type Standing } from '../../src/core/correlate/standing.ts';
import { FINDING_KINDS, type FindingKind } from '../../src/core/findings/report.ts';
import type { ChangeTruth, WorldTruth } from './truth.ts';

/** What is found in changes and deploys. The other kinds are about a marker, and about the logs of a bucket, of which the truth says nothing. */
export const SCORED_FINDINGS = FINDING_KINDS.filter(
  kind => kind !== 'conflicting-marker' && kind !== 'tampered-log',
);

/** What a correlation says of a change. */
export interface ChangeVerdict {
  readonly standing: Standing;
  readonly rule?: Rule | undefined;
  readonly deploys: readonly string[];
  readonly findings: readonly FindingKind[];
}

/** What a correlation says of a deploy. */
export interface DeployVerdict {
  readonly state: string;
  readonly findings: readonly FindingKind[];
}

/** What a correlation says of everything: changes by eventID, deploys by deploy_id. */
export interface Verdicts {
  readonly changes: ReadonlyMap<string, ChangeVerdict>;
  readonly deploys: ReadonlyMap<string, DeployVerdict>;
}

/** One line of the figures. */
export interface Figure {
  /** Times it is true, times it was said, times both. */
  readonly expected: number;
  readonly said: number;
  readonly right: number;
  /** 1 where nothing was said. */
  readonly precision: number;
  /** 1 where nothing was expected. */
  readonly recall: number;
}

/** How well a correlation did. */
export interface Score {
  /** By `standing:…`, `rule:…` and `finding:…`. */
  readonly figures: ReadonlyMap<string, Figure>;
  /** One line per change, deploy or record that came out wrong, with its scenario. */
  readonly mistakes: readonly string[];
}

/** Compares what was said with the truth, in the scenarios that `counts` wants; by default the clean ones. */
export function scoreVerdicts(
  truth: WorldTruth,
  { changes, deploys }: Verdicts,
  counts: (scenario: string) => boolean = name => truth.scenarios.get(name)?.ambiguity === undefined,
): Score {
  const tally = new Map<string, { expected: number; said: number; right: number }>();
  const mistakes: string[] = [];
  const count = (expected: readonly string[], said: readonly string[]): void => {
    for (const label of new Set([...expected, ...said])) {
      const line = tally.get(label) ?? { expected: 0, said: 0, right: 0 };
      tally.set(label, line);
      const isExpected = expected.includes(label);
      const isSaid = said.includes(label);
      line.expected += isExpected ? 1 : 0;
      line.said += isSaid ? 1 : 0;
      line.right += isExpected && isSaid ? 1 : 0;
    }
  };
  const compare = (what: string, expected: readonly string[], said: readonly string[]): void => {
    count(expected, said);
    const [right, given] = [expected.toSorted().join(' '), said.toSorted().join(' ')];
    if (right !== given) mistakes.push(`${what}: expected ${right || 'nothing'}, got ${given || 'nothing'}`);
  };

  for (const [id, one] of truth.records) {
    if (!counts(one.scenario)) continue;
    const said = changes.get(id);
    const subject = one.notAChange ? one.why : `${one.action} of ${one.component} by ${one.actor}`;
    const expected = one.notAChange ? [] : labelsOf(one);
    compare(`${one.scenario}: ${subject} (${id})`, expected, said ? labelsOf(judged(said, one)) : []);
  }
  for (const [id, one] of truth.deploys) {
    if (!counts(one.scenario)) continue;
    const said = deploys.get(id);
    compare(`${one.scenario}: deploy ${id}`, deployLabels(one), said ? deployLabels(said) : []);
  }
  for (const id of truth.attestations) {
    if (deploys.has(id)) mistakes.push(`the explanation ${id} was taken for a deploy`);
  }
  for (const id of changes.keys()) {
    if (!truth.records.has(id)) mistakes.push(`${id} is no record of this world`);
  }
  const order = [
    ...STANDINGS.map(name => `standing:${name}`),
    ...RULES.map(name => `rule:${name}`),
    ...SCORED_FINDINGS.map(name => `finding:${name}`),
  ];
  const figures = order.map((label): [string, Figure] => {
    const { expected, said, right } = tally.get(label) ?? { expected: 0, said: 0, right: 0 };
    const share = (of: number): number => (of === 0 ? 1 : right / of);
    return [label, { expected, said, right, precision: share(said), recall: share(expected) }];
  });
  return { figures: new Map(figures), mistakes };
}

/** The verdict with what the truth leaves open taken as right. */
function judged(said: ChangeVerdict, truth: ChangeTruth | { readonly notAChange: true }): ChangeVerdict {
  if (truth.notAChange) return said;
  const [deploy] = said.deploys;
  const isOneOf = said.deploys.length === 1 && deploy !== undefined && truth.deploys.includes(deploy);
  const isRuleOpen = truth.standing === 'explained' && truth.rule === undefined;
  return {
    ...said,
    rule: isRuleOpen ? undefined : said.rule,
    deploys: truth.anyDeploy && isOneOf ? truth.deploys : said.deploys,
  };
}

/** `deploy:` labels are compared and have no figure of their own. */
function labelsOf({ standing, rule, deploys, findings }: ChangeVerdict): string[] {
  return [
    `standing:${standing}`,
    // A rule that only nearly held is no match.
    ...(rule && standing !== 'unexplained' ? [`rule:${rule}`] : []),
    ...deploys.map(id => `deploy:${id}`),
    ...findings.map(kind => `finding:${kind}`),
  ];
}

function deployLabels({ state, findings }: DeployVerdict): string[] {
  return [`state:${state}`, ...findings.map(kind => `finding:${kind}`)];
}
