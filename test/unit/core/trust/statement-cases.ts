import {
  CIRCLE,
  CIRCLE_CLAIMS,
  GITHUB,
  ORG,
  policyOf,
  providerArn,
  SESSION,
  statement,
  type TrustCase,
} from './case.ts';

const FITS = { StringEquals: { [`${CIRCLE}:aud`]: ORG } };
const FAILS = { StringEquals: { [`${CIRCLE}:aud`]: 'x' } };
const UNSURE = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const allow = statement(CIRCLE);
const deny = (Condition: unknown): unknown => statement(CIRCLE, { Effect: 'Deny', Condition });

type Row = readonly [
  name: string,
  decision: TrustCase['decision'],
  policy: unknown,
  rest?: Partial<TrustCase>,
];

function principal(value: unknown, changes: Readonly<Record<string, unknown>> = {}): unknown {
  return policyOf(statement(CIRCLE, { Principal: value, ...changes }));
}

function action(changes: Readonly<Record<string, unknown>>): unknown {
  return policyOf(statement(CIRCLE, { Action: undefined, ...changes }));
}

const ROWS: readonly Row[] = [
  ['a single statement without a list', 'allowed', { Version: '2012-10-17', Statement: allow }],
  ['an old policy without Version', 'allowed', { Statement: [allow] }],
  [
    'an old policy knows no variables',
    'allowed',
    {
      Version: '2008-10-17',
      Statement: [
        statement(CIRCLE, { Condition: { StringEquals: { [`${CIRCLE}:aud`]: `\${aws:username}` } } }),
      ],
    },
    { claims: { ...CIRCLE_CLAIMS, aud: `\${aws:username}` } },
  ],
  [
    'an old policy knows no escapes',
    'denied',
    {
      Version: '2008-10-17',
      Statement: [statement(CIRCLE, { Condition: { StringEquals: { [`${CIRCLE}:aud`]: `a\${*}` } } })],
    },
    { claims: { ...CIRCLE_CLAIMS, aud: 'a*' } },
  ],
  ['Id and Sid', 'allowed', { ...policyOf({ Sid: 'CircleCI', ...allow }), Id: 'x' }],
  ['an unknown element of the policy', 'cannot tell', { ...policyOf(allow), Extra: 1 }],
  ['an unknown element of the statement', 'cannot tell', policyOf({ ...allow, Extra: 1 })],
  [
    'an unknown element beside a condition that fails',
    'denied',
    policyOf({ ...allow, Extra: 1, Condition: FAILS }),
  ],

  ['Allow that fails', 'denied', policyOf(statement(CIRCLE, { Condition: FAILS }))],
  [
    'one of several Allows fits',
    'allowed',
    policyOf(statement(GITHUB), statement(CIRCLE, { Condition: FAILS }), allow),
  ],
  ['an unsure Allow beside a sure one', 'allowed', policyOf(statement(CIRCLE, { Condition: UNSURE }), allow)],
  [
    'an unsure Allow beside one that fails',
    'cannot tell',
    policyOf(statement(CIRCLE, { Condition: UNSURE }), statement(GITHUB)),
  ],
  ['Deny that fits', 'denied', policyOf(allow, deny(FITS))],
  ['Deny that fits, first', 'denied', policyOf(deny(FITS), allow)],
  ['Deny that fails', 'allowed', policyOf(allow, deny(FAILS))],
  ['Deny that is unsure', 'cannot tell', policyOf(allow, deny(UNSURE))],
  [
    'Deny that is unsure in one part and fails in another',
    'allowed',
    policyOf(allow, deny({ ...UNSURE, ...FAILS })),
  ],
  ['Deny that is unsure, and no Allow', 'denied', policyOf(deny(UNSURE))],
  [
    'Deny that is unsure, and an unsure Allow',
    'cannot tell',
    policyOf(deny(UNSURE), statement(CIRCLE, { Condition: UNSURE })),
  ],
  [
    'Deny of all session names but some',
    'denied',
    policyOf(allow, deny({ StringNotLike: { 'sts:RoleSessionName': 'x-*' } })),
  ],
  [
    'Deny of what is no key, negated',
    'denied',
    policyOf(allow, deny({ StringNotEquals: { [`${CIRCLE}:x`]: 'y' } })),
  ],
  [
    'Deny of what is no key',
    'cannot tell',
    policyOf(allow, deny({ StringEquals: { [`${CIRCLE}:x`]: 'y' } })),
  ],
  [
    'Deny of a missing key with ForAllValues',
    'denied',
    policyOf(allow, deny({ 'ForAllValues:StringEquals': { [`${CIRCLE}:amr`]: 'a' } })),
  ],
  ['Deny for everybody', 'cannot tell', policyOf(allow, { Effect: 'Deny', Principal: '*', Action: 'sts:*' })],
  [
    'Deny for everybody that fails',
    'allowed',
    policyOf(allow, { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: FAILS }),
  ],
  [
    'Deny for a token with session tags',
    'denied',
    policyOf(allow, deny(FITS)),
    { claims: { ...CIRCLE_CLAIMS, 'https://aws.amazon.com/tags': {} } },
  ],
  [
    'Deny of another action',
    'allowed',
    policyOf(allow, { ...allow, Effect: 'Deny', Action: 'sts:TagSession' }),
  ],
  ['Deny of *', 'denied', policyOf(allow, { ...allow, Effect: 'Deny', Action: '*' })],
  [
    'Deny of NotAction',
    'denied',
    policyOf(allow, { ...allow, Effect: 'Deny', Action: undefined, NotAction: 'sts:TagSession' }),
  ],
  [
    'Deny with NotPrincipal',
    'cannot tell',
    policyOf(allow, { Effect: 'Deny', NotPrincipal: { AWS: ROLE }, Action: 'sts:*' }),
  ],

  [
    'action beside TagSession',
    'allowed',
    action({ Action: ['sts:TagSession', 'sts:AssumeRoleWithWebIdentity'] }),
  ],
  ['action in other letters', 'allowed', action({ Action: 'STS:assumerolewithwebidentity' })],
  ['sts:*', 'allowed', action({ Action: 'sts:*' })],
  ['sts:AssumeRole*', 'allowed', action({ Action: 'sts:AssumeRole*' })],
  ['action with ?', 'allowed', action({ Action: 'sts:AssumeRoleWith???Identity' })],
  ['*', 'cannot tell', action({ Action: '*' })],
  ['* beside a sure Allow', 'allowed', policyOf(allow, statement(CIRCLE, { Action: '*' }))],
  ['a pattern that begins before sts:', 'cannot tell', action({ Action: 's*:AssumeRoleWithWebIdentity' })],
  ['an action of another service', 'denied', action({ Action: 's3:*' })],
  [
    'an action of another service beside',
    'cannot tell',
    action({ Action: ['sts:AssumeRoleWithWebIdentity', 's3:GetObject'] }),
  ],
  ['sts:AssumeRole alone', 'denied', action({ Action: 'sts:AssumeRole' })],
  ['sts:TagSession alone', 'denied', action({ Action: ['sts:TagSession'] })],
  ['the action of SAML', 'denied', action({ Action: 'sts:AssumeRoleWithSAML' })],
  ['NotAction of another', 'cannot tell', action({ NotAction: 'sts:TagSession' })],
  ['NotAction of this one', 'denied', action({ NotAction: ['sts:assumerolewith*'] })],
  ['both Action and NotAction', 'cannot tell', action({ Action: 'sts:*', NotAction: 'sts:TagSession' })],

  ['a list of providers', 'allowed', principal({ Federated: [providerArn(GITHUB), providerArn(CIRCLE)] })],
  ['another provider', 'denied', principal({ Federated: providerArn(GITHUB) })],
  ['another organisation', 'denied', principal({ Federated: providerArn('oidc.circleci.com/org/x') })],
  [
    'the provider in other letters',
    'cannot tell',
    principal({ Federated: providerArn(CIRCLE.toUpperCase()) }),
  ],
  ['the provider with a final slash', 'cannot tell', principal({ Federated: providerArn(`${CIRCLE}/`) })],
  ['the provider with a wildcard', 'cannot tell', principal({ Federated: providerArn('*') })],
  ['the provider without its ARN', 'cannot tell', principal({ Federated: CIRCLE })],
  ['a provider that is none', 'denied', principal({ Federated: 'cognito-identity.amazonaws.com' })],
  ['a SAML provider', 'denied', principal({ Federated: 'arn:aws:iam::111122223333:saml-provider/x' })],
  [
    'a placeholder for the account',
    'cannot tell',
    principal({ Federated: `arn:aws:iam::ACCOUNT:oidc-provider/${CIRCLE}` }),
  ],
  [
    'a provider without an account',
    'cannot tell',
    principal({ Federated: `arn:aws:iam:::oidc-provider/${CIRCLE}` }),
  ],
  [
    'a provider in a Region',
    'cannot tell',
    principal({ Federated: providerArn(CIRCLE).replace('::', ':us-east-1:') }),
  ],
  [
    'a provider in a partition, and no known role',
    'allowed',
    principal({ Federated: providerArn(CIRCLE).replace('aws', 'aws-cn') }),
  ],
  ['a function of CloudFormation', 'cannot tell', principal({ Federated: { Ref: 'Provider' } })],
  ['the account of the role', 'allowed', policyOf(allow), { roleArn: ROLE }],
  [
    'another account than the role',
    'cannot tell',
    policyOf(allow),
    { roleArn: ROLE.replace('1111', '9999') },
  ],
  ['another partition', 'cannot tell', policyOf(allow), { roleArn: ROLE.replace('aws', 'aws-cn') }],
  ['everybody', 'cannot tell', principal('*')],
  ['everybody of AWS', 'cannot tell', principal({ AWS: '*' })],
  ['an account', 'denied', principal({ AWS: 'arn:aws:iam::111122223333:root' })],
  ['a service', 'denied', principal({ Service: 'lambda.amazonaws.com' })],
  [
    'a service beside the provider',
    'allowed',
    principal({ Service: 'lambda.amazonaws.com', Federated: providerArn(CIRCLE) }),
  ],
  [
    'everybody of AWS beside another provider',
    'cannot tell',
    principal({ AWS: '*', Federated: providerArn(GITHUB) }),
  ],
  ['an unknown kind', 'cannot tell', principal({ Robot: 'x' })],
  ['nobody', 'denied', principal({})],
  ['NotPrincipal', 'cannot tell', principal(undefined, { NotPrincipal: { AWS: ROLE } })],
  ['an issuer that is no text', 'cannot tell', policyOf(allow), { claims: { ...CIRCLE_CLAIMS, iss: 1 } }],
];

/** Statements and how they work together, actions and principals. */
export const STATEMENT_CASES: readonly TrustCase[] = ROWS.map(([name, decision, policy, rest]) => ({
  name,
  decision,
  policy,
  claims: CIRCLE_CLAIMS,
  sessionName: SESSION,
  ...rest,
}));
