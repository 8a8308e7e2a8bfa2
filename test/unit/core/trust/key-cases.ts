import {
  CIRCLE,
  CIRCLE_CLAIMS,
  conditionCases,
  GITHUB,
  GITHUB_CLAIMS,
  ORG,
  PROJECT,
  SESSION,
} from './case.ts';

const AUD = `${CIRCLE}:aud`;
const OWN = `${CIRCLE}:oidc.circleci.com`;
const NO_NAME = { sessionName: undefined };
const AWS_TAGS = { 'https://aws.amazon.com/tags': { principal_tags: { team: ['a'] } } };

/** Which keys a CircleCI token fills, and which are nobody's to know. */
const CIRCLE_KEY_CASES = conditionCases(CIRCLE, CIRCLE_CLAIMS, [
  ['names of keys know no case', 'allowed', { StringEquals: { [AUD.toUpperCase()]: ORG } }],
  ['project-id', 'allowed', { StringEquals: { [`${OWN}/project-id`]: PROJECT } }],
  ['project-id of another project', 'denied', { StringEquals: { [`${OWN}/project-id`]: ORG } }],
  ['a claim that is no key', 'denied', { StringEquals: { [`${OWN}/vcs-ref`]: 'refs/heads/main' } }],
  [
    'a claim that is no key, optional, and fits',
    'allowed',
    { StringEqualsIfExists: { [`${OWN}/vcs-ref`]: 'refs/heads/main' } },
  ],
  [
    'a claim that is no key, optional, and would differ',
    'cannot tell',
    { StringEqualsIfExists: { [`${OWN}/vcs-ref`]: 'x' } },
  ],
  ['a claim that is no key and Null', 'cannot tell', { Null: { [`${OWN}/vcs-ref`]: 'true' } }],
  ['a claim that is no key and not Null', 'denied', { Null: { [`${OWN}/vcs-ref`]: 'false' } }],
  [
    'several values that are no key',
    'denied',
    { 'ForAnyValue:StringEquals': { [`${OWN}/context-ids`]: 'c1' } },
  ],
  ['a key that nobody knows', 'denied', { StringEquals: { [`${CIRCLE}:subb`]: 'x' } }],
  ['a key that nobody knows, negated', 'cannot tell', { StringNotEquals: { [`${CIRCLE}:subb`]: 'x' } }],
  [
    'the key of another organisation',
    'denied',
    { StringEquals: { [`oidc.circleci.com/org/${PROJECT}:aud`]: ORG } },
  ],
  ['the key without the organisation', 'denied', { StringEquals: { 'oidc.circleci.com:aud': ORG } }],
  ['the key with its scheme', 'cannot tell', { StringEquals: { [`https://${AUD}`]: ORG } }],
  [
    'the key of another provider, optional',
    'cannot tell',
    { StringEqualsIfExists: { [`${GITHUB}:aud`]: 'x' } },
  ],
  ['aud is azp where there is one', 'denied', { StringEquals: { [AUD]: ORG } }, { azp: 'app' }],
  ['azp fits aud', 'allowed', { StringEquals: { [AUD]: 'app' } }, { azp: 'app' }],
  ['oaud stays aud', 'allowed', { StringEquals: { [`${CIRCLE}:oaud`]: ORG } }, { azp: 'app' }],
  ['a list of one audience', 'allowed', { StringEquals: { [AUD]: ORG } }, { aud: [ORG] }],
  ['several audiences', 'cannot tell', { StringEquals: { [AUD]: ORG } }, { aud: [ORG, 'x'] }],
  [
    'several audiences with a quantifier',
    'cannot tell',
    { 'ForAnyValue:StringEquals': { [AUD]: ORG } },
    { aud: [ORG, 'x'] },
  ],
  ['several audiences with azp', 'allowed', { StringEquals: { [AUD]: 'x' } }, { aud: [ORG, 'x'], azp: 'x' }],
  [
    'several audiences in oaud',
    'allowed',
    { 'ForAnyValue:StringEquals': { [`${CIRCLE}:oaud`]: 'x' } },
    { aud: [ORG, 'x'], azp: 'x' },
  ],
  ['a claim that is a number', 'cannot tell', { StringEquals: { [`${CIRCLE}:sub`]: '1' } }, { sub: 1 }],
  ['a claim that is null', 'cannot tell', { Null: { [`${CIRCLE}:sub`]: 'false' } }, { sub: null }],
  ['a claim that is empty', 'cannot tell', { StringNotEquals: { [AUD]: 'x' } }, { aud: '' }],
  [
    'a claim that is an empty list',
    'cannot tell',
    { 'ForAllValues:StringEquals': { [`${CIRCLE}:amr`]: 'x' } },
    { amr: [] },
  ],
  ['the session name', 'allowed', { StringLike: { 'sts:RoleSessionName': 'ci-prod-*' } }],
  ['the session name by another case', 'allowed', { StringEquals: { 'STS:rolesessionname': SESSION } }],
  ['another session name', 'denied', { StringLike: { 'sts:RoleSessionName': 'ci-test-*' } }],
  ['an unknown session name', 'cannot tell', { StringLike: { 'sts:RoleSessionName': '*' } }, {}, NO_NAME],
  ...[
    'aws:SourceIp',
    'aws:RequestedRegion',
    'aws:CurrentTime',
    'aws:PrincipalTag/team',
    'aws:FederatedProvider',
    'x',
    'sts:New',
  ].map(key => [key, 'cannot tell', { StringNotEquals: { [key]: 'x' } }] as const),
  ['a tag that the token does not carry', 'denied', { StringEquals: { 'aws:RequestTag/team': 'a' } }],
  ['a tag that must not be', 'cannot tell', { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' } }],
  [
    'a source identity that the token does not carry',
    'denied',
    { StringLike: { 'sts:SourceIdentity': '*' } },
  ],
  ['session tags in the token', 'cannot tell', {}, AWS_TAGS],
  ['a tag that the token carries', 'cannot tell', { StringEquals: { 'aws:RequestTag/team': 'b' } }, AWS_TAGS],
  ['a token without issuer', 'cannot tell', { StringEquals: { [AUD]: ORG } }, { iss: undefined }],
]);

/** Which keys the tokens of other CI systems fill. */
const OTHER_KEY_CASES = [
  ...conditionCases(GITHUB, GITHUB_CLAIMS, [
    [
      'GitHub: sub of an environment',
      'allowed',
      {
        StringEquals: { [`${GITHUB}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${GITHUB}:sub`]: 'repo:acme/app:*' },
      },
    ],
    [
      'GitHub: sub of a branch, though the job has an environment',
      'denied',
      {
        StringEquals: { [`${GITHUB}:sub`]: 'repo:acme/app:ref:refs/heads/main' },
      },
    ],
    ['GitHub: repository_id', 'allowed', { StringEquals: { [`${GITHUB}:repository_id`]: '123456' } }],
    [
      'GitHub: repository_owner_id',
      'allowed',
      { StringEquals: { [`${GITHUB}:repository_owner_id`]: '65' } },
      { repository_owner_id: '65' },
    ],
    ['GitHub: environment', 'denied', { StringEquals: { [`${GITHUB}:environment`]: 'Prod' } }],
    [
      'GitHub: job_workflow_ref that is missing',
      'denied',
      { StringLike: { [`${GITHUB}:job_workflow_ref`]: '*' } },
    ],
    [
      'GitHub: repository_owner is no key',
      'denied',
      { StringEquals: { [`${GITHUB}:repository_owner`]: 'acme' } },
    ],
  ]),
  ...conditionCases(
    'gitlab.com',
    {
      iss: 'https://gitlab.com',
      sub: 'project_path:acme/app:ref_type:branch:ref:main',
      project_id: '7',
      project_path: 'acme/app',
    },
    [
      ['GitLab: project_id', 'allowed', { StringEquals: { 'gitlab.com:project_id': '7' } }],
      [
        'GitLab: project_path is no key',
        'denied',
        { StringEquals: { 'gitlab.com:project_path': 'acme/app' } },
      ],
    ],
  ),
  ...conditionCases('git.example.com', { iss: 'https://git.example.com', sub: 's', project_id: '7' }, [
    ['another provider: sub', 'allowed', { StringEquals: { 'git.example.com:sub': 's' } }],
    [
      'another provider: other claims are no keys',
      'denied',
      { StringEquals: { 'git.example.com:project_id': '7' } },
    ],
  ]),
  ...conditionCases('agent.buildkite.com', { iss: 'https://agent.buildkite.com', pipeline_slug: 'app' }, [
    ['Buildkite: pipeline_slug', 'allowed', { StringEquals: { 'agent.buildkite.com:pipeline_slug': 'app' } }],
  ]),
  ...conditionCases('accounts.google.com', { iss: 'https://accounts.google.com', sub: 's', hd: 'x' }, [
    [
      'Google: keys of its own are not judged',
      'cannot tell',
      { StringEquals: { 'accounts.google.com:hd': 'y' } },
    ],
  ]),
];

/** Condition keys by the CI system whose token fills them. */
export const KEY_CASES = [...CIRCLE_KEY_CASES, ...OTHER_KEY_CASES];
