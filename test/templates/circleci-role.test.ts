import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../src/core/base/pattern.ts';
import { resolveCombinations } from './parameter-combinations.ts';
import { resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf } from './template-statements.ts';
import { type TemplateMap, toMap, valueAt } from './template-yaml.ts';

const ORG = '01234567-89ab-cdef-0123-456789abcdef';
const PROJECT = 'fedcba98-7654-3210-fedc-ba9876543210';
const USER = '11111111-2222-3333-4444-555555555555';
const ISSUER = `oidc.circleci.com/org/${ORG}`;
const PROVIDER = `arn:aws:iam::111122223333:oidc-provider/${ISSUER}`;
const IDS = { OrganizationId: ORG, ProjectId: PROJECT };
const MAIN = { VcsOrigin: 'github.com/acme/app', RefPattern: 'refs/heads/main' };
const ANY_USER = '????????-????-????-????-????????????';

function trustOf(parameters: Record<string, string>): TemplateMap {
  const role = propertiesOf(resolveTemplate('circleci-role', { ...IDS, ...parameters }), 'DeployRole');
  return toMap(role['AssumeRolePolicyDocument']);
}

function subOf(parameters: Record<string, string>): string {
  return String(valueAt(trustOf(parameters), 'Statement', 0, 'Condition', 'StringLike', `${ISSUER}:sub`));
}

/** The `sub` of a job's token; without a ref that of the token's first version, and of a custom webhook. */
function tokenSub(ref?: string, origin = 'github.com/acme/app', project = PROJECT): string {
  const vcs = ref === undefined ? '' : `/vcs-origin/${origin}/vcs-ref/${ref}`;
  return `org/${ORG}/project/${project}/user/${USER}${vcs}`;
}

describe('the trust policy', () => {
  it('holds audience, project, ref and session name', () => {
    expect(trustOf(MAIN)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: '<Provider>' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${ISSUER}:aud`]: ORG,
              [`${ISSUER}:oidc.circleci.com/project-id`]: PROJECT,
            },
            StringLike: {
              [`${ISSUER}:sub`]: `org/${ORG}/project/${PROJECT}/user/${ANY_USER}/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main`,
              'sts:RoleSessionName': 'ci-*',
            },
          },
        },
      ],
    });
  });

  const others = {
    OrganizationId: [ORG],
    ProjectId: [PROJECT],
    Audience: [undefined, 'sts.amazonaws.com'],
    ProviderArn: [undefined, PROVIDER],
    SessionNamePattern: [undefined, 'ci-prod-?*'],
  };
  const switches = [
    ...resolveCombinations('circleci-role', {
      RefPattern: ['refs/heads/main', 'refs/tags/v*'],
      VcsOrigin: ['github.com/acme/app'],
      AllowAnyRef: [undefined, 'true'],
      ...others,
    }),
    ...resolveCombinations('circleci-role', {
      VcsOrigin: [undefined, 'github.com/acme/app'],
      AllowAnyRef: ['true'],
      ...others,
    }),
  ];

  it('has every condition with every combination of switches', () => {
    expect(switches).toHaveLength(32 + 16);
    for (const { parameters, template } of switches) {
      const { Audience, RefPattern: ref, VcsOrigin: origin, ProviderArn, SessionNamePattern } = parameters;
      const rest = origin === undefined ? '*' : `${ANY_USER}/vcs-origin/${origin}/vcs-ref/${ref ?? '*'}`;
      const trust = toMap(propertiesOf(template, 'DeployRole')['AssumeRolePolicyDocument']);
      expect(valueAt(trust, 'Statement')).toHaveLength(1);
      expect(valueAt(trust, 'Statement', 0, 'Principal')).toEqual({ Federated: ProviderArn ?? '<Provider>' });
      expect(valueAt(trust, 'Statement', 0, 'Condition'), JSON.stringify(parameters)).toEqual({
        StringEquals: {
          [`${ISSUER}:aud`]: Audience ?? ORG,
          [`${ISSUER}:oidc.circleci.com/project-id`]: PROJECT,
        },
        StringLike: {
          [`${ISSUER}:sub`]: `org/${ORG}/project/${PROJECT}/user/${rest}`,
          'sts:RoleSessionName': SessionNamePattern ?? 'ci-*',
        },
      });
      expect(outputOf(template, 'ProviderArn')).toBe(ProviderArn ?? '<Provider>');
      const providers = ProviderArn === undefined ? ['Provider'] : [];
      expect(idsOfType(template, 'AWS::IAM::OIDCProvider')).toEqual(providers);
    }
  });

  it.each<[string, Record<string, string>, string]>([
    ['nothing', {}, 'Set RefPattern, or set AllowAnyRef'],
    ['an origin alone', { VcsOrigin: 'github.com/acme/app' }, 'Set RefPattern, or set AllowAnyRef'],
    ['AllowAnyRef false', { AllowAnyRef: 'false' }, 'Set RefPattern, or set AllowAnyRef'],
    ['a ref alone', { RefPattern: 'refs/heads/main' }, 'RefPattern needs VcsOrigin'],
    ['a ref and any', { RefPattern: 'refs/heads/main', AllowAnyRef: 'true' }, 'RefPattern needs VcsOrigin'],
  ])('is refused with %s', (_, parameters, why) => {
    expect(() => trustOf(parameters)).toThrow(`RefIsNamed: ${why}`);
  });

  it.each<[string, Record<string, string>, string, boolean]>([
    ['main', MAIN, tokenSub('refs/heads/main'), true],
    ['another branch', MAIN, tokenSub('refs/heads/dev'), false],
    ['a branch that begins alike', MAIN, tokenSub('refs/heads/main2'), false],
    ['a tag called main', MAIN, tokenSub('refs/tags/main'), false],
    ['a fork', MAIN, tokenSub('refs/heads/main', 'github.com/eve/app'), false],
    ['another project', MAIN, tokenSub('refs/heads/main', undefined, ORG), false],
    ['a token of the first version', MAIN, tokenSub(), false],
    [
      'a branch named like the end of the sub of main',
      MAIN,
      tokenSub('refs/heads/x/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main'),
      false,
    ],
    [
      'a fork with such a branch',
      MAIN,
      tokenSub('refs/heads/x/vcs-origin/github.com/acme/app/vcs-ref/refs/heads/main', 'github.com/eve/app'),
      false,
    ],
    ['a release tag', { ...MAIN, RefPattern: 'refs/tags/v*' }, tokenSub('refs/tags/v1.2.3'), true],
    [
      'any ref of the origin',
      { VcsOrigin: MAIN.VcsOrigin, AllowAnyRef: 'true' },
      tokenSub('refs/heads/x'),
      true,
    ],
    [
      'any ref, of a fork',
      { VcsOrigin: MAIN.VcsOrigin, AllowAnyRef: 'true' },
      tokenSub('refs/heads/x', 'github.com/eve/app'),
      false,
    ],
    ['any ref, first version', { AllowAnyRef: 'true' }, tokenSub(), true],
    ['any ref, another project', { AllowAnyRef: 'true' }, tokenSub(undefined, undefined, ORG), false],
  ])('%s', (_, parameters, sub, trusted) => {
    expect(matchesAny([subOf(parameters)])(sub)).toBe(trusted);
  });
});

describe('parameters that are refused', () => {
  it.each<[string, string[]]>([
    [
      'RefPattern',
      [
        '*',
        '**',
        '?*',
        'refs/*',
        'refs/heads/*',
        'refs/heads/**',
        'refs/heads/?*',
        'refs/*/main',
        'refs/tags/*',
        'refs/pull/1/head',
        'main',
        'refs/heads/',
        'refs/heads/a"b',
        'refs/heads/a\\b',
        'refs/heads/a{b',
        'refs/heads/a$b',
        `refs/heads/\${aws:username}`,
      ],
    ],
    ['VcsOrigin', ['*', 'github.com/*/app', 'github.com/acme/app?', 'app', 'github.com/acme/"', '/a/b']],
    ['SessionNamePattern', ['*', '?*', '', 'ci-"', 'ci prod', `ci-${'x'.repeat(62)}`]],
    ['OrganizationId', ['', '*', ORG.toUpperCase(), 'acme', `${ORG}"`]],
    ['ProjectId', ['', '*', `${PROJECT}/`]],
    ['Audience', ['*', 'a"b', 'a b']],
    [
      'ProviderArn',
      [PROVIDER.replace('circleci', 'example'), 'arn:aws:iam::111122223333:oidc-provider/*', ISSUER],
    ],
    ['AllowAnyRef', ['yes', 'True', '']],
    ['MaxSessionDuration', ['900', '43201']],
  ])('%s', (name, values) => {
    for (const value of values) {
      expect(() => trustOf({ ...MAIN, [name]: value }), value).toThrow(`circleci-role refuses ${name}`);
    }
  });

  it.each([
    'refs/heads/main',
    'refs/heads/release/*',
    'refs/tags/v*',
    'refs/heads/feature/a+b@c#1=2',
    'refs/tags/@acme/app@*',
    "refs/heads/a,(b)!&%~'c",
  ])('but not RefPattern %s', ref => {
    expect(subOf({ ...MAIN, RefPattern: ref })).toMatch(/\/vcs-ref\/refs\//);
    expect(subOf({ ...MAIN, RefPattern: ref }).endsWith(ref)).toBe(true);
  });
});

it("makes the organization's provider for the audience that the role asks for", () => {
  for (const Audience of ['', 'sts.amazonaws.com']) {
    const provider = propertiesOf(
      resolveTemplate('circleci-role', { ...IDS, ...MAIN, Audience }),
      'Provider',
    );
    expect(provider).toEqual({ Url: `https://${ISSUER}`, ClientIdList: [Audience || ORG] });
  }
});
