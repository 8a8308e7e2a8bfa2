import type { TrustDecision } from '../../../../src/core/trust/evaluation.ts';

/** One row of the table: a policy, what is asked of it, and what AWS's documentation says. */
export interface TrustCase {
  readonly name: string;
  readonly decision: TrustDecision;
  readonly policy: unknown;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly sessionName?: string | undefined;
  readonly roleArn?: string;
}

export const ORG = 'c0ffee00-0000-4000-8000-000000000001';
export const PROJECT = 'c0ffee00-0000-4000-8000-000000000002';
export const CIRCLE = `oidc.circleci.com/org/${ORG}`;
export const GITHUB = 'token.actions.githubusercontent.com';
export const SESSION = 'ci-prod-deploy-a1b2c3d';

/** A token of CircleCI's second form, as its documentation describes it. */
export const CIRCLE_CLAIMS = {
  iss: `https://${CIRCLE}`,
  aud: ORG,
  sub: `org/${ORG}/project/${PROJECT}/user/u1/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main`,
  exp: 1_765_699_954,
  'oidc.circleci.com/project-id': PROJECT,
  'oidc.circleci.com/context-ids': ['c1', 'c2'],
  'oidc.circleci.com/vcs-ref': 'refs/heads/main',
  'oidc.circleci.com/ssh-rerun': false,
} as const;

/** A token of GitHub Actions. */
export const GITHUB_CLAIMS = {
  iss: `https://${GITHUB}`,
  aud: 'sts.amazonaws.com',
  sub: 'repo:acme/app:environment:prod',
  repository: 'acme/app',
  repository_id: '123456',
  repository_owner: 'acme',
  environment: 'prod',
  ref: 'refs/heads/main',
} as const;

/** The ARN of a provider in account 111122223333. */
export function providerArn(provider: string): string {
  return `arn:aws:iam::111122223333:oidc-provider/${provider}`;
}

/** One statement that lets a provider's tokens assume the role. */
export function statement(
  provider: string,
  changes: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  return {
    Effect: 'Allow',
    Principal: { Federated: providerArn(provider) },
    Action: 'sts:AssumeRoleWithWebIdentity',
    ...changes,
  };
}

/** A policy of the current version. */
export function policyOf(...statements: readonly unknown[]): Record<string, unknown> {
  return { Version: '2012-10-17', Statement: statements };
}

/** Name, decision, Condition; then changes of the claims, and of the rest of the case. */
export type ConditionRow = readonly [
  name: string,
  decision: TrustDecision,
  condition: unknown,
  claims?: Readonly<Record<string, unknown>>,
  rest?: Partial<TrustCase>,
];

/** Cases of one Allow statement that differ in its Condition. */
export function conditionCases(
  provider: string,
  claims: Readonly<Record<string, unknown>>,
  rows: readonly ConditionRow[],
): TrustCase[] {
  return rows.map(([name, decision, Condition, changes, rest]) => ({
    name,
    decision,
    policy: policyOf(statement(provider, { Condition })),
    claims: { ...claims, ...changes },
    sessionName: SESSION,
    ...rest,
  }));
}
