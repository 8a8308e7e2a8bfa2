import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../src/core/base/pattern.ts';
import { resolveCombinations } from './parameter-combinations.ts';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf, resourceOf, statementsIn } from './template-statements.ts';
import { type TemplateMap, toMap, valueAt } from './template-yaml.ts';

const ISSUER = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const REPOSITORY = { Repository: 'acme/app' };
const MAIN = { RefPattern: 'refs/heads/main' };

function trustOf(parameters: Record<string, string>): TemplateMap {
  const role = propertiesOf(resolveTemplate('github-role', { ...REPOSITORY, ...parameters }), 'DeployRole');
  return toMap(role['AssumeRolePolicyDocument']);
}

function likeOf(parameters: Record<string, string>): TemplateMap {
  return toMap(valueAt(trustOf(parameters), 'Statement', 0, 'Condition', 'StringLike'));
}

describe("the trust policy of GitHub's role", () => {
  const others = {
    Repository: ['acme/app', 'acme@123456/app@456789'],
    ProviderArn: [undefined, PROVIDER],
    SessionNamePattern: [undefined, 'ci-prod-*'],
  };
  const refs = ['refs/heads/main', 'refs/tags/v*'];
  const switches = [
    { RefPattern: refs, Environment: [undefined, 'prod'], AllowAnyRef: [undefined, 'true'] },
    { Environment: ['prod'], AllowAnyRef: [undefined, 'true'] },
    { AllowAnyRef: ['true'] },
  ].flatMap(choices => resolveCombinations('github-role', { ...choices, ...others }));

  it('has every condition with every combination of switches', () => {
    expect(switches).toHaveLength((8 + 2 + 1) * 8);
    for (const { parameters, template } of switches) {
      const { Repository, RefPattern: ref, Environment: environment } = parameters;
      const { ProviderArn, SessionNamePattern } = parameters;
      const origin = environment ? `environment:${environment}` : ref ? `ref:${ref}` : '*';
      const trust = toMap(propertiesOf(template, 'DeployRole')['AssumeRolePolicyDocument']);
      expect(valueAt(trust, 'Statement'), JSON.stringify(parameters)).toEqual([
        {
          Effect: 'Allow',
          Principal: { Federated: ProviderArn ?? '<Provider>' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
            StringLike: {
              [`${ISSUER}:sub`]: `repo:${Repository}:${origin}`,
              ...(environment && ref ? { [`${ISSUER}:ref`]: ref } : {}),
              'sts:RoleSessionName': SessionNamePattern ?? 'ci-*',
            },
          },
        },
      ]);
      const providers = ProviderArn === undefined ? ['Provider'] : [];
      expect(idsOfType(template, 'AWS::IAM::OIDCProvider')).toEqual(providers);
      expect(outputOf(template, 'ProviderArn')).toBe(ProviderArn ?? '<Provider>');
    }
  });

  it('is refused with neither ref nor environment but AllowAnyRef', () => {
    expect(() => trustOf({})).toThrow('RefIsNamed: Set RefPattern or Environment');
    expect(() => trustOf({ AllowAnyRef: 'false' })).toThrow('RefIsNamed: Set RefPattern or Environment');
  });

  it.each<[string, Record<string, string>, string, boolean]>([
    ['main', MAIN, 'repo:acme/app:ref:refs/heads/main', true],
    ['another branch', MAIN, 'repo:acme/app:ref:refs/heads/dev', false],
    ['a pull request', MAIN, 'repo:acme/app:pull_request', false],
    ['main in an environment', MAIN, 'repo:acme/app:environment:prod', false],
    ['another repository', MAIN, 'repo:acme/app2:ref:refs/heads/main', false],
    ['a fork', MAIN, 'repo:eve/app:ref:refs/heads/main', false],
    ['ids where names are trusted', MAIN, 'repo:acme@1/app@2:ref:refs/heads/main', false],
    ['the environment', { Environment: 'prod' }, 'repo:acme/app:environment:prod', true],
    ['another environment', { Environment: 'prod' }, 'repo:acme/app:environment:production', false],
    ['a branch called like it', { Environment: 'prod' }, 'repo:acme/app:ref:refs/heads/prod', false],
    ['any, a pull request', { AllowAnyRef: 'true' }, 'repo:acme/app:pull_request', true],
    ['any, another repository', { AllowAnyRef: 'true' }, 'repo:acme/app2:ref:refs/heads/main', false],
  ])('%s', (_, parameters, sub, trusted) => {
    expect(matchesAny([String(likeOf(parameters)[`${ISSUER}:sub`])])(sub)).toBe(trusted);
  });

  it.each<[string, string[]]>([
    ['Repository', ['', '*', 'acme/*', '*/app', 'acme', 'acme/app/x', 'acme/app"', 'acme/app:ref', 'a?/b']],
    ['Repository', ['acme@1/app', 'acme/app@2', 'acme@/app@2', '_a/app']],
    ['RefPattern', ['*', '**', 'refs/*', 'refs/heads/*', 'refs/heads/?', 'main', 'refs/pull/1/merge']],
    [
      'RefPattern',
      ['refs/heads/a"b', 'refs/heads/a\\b', 'refs/heads/a$b', 'refs/heads/a{b', 'refs/heads/,*'],
    ],
    ['Environment', ['*', 'prod*', 'prod?', 'a:b', 'a"b', 'a\\b', 'a$b', 'a{b', '\u65e5', 'a\n']],
    ['SessionNamePattern', ['*', '']],
    ['ProviderArn', [PROVIDER.replace('actions', 'x'), 'arn:aws:iam::111122223333:oidc-provider/*']],
    ['AllowAnyRef', ['yes']],
  ])('refuses %s', (name, values) => {
    for (const value of values) {
      expect(() => trustOf({ ...MAIN, [name]: value }), value).toThrow(`github-role refuses ${name}`);
    }
  });

  it.each<[string, Record<string, string>, string]>([
    ['an owner with _', { Repository: 'acme_emu/app', ...MAIN }, 'repo:acme_emu/app:ref:refs/heads/main'],
    ['a tag of npm', { RefPattern: 'refs/tags/@acme/app@1' }, 'repo:acme/app:ref:refs/tags/@acme/app@1'],
    ['a branch', { RefPattern: "refs/heads/a,(b)!&%~'c" }, "repo:acme/app:ref:refs/heads/a,(b)!&%~'c"],
    [
      'an environment',
      { Environment: 'Zürich (@a, #1) & %3A' },
      'repo:acme/app:environment:Zürich (@a, #1) & %3A',
    ],
  ])('takes %s that looks unusual, letter by letter', (_, parameters, sub) => {
    expect(likeOf(parameters)[`${ISSUER}:sub`]).toBe(sub);
  });

  it('says what each way leaves open', () => {
    const { text, parameters } = readTemplateDocument('github-role');
    expect(parameters['Environment']?.['Description']).toMatch(
      /%3A for a colon.*any branch may use it unless GitHub/,
    );
    expect(text).toMatch(/# .*pull_request_target workflow with `id-token: write` counts as its base branch/);
  });

  it('comes with a provider for the audience of AWS', () => {
    expect(propertiesOf(resolveTemplate('github-role', { ...REPOSITORY, ...MAIN }), 'Provider')).toEqual({
      Url: `https://${ISSUER}`,
      ClientIdList: ['sts.amazonaws.com'],
    });
  });
});

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/01234567-89ab-cdef-0123-456789abcdef';
const MARKER_ROLE = 'arn:aws:iam::444455556666:role/audit/markers';
const BOUNDARY = 'arn:aws:iam::111122223333:policy/boundary';
const UUID = '01234567-89ab-cdef-0123-456789abcdef';

describe.each<[string, Record<string, string>]>([
  ['github-role', { ...REPOSITORY, ...MAIN }],
  [
    'circleci-role',
    { OrganizationId: UUID, ProjectId: UUID, VcsOrigin: 'github.com/acme/app', RefPattern: MAIN.RefPattern },
  ],
])('the permissions of %s', (name, identity) => {
  it('are those of the sinks alone, in every combination', () => {
    const single = Object.fromEntries(Object.entries(identity).map(([key, value]) => [key, [value]]));
    const sinks = {
      ChannelArn: [undefined, CHANNEL],
      LogGroupName: [undefined, '/deploys/markers'],
      MarkerRoleArn: [undefined, MARKER_ROLE],
    };
    for (const { parameters, template } of resolveCombinations(name, { ...single, ...sinks })) {
      const { ChannelArn, LogGroupName, MarkerRoleArn } = parameters;
      const expected = [
        ChannelArn && { Effect: 'Allow', Action: 'cloudtrail-data:PutAuditEvents', Resource: CHANNEL },
        LogGroupName && {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:/deploys/markers:*',
        },
        MarkerRoleArn && { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: MARKER_ROLE },
      ].filter(Boolean);
      const ids = idsOfType(template, 'AWS::IAM::RolePolicy');
      expect(ids).toEqual(expected.length === 0 ? [] : ['MarkerPolicy']);
      for (const policy of ids.map(id => propertiesOf(template, id))) {
        expect(policy['RoleName']).toBe('<DeployRole>');
        expect(statementsIn(policy)).toEqual(expected);
      }
      // The trust policy is the only other one.
      expect(statementsIn(toMap(template.resources))).toHaveLength(expected.length + 1);
    }
  });

  it('come with a provider that other roles can go on trusting', () => {
    const kept = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
    expect(resourceOf(resolveTemplate(name, identity), 'Provider')).toMatchObject(kept);
  });

  it('are said to suffice for forging, and to be documented for commercial Regions', () => {
    const head = readTemplateDocument(name).text.split('AWSTemplateFormatVersion')[0];
    expect(head).toContain('can forge markers of any component in that channel or group, but delete none');
    expect(head).toMatch(/AWS documents the claim key .* for commercial Regions only/);
    if (name === 'circleci-role') expect(head).toContain('For hosted CircleCI, not CircleCI server');
  });

  it('are otherwise what the reader gives', () => {
    const bare = propertiesOf(resolveTemplate(name, identity), 'DeployRole');
    const always = ['AssumeRolePolicyDocument', 'Description', 'MaxSessionDuration'];
    expect(Object.keys(bare).sort()).toEqual(always);
    const DeployPolicyArns =
      'arn:aws:iam::aws:policy/PowerUserAccess,arn:aws:iam::111122223333:policy/x/deploy';
    const given = { DeployPolicyArns, PermissionsBoundaryArn: BOUNDARY, RoleName: 'deploy' };
    const template = resolveTemplate(name, { ...identity, ...given, MaxSessionDuration: '7200' });
    expect(propertiesOf(template, 'DeployRole')).toMatchObject({
      ManagedPolicyArns: DeployPolicyArns.split(','),
      PermissionsBoundary: BOUNDARY,
      RoleName: 'deploy',
      MaxSessionDuration: '7200',
    });
    expect(outputOf(template, 'RoleArn')).toBe('<DeployRole.Arn>');
    expect(outputOf(template, 'RoleName')).toBe('<DeployRole>');
  });

  it.each<[string, string]>([
    ['ChannelArn', 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/*'],
    ['LogGroupName', '*'],
    ['MarkerRoleArn', 'arn:aws:iam::111122223333:role/*'],
    ['DeployPolicyArns', 'arn:aws:iam::111122223333:role/x'],
    ['PermissionsBoundaryArn', '*'],
    ['RoleName', 'path/deploy'],
  ])('refuse %s %s', (parameter, value) => {
    expect(() => resolveTemplate(name, { ...identity, [parameter]: value })).toThrow(`refuses ${parameter}`);
  });
});
