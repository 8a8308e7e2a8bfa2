import type { TemplateParameter } from '../../src/core/template/parameter.ts';

/** The most fillings of a template whose switches are combined in every way. */
const MOST = 64;

const UUID = '0a1b2c3d-0000-4000-8000-000000000001';
const KEY = `arn:aws:kms:eu-west-1:123456789012:key/${UUID}`;
const CHANNEL = `arn:aws:cloudtrail:eu-west-1:123456789012:channel/${UUID}`;
const STORE = 'arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore';
const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider';
const ROLES = 'arn:aws:iam::123456789012:role/deploy,arn:aws:iam::123456789012:role/path/other';

/** A value of each parameter that can or must be given, as an account would have it; by template where the name does not tell. */
const SAMPLES: Readonly<Record<string, string>> = {
  AccountIds: '123456789012,210987654321',
  AthenaWorkGroup: 'deploy-marker-athena',
  Audience: 'https://deploys.example.com',
  ChangeStoreArn: `${STORE}/${UUID}`,
  ChannelArn: CHANNEL,
  DeployPolicyArns: 'arn:aws:iam::123456789012:policy/deploy,arn:aws:iam::aws:policy/ReadOnlyAccess',
  DeployRoleArns: ROLES,
  DeployRoleNames: 'deploy,deploy-other',
  Email: 'ops@example.com',
  Environment: 'production',
  ExistingChannelArn: CHANNEL,
  ExternalId: 'deploys-of-acme',
  KmsKeyArn: KEY,
  KmsKeyArns: `${KEY},arn:aws:kms:us-east-1:123456789012:key/mrk-0a1b2c3d`,
  LogGroupName: '/deploy-marker/markers',
  MarkerRoleArn: 'arn:aws:iam::123456789012:role/marker',
  MarkersBucketName: 'acme-markers',
  MarkersPrefix: 'deploys/prod',
  MarkerStoreArn: `${STORE}/0a1b2c3d-0000-4000-8000-000000000002`,
  NoticeTopicArn: 'arn:aws:sns:eu-west-1:123456789012:deploys',
  OrganizationId: UUID,
  'athena.OrganizationId': 'o-a1b2c3d4e5',
  PermissionsBoundaryArn: 'arn:aws:iam::123456789012:policy/boundary',
  ProjectId: UUID,
  'circleci-role.ProviderArn': `${PROVIDER}/oidc.circleci.com/org/${UUID}`,
  'github-role.ProviderArn': `${PROVIDER}/token.actions.githubusercontent.com`,
  ReaderRoleArns: ROLES,
  ReadPolicyArns: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  Regions: 'us-east-1,eu-west-1',
  RefPattern: 'refs/heads/main',
  Repository: 'acme/app',
  RoleName: 'deploy',
  ServiceRoleNames: 'cloudformation,AWSServiceRoleForLambdaReplicator',
  BucketName: 'acme-deploys',
  AccessLogBucket: 'acme-access-logs',
  MarkersArn: 'arn:aws:s3:::acme-deploys/markers/*',
  MarkersKeyArn: KEY,
  StateObjectArn: 'arn:aws:s3:::acme-audit/state/audit.json',
  TagKey: 'team',
  TagValue: 'payments',
  TrailBucketName: 'acme-trail',
  TrailLogGroupName: 'trail',
  TrailPrefix: 'logs/all',
  TrustedRoleArns: ROLES,
  VcsOrigin: 'github.com/acme/app',
  WriterArns: 'arn:aws:iam::210987654321:root,arn:aws:iam::210987654321:role/deploy',
};

/** A filling: values by name. */
export type Filling = Readonly<Record<string, string>>;

/** A parameter with two states that matter: off and on. */
type Switch = readonly [name: string, off: string, on: string];

function sampleOf(template: string, name: string): string {
  const sample = SAMPLES[`${template}.${name}`] ?? SAMPLES[name];
  if (sample === undefined) throw new Error(`${template}: SAMPLES has no value for ${name}`);
  return sample;
}

/** One of two values, or a value or none. */
function toSwitch(template: string, parameter: TemplateParameter): Switch[] {
  const { name, allowed_values: [off, on, third] = [], default: standard } = parameter;
  if (off !== undefined && on !== undefined && third === undefined) {
    // `false` is off, however they are listed.
    return [off === 'true' ? [name, on, off] : [name, off, on]];
  }
  return standard === '' ? [[name, '', sampleOf(template, name)]] : [];
}

/**
 * Which of `count` switches are on, a list for each filling: every combination up to 64 of them; beyond, all off, all on, and so
 * many that each pair of switches is seen in all its four states.
 */
export function combinations(count: number): boolean[][] {
  const switches = [...Array(count).keys()];
  const isBitSet = (number: number, bit: number): boolean => Math.floor(number / 2 ** bit) % 2 === 1;
  if (2 ** count <= MOST) {
    return [...Array(2 ** count).keys()].map(row => switches.map(index => isBitSet(row, index)));
  }
  // Two switches differ in some bit of their numbers: by that bit and by its opposite the one is on and the other off.
  const bits = [...Array(Math.ceil(Math.log2(count))).keys()];
  const rows = bits.map(bit => switches.map(index => isBitSet(index, bit)));
  return [
    switches.map(() => false),
    ...rows,
    ...rows.map(row => row.map(isOn => !isOn)),
    switches.map(() => true),
  ];
}

/** Fillings of a template: its required parameters always, its switches in {@link combinations}. */
export function fillingsOf(template: string, parameters: readonly TemplateParameter[]): Filling[] {
  const switches = parameters.flatMap(parameter => toSwitch(template, parameter));
  const required = parameters.filter(each => each.required && switches.every(([name]) => name !== each.name));
  const given = required.map(({ name }) => [name, sampleOf(template, name)]);
  return combinations(switches.length).map(states =>
    Object.fromEntries([
      ...given,
      ...switches.map(([name, off, on], index) => [name, states[index] ? on : off]),
    ]),
  );
}
