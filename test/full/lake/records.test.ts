import { describe, expect, it } from 'vitest';
import { DEFAULT_WINDOW } from '../../../src/core/deploy/deploy.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import type { CorrelationQuestion } from '../../../src/core/sql/correlation.ts';
import { inAthena } from '../athena/compare.ts';
import { inLake, inTypeScript, type Question } from './compare.ts';
import { openLakeTables } from './dialect.ts';
import { ACCOUNT, by, change, DEPLOYER, deploy, rowsOf, SOMEBODY } from './scene.ts';

// Records that do not say all, or say it otherwise: what is a change, and whose, is what the rules say.

const OWN = 'session explained deploy-a';
const NAMED = 'window coincident deploy-a';

function question(records: readonly object[], markers: readonly Marker[] = [deploy('a')]): Question {
  return {
    range: { from: Date.parse('2025-12-10T00:00:00Z'), until: Date.parse('2025-12-17T00:00:00Z') },
    now: Date.parse('2025-12-20T00:00:00Z'),
    markers,
    records,
  };
}

/** Somebody's session with what else the identity tells. */
function session(more: object, arn: string | undefined = DEPLOYER): object {
  return { userIdentity: { type: 'AssumedRole', arn, accountId: ACCOUNT, ...more } };
}

function service(invokedBy: string): object {
  return { userIdentity: { type: 'AWSService', invokedBy } };
}

type Row = readonly [what: string, fields: object, right: string | undefined, markers?: readonly Marker[]];

function toCase([what, fields, right, markers]: Row) {
  return { what, fields, right, markers };
}

const RECORDS: readonly Row[] = [
  ['a write that does not say so', { readOnly: undefined }, OWN],
  ...['GetPolicy20150331', 'ListTags', 'BatchGetThings', 'HeadThing', 'LookupThings', 'TestThing'].map(
    (eventName): Row => [`${eventName} without a word`, { readOnly: undefined, eventName }, undefined],
  ),
  ...['Data', 'Insight', 'NetworkActivity'].map(
    (eventCategory): Row => [
      `an event of the category ${eventCategory}`,
      { managementEvent: undefined, eventCategory },
      undefined,
    ],
  ),
  [
    'a call that only its category tells of',
    { managementEvent: undefined, eventCategory: 'Management' },
    OWN,
  ],
  [
    'a dry run as EC2 spells it',
    { requestParameters: { functionName: 'resize-image', DryRun: true } },
    undefined,
  ],
  ['no dry run', { requestParameters: { functionName: 'resize-image', dryRun: false } }, OWN],
  ['an empty code', { errorCode: '' }, OWN],
  ['what a service does by itself', service('application-autoscaling.amazonaws.com'), undefined],
  ['a service without a name', by(undefined, 'AWSService'), undefined],
  ['what CloudFormation does for somebody', service('cloudformation.amazonaws.com'), NAMED],
  ['what StackSets does for somebody', service('member.org.stacksets.cloudformation.amazonaws.com'), NAMED],
  ['what CodeDeploy does for somebody', service('codedeploy.amazonaws.com'), NAMED],
  ['no identity at all', { userIdentity: null }, NAMED],
  [
    'a bucket’s ARN says no account and no Region, and its marker does',
    { awsRegion: 'us-east-1' },
    undefined,
    [deploy('a', { component: 'arn:aws:s3:::site' })],
  ],
  [
    'a role’s ARN says no Region, and its marker does',
    {},
    OWN,
    [deploy('a', { component: `arn:aws:iam::${ACCOUNT}:role/app` })],
  ],
  [
    'a session of a job days before',
    by(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/ci-plan-a1b2c3d`),
    OWN,
    [
      deploy('a', {
        uid: 'u-0',
        status: 'pending',
        recorded_at: '2025-12-12T08:00:00Z',
        role_session_name: 'ci-plan-a1b2c3d',
      }),
      deploy('a'),
    ],
  ],
];

/** What a store of Lake has no column for that is asked, and tables of Athena have. */
const IN_ATHENA: readonly Row[] = [
  ...['null', '-', ' Success ', '200', 'n/a'].map(
    (errorCode): Row => [`${errorCode} for no error`, { errorCode }, OWN],
  ),
  ['a failed call', { errorCode: 'AccessDenied' }, undefined],
  ['a click in the console', { eventType: 'AwsConsoleAction' }, NAMED],
  ['keys from the console, as some tools write it', { sessionCredentialFromConsole: ' TRUE' }, NAMED],
  ['a user of Identity Center behind a session', session({ onBehalfOf: { userId: 'u' } }), NAMED],
  [
    'a service-linked role',
    session(
      {
        sessionContext: {
          sessionIssuer: {
            type: 'Role',
            arn: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
          },
        },
      },
      `arn:aws:sts::${ACCOUNT}:assumed-role/AWSServiceRoleForX/x`,
    ),
    undefined,
  ],
  [
    'an event that no call made',
    { eventType: 'AwsServiceEvent', userIdentity: { accountId: ACCOUNT } },
    undefined,
  ],
  ['an empty account', { recipientAccountId: '' }, OWN],
];

describe('what is a change, and whose', () => {
  it.each(RECORDS.map(toCase))('$what', async ({ fields, right, markers }) => {
    const asked = question([change('e', { eventTime: '2025-12-14T08:10:00Z', ...fields })], markers);
    expect(inTypeScript(asked)['e']).toBe(right);
    expect((await inLake(asked))['e']).toBe(right);
    expect((await inAthena(asked))['e']).toBe(right);
  });

  it.each(IN_ATHENA.map(toCase))('in Athena: $what', async ({ fields, right }) => {
    const asked = question([change('e', fields)]);
    expect(inTypeScript(asked)['e']).toBe(right);
    expect((await inAthena(asked))['e']).toBe(right);
  });

  it('what WAF does for CloudFront is global, and its other calls are not', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a', { account: ACCOUNT, region: 'eu-west-1' })]);
    const waf = { eventSource: 'wafv2.amazonaws.com', eventName: 'UpdateWebACL', awsRegion: 'us-east-1' };
    await lake.addChanges([
      change('edge', { ...waf, requestParameters: { scope: 'CLOUDFRONT' } }),
      change('other', { ...waf, requestParameters: { scope: 'REGIONAL' } }),
    ]);
    expect((await rowsOf(lake)).map(row => row['event_id'])).toEqual(['edge']);
  });

  it.each([
    ['logs', 'CreateLogStream'],
    ['ecr', 'InitiateLayerUpload'],
    ['ecr', 'UploadLayerPart'],
    ['ecr', 'CompleteLayerUpload'],
    ['cloudformation', 'DeleteChangeSet'],
  ])('%s %s changes nothing', async (name, eventName) => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a')]);
    await lake.addChanges([change('e', { eventSource: `${name}.amazonaws.com`, eventName })]);
    expect((await rowsOf(lake)).map(row => row['event_id'])).toEqual([null]);
  });
});

describe('what is asked for', () => {
  const first = deploy('a', {
    uid: 'u-0',
    status: 'running',
    recorded_at: '2025-12-14T08:05:11Z',
    role_session_name: 'ci-first-a1b2c3d',
  });

  async function shown(markers: readonly Marker[], query: Partial<CorrelationQuestion>): Promise<unknown[]> {
    const lake = await openLakeTables();
    await lake.addMarkers(markers);
    await lake.addChanges([
      change('e1'),
      change('e2', { eventTime: '2025-12-14T08:11:00Z', ...by(SOMEBODY) }),
    ]);
    return (await rowsOf(lake, { ...DEFAULT_WINDOW, ...query })).map(row => row['event_id']);
  }

  it('is a session of any job of a deploy', async () => {
    expect(await shown([first, deploy('a')], { sessionName: 'ci-first-a1b2c3d' })).toEqual(['e1', 'e2']);
    expect(await shown([first, deploy('a')], { sessionName: 'ci-firs_-a1b2c3d' })).toEqual([]);
  });

  it('is the session of whoever made the change', async () => {
    expect(await shown([deploy('a')], { sessionName: 'jane' })).toEqual(['e2']);
  });

  it('is a commit, however a marker writes it', async () => {
    expect(await shown([deploy('a', { git_sha: 'A1B2C3D4' })], { gitSha: 'a1b2c3d' })).toEqual(['e1', 'e2']);
  });

  it('is a component of any name, which the statement has once', async () => {
    const component = `custom:o'brien%_\\${'x'.repeat(500)}`;
    expect(await shown([deploy('a', { component })], { component })).toEqual(['e1']);
  });
});
