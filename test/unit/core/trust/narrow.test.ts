import { describe, expect, test } from 'vitest';
import { evaluateTrust, isTrustNarrow } from '../../../../src/core/trust/evaluation.ts';
import { parseTrustPolicy } from '../../../../src/core/trust/policy.ts';
import {
  CIRCLE,
  CIRCLE_CLAIMS,
  GITHUB,
  GITHUB_CLAIMS,
  ORG,
  PROJECT,
  policyOf,
  SESSION,
  statement,
} from './case.ts';

const AUD = { [`${CIRCLE}:aud`]: ORG };
const SUB = `${CIRCLE}:sub`;
const PROJECT_ID = { [`${CIRCLE}:oidc.circleci.com/project-id`]: PROJECT };
const OWN_SUB = `org/${ORG}/project/${PROJECT}/*`;

/** Which provider's token asks, and the Conditions of the policy's Allows. */
function isNarrow(
  provider: string,
  claims: Readonly<Record<string, unknown>>,
  conditions: readonly unknown[],
): boolean {
  const text = JSON.stringify(
    policyOf(...conditions.map(Condition => statement(provider, { Condition })), {
      ...statement(provider),
      Effect: 'Deny',
      Action: 'sts:TagSession',
    }),
  );
  const { decision, statements } = evaluateTrust(parseTrustPolicy(text), { claims, sessionName: SESSION });
  expect(decision).toBe('allowed');
  return isTrustNarrow(statements);
}

describe('isTrustNarrow', () => {
  test.each([
    ['no Condition', undefined],
    ['the audience alone', { StringEquals: AUD }],
    ['the session name', { StringEquals: AUD, StringLike: { 'sts:RoleSessionName': 'ci-prod-*' } }],
    ['any sub', { StringLike: { [SUB]: '*' } }],
    ['any sub of some length', { StringLike: { [SUB]: '????*' } }],
    ['any sub beside the own', { StringLike: { [SUB]: [OWN_SUB, '*'] } }],
    ['any organisation', { StringLike: { [SUB]: 'org/*' } }],
    ['the whole organisation', { StringLike: { [SUB]: `org/${ORG}/*` } }],
    ['the whole organisation, cut', { StringLike: { [SUB]: `org/${ORG.slice(0, 9)}*` } }],
    ['any project', { StringLike: { [SUB]: `org/${ORG}/project/*` } }],
    ['any project, cut', { StringLike: { [SUB]: `org/${ORG}/pro*` } }],
    ['a branch of any project', { StringLike: { [SUB]: `org/${ORG}/project/*/refs/heads/main` } }],
    ['a branch of anyone', { StringLike: { [SUB]: '*/refs/heads/main' } }],
    ['a key in other letters', { StringLike: { [SUB.toUpperCase()]: `org/${ORG}/*` } }],
    ['ForAllValues', { 'ForAllValues:StringLike': { [SUB]: OWN_SUB } }],
    ['IfExists', { StringEqualsIfExists: PROJECT_ID }],
    ['all projects but one', { StringNotEquals: { [SUB]: 'x' }, StringNotLike: { [SUB]: 'y*' } }],
    ['Null', { Null: { [SUB]: 'false' } }],
  ])('is false for %s', (_, condition) => {
    expect(isNarrow(CIRCLE, CIRCLE_CLAIMS, [condition])).toBe(false);
  });

  test.each([
    ['the project', { StringEquals: { ...AUD, ...PROJECT_ID } }],
    ['the project by its sub', { StringLike: { [SUB]: OWN_SUB } }],
    ['the project beside another one', { StringLike: { [SUB]: [OWN_SUB, `org/${ORG}/project/x/*`] } }],
    ['any sub of the project', { StringEquals: PROJECT_ID, StringLike: { [SUB]: '*' } }],
    ['the whole sub', { StringEquals: { [SUB]: CIRCLE_CLAIMS.sub } }],
    ['ForAnyValue', { 'ForAnyValue:StringLike': { [SUB]: OWN_SUB } }],
    ['a project in other letters', { StringEqualsIgnoreCase: PROJECT_ID }],
  ])('is true for %s', (_, condition) => {
    expect(isNarrow(CIRCLE, CIRCLE_CLAIMS, [condition])).toBe(true);
  });

  test.each([
    ['sub', 'repo:*', false],
    ['sub', 'repo:ac*', false],
    ['sub', 'rep*:acme/app:*', false],
    ['sub', 'repo:*:environment:prod', false],
    ['environment', 'prod', false],
    ['ref', 'refs/heads/*', false],
    ['enterprise_id', '7', false],
    ['sub', 'repo:acme/*', true],
    ['sub', 'repo:acme/app:environment:prod', true],
    ['repository', 'acme/*', true],
    ['repository', 'acme*', false],
    ['repository_id', '123456', true],
    ['repository_id', '*', false],
  ])('of GitHub, %s %s is narrow: %j', (claim, wanted, expected) => {
    const condition = { StringLike: { [`${GITHUB}:${claim}`]: wanted } };
    expect(isNarrow(GITHUB, { ...GITHUB_CLAIMS, enterprise_id: '7' }, [condition])).toBe(expected);
  });

  test.each([
    ['gitlab.com', 'project_path:acme/*', true],
    ['gitlab.com', 'project_path:*', false],
    ['agent.buildkite.com', 'organization:acme:pipeline:app:*', true],
    ['agent.buildkite.com', 'organization:*', false],
  ])('of %s, sub %s is narrow: %j', (provider, wanted, expected) => {
    const claims = { iss: `https://${provider}`, sub: wanted.replace('*', 'x') };
    expect(isNarrow(provider, claims, [{ StringLike: { [`${provider}:sub`]: wanted } }])).toBe(expected);
  });

  test('takes every statement that allows, and no other', () => {
    const narrow = { StringEquals: PROJECT_ID };
    expect(isNarrow(CIRCLE, CIRCLE_CLAIMS, [narrow, { StringEquals: AUD }])).toBe(false);
    expect(isNarrow(CIRCLE, CIRCLE_CLAIMS, [narrow, narrow])).toBe(true);
    expect(isNarrow(CIRCLE, CIRCLE_CLAIMS, [narrow, { StringEquals: { [`${CIRCLE}:aud`]: 'x' } }])).toBe(
      true,
    );
  });
});
