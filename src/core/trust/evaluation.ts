import { judgeCondition, type TrustReason } from './conditions.ts';
import { hasAwsClaims, type TrustRequest } from './context.ts';
import { fitsPattern } from './pattern.ts';
import type { TrustPolicy, TrustStatement } from './policy.ts';
import { judgePrincipal } from './principal.ts';

/** Whether the trust policy lets the token assume the role. What is not judged is never `allowed`. */
export type TrustDecision = 'allowed' | 'denied' | 'cannot tell';

/** One statement and whether it applies to the request. */
export interface StatementResult {
  /** Its Sid in quotes, or `statement 2`. */
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly applies: 'yes' | 'no' | 'cannot tell';
  /** Every part that was judged: actions, principal, unknown elements, conditions. */
  readonly reasons: readonly TrustReason[];
}

/** What a trust policy says to a request. */
export interface TrustEvaluation {
  readonly decision: TrustDecision;
  readonly statements: readonly StatementResult[];
}

const ACTION = 'sts:AssumeRoleWithWebIdentity';

/**
 * Evaluates a trust policy as STS does for AssumeRoleWithWebIdentity: a Deny that applies wins, and an Allow must apply.
 *
 * It looks at the policy alone: not at the token's signature and expiry, the provider's audiences or an organisation's
 * policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluateTrust(policy: TrustPolicy, request: TrustRequest): TrustEvaluation {
  const statements = policy.statements.map(statement =>
    judgeStatement(statement, policy.hasVariables, request),
  );
  return { decision: decide(statements), statements };
}

// Claims that tell whose job it is. Anyone's job can have a branch or an environment of some name, and all jobs of a provider
// may belong to one enterprise.
const TELLING_KEYS =
  /:(?!enterprise)(?:sub|actor|repository|organization_slug|.*(?:[-_]id|email|login|workflow_ref))$/i;
// Patterns of such claims that name nobody in full before the first wildcard: `repo:*`, `repo:acm*`, `org/ORG/project/*`.
const OPEN_PATTERN = /^(?:org\/[^/]*(?:\/[a-z]*\/?)?|\w*:?[\w-]*)[*?]/;

/**
 * Whether every statement that allows asks for more than anyone's job at the provider has: always for a claim that tells whose
 * job it is, and for no value that leaves this open. An organisation's own provider names the organisation anyhow.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export function isTrustNarrow(statements: readonly StatementResult[]): boolean {
  return statements.every(
    ({ effect, applies, reasons }) =>
      effect === 'Deny' ||
      applies !== 'yes' ||
      reasons.some(
        ({ operator, key, wanted }) =>
          !/^ForAll|Not|Null|IfExists/.test(operator) &&
          TELLING_KEYS.test(key) &&
          !wanted.some(value => OPEN_PATTERN.test(value)),
      ),
  );
}

function decide(statements: readonly StatementResult[]): TrustDecision {
  const has = (effect: string, applies: string): boolean =>
    statements.some(statement => statement.effect === effect && statement.applies === applies);
  if (has('Deny', 'yes')) return 'denied';
  if (has('Allow', 'yes') && !has('Deny', 'cannot tell')) return 'allowed';
  return has('Allow', 'yes') || has('Allow', 'cannot tell') ? 'cannot tell' : 'denied';
}

function judgeStatement(
  statement: TrustStatement,
  hasVariables: boolean,
  request: TrustRequest,
): StatementResult {
  const { name, effect, principal, conditions, strangers } = statement;
  const reasons = [
    judgeAction(statement),
    judgePrincipal(principal, request),
    ...strangers.map(stranger => unjudged(stranger, 'this element is not judged here')),
    ...(effect === 'Allow' && hasAwsClaims(request)
      ? [
          unjudged(
            'Action',
            'the token asks for session tags or a source identity, which the role must allow too',
          ),
        ]
      : []),
    ...conditions.map(condition => judgeCondition(condition, { request, effect, hasVariables })),
  ];
  const has = (outcome: string): boolean => reasons.some(reason => reason.outcome === outcome);
  return { name, effect, applies: has('unmet') ? 'no' : has('cannot tell') ? 'cannot tell' : 'yes', reasons };
}

function judgeAction({ effect, actionElement, actions }: TrustStatement): TrustReason {
  const isNamed = actions.some(action => fitsPattern(action.toLowerCase(), ACTION.toLowerCase(), false));
  const reason = { operator: actionElement, key: actionElement, wanted: actions, found: [ACTION] };
  if (isNamed !== (actionElement === 'Action'))
    return { ...reason, outcome: 'unmet', why: 'does not take in the call' };
  // A policy that IAM does not store lets nobody in, so that a Deny may stay as sure as it is.
  if (effect === 'Allow' && !(isNamed && actions.every(action => /^sts:/i.test(action))))
    return { ...reason, outcome: 'cannot tell', why: 'IAM stores only STS actions here' };
  return { ...reason, outcome: 'met', why: 'takes in the call' };
}

function unjudged(element: string, why: string): TrustReason {
  return { operator: element, key: element, wanted: [], found: undefined, outcome: 'cannot tell', why };
}
