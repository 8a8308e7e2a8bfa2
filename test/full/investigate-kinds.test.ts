import { describe, expect, test } from 'vitest';
import type { Investigation } from '../../src/core/investigate/investigation.ts';
import { withAwsServer } from '../cli/emit/scene.ts';
import { fillConfig } from '../cli/investigate/scene.ts';
import { runCli } from '../cli/run-cli.ts';
import { ABROAD, fillHistories, HOME, happen } from '../cli/trail/trail-scene.ts';
import type { FakeItem } from '../fakes/config/config-state.ts';
import { iamUser } from '../trail-world/actors.ts';
import type { Place } from '../trail-world/place.ts';
import type { Call } from '../trail-world/trail-record.ts';
import { unexplained } from '../trail-world/truth.ts';

interface Kind {
  readonly component: string;
  readonly call: Omit<Call, 'component' | 'response'> & { readonly response?: object };
  readonly item: Pick<FakeItem, 'resourceType' | 'resourceId' | 'resourceName'>;
  readonly field: string;
  readonly values: readonly [unknown, unknown];
  readonly told?: string;
  readonly place?: Place;
}

const US_EAST: Place = { account: HOME.account, region: 'us-east-1' };

const KINDS: readonly Kind[] = [
  {
    component: 'lambda:orders',
    call: {
      service: 'lambda',
      name: 'UpdateFunctionConfiguration20150331v2',
      request: { functionName: 'orders' },
    },
    item: { resourceType: 'AWS::Lambda::Function', resourceId: 'orders' },
    field: 'timeout',
    values: [3, 30],
  },
  {
    component: 'sqs:jobs',
    call: {
      service: 'sqs',
      name: 'SetQueueAttributes',
      request: { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs', attributes: {} },
    },
    item: {
      resourceType: 'AWS::SQS::Queue',
      resourceId: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs',
    },
    field: 'VisibilityTimeout',
    values: ['30', '60'],
  },
  {
    component: 's3:site-assets',
    call: { service: 's3', name: 'PutBucketVersioning', request: { bucketName: 'site-assets' } },
    item: { resourceType: 'AWS::S3::Bucket', resourceId: 'site-assets' },
    field: 'versioningStatus',
    values: ['Off', 'Enabled'],
  },
  {
    component: 'dynamodb:orders',
    call: { service: 'dynamodb', name: 'UpdateTable', request: { tableName: 'orders' } },
    item: { resourceType: 'AWS::DynamoDB::Table', resourceId: 'orders' },
    field: 'billingMode',
    values: ['PROVISIONED', 'PAY_PER_REQUEST'],
  },
  {
    component: 'ecs:prod/web',
    call: {
      service: 'ecs',
      name: 'UpdateService',
      request: { service: 'web', cluster: 'prod', desiredCount: 3 },
    },
    item: {
      resourceType: 'AWS::ECS::Service',
      resourceId: 'arn:aws:ecs:eu-west-1:111122223333:service/prod/web',
    },
    field: 'DesiredCount',
    values: [2, 3],
  },
  {
    component: 'iam:deploy',
    place: US_EAST,
    call: {
      service: 'iam',
      name: 'UpdateAssumeRolePolicy',
      request: { roleName: 'deploy', policyDocument: '{}' },
    },
    item: { resourceType: 'AWS::IAM::Role', resourceId: 'AROA5EXAMPLE5EXAMPLE5', resourceName: 'deploy' },
    field: 'assumeRolePolicyDocument',
    values: [
      encodeURIComponent(
        '{"Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"a"}}]}',
      ),
      encodeURIComponent('{"Statement":[{"Effect":"Allow","Action":"sts:*","Principal":{"Service":"a"}}]}'),
    ],
    told: 'assumeRolePolicyDocument.Statement.0.Action sts:AssumeRole → sts:*',
  },
  {
    component: 'stack:billing',
    call: {
      service: 'cloudformation',
      name: 'UpdateStack',
      request: { stackName: 'billing' },
      response: { stackId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/billing/1' },
    },
    item: {
      resourceType: 'AWS::CloudFormation::Stack',
      resourceId: 'arn:aws:cloudformation:eu-west-1:111122223333:stack/billing/1',
      resourceName: 'billing',
    },
    field: 'stackStatus',
    values: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'],
  },
];

describe.concurrent('what Config calls a component, read from event history', () => {
  test.each(KINDS)(
    '$component',
    ({ component, call, item, field, values: [old, young], told, place = HOME }) =>
      withAwsServer(async server => {
        const story = happen(scene => {
          const made = { response: null, ...call, component };
          scene.change({ by: iamUser(HOME.account), at: scene.at(5), call: made, place }, unexplained);
        });
        server.state.lookupsPerSecond = Number.POSITIVE_INFINITY;
        server.state.histories.set('111122223333/us-east-1', []);
        fillHistories(server, story);
        const time = Date.parse(story.records[0]?.eventTime ?? '');
        const capture = (capturedAt: number, value: unknown, revision: number): FakeItem => ({
          ...item,
          capturedAt,
          configuration: { [field]: value, lastUpdatedTime: revision, name: 'x' },
        });
        fillConfig(
          server,
          [capture(time - 30 * 86_400_000, old, 1), capture(time + 60_000, young, 2)],
          place,
        );
        const run = await runCli(['investigate', component, '--json'], { env: server.env() });
        const report: Investigation = JSON.parse(run.stdout);
        expect(report.changes[0]?.recorded).toMatchObject({ state: 'changed', noise: 1 });
        const what = report.summary.find(({ topic }) => topic === 'what')?.text ?? '';
        expect(what).toContain(told ?? `${field} ${old} → ${young}`);
        expect(run.code).toBe(0);
        expect(server.violations).toEqual([]);
      }),
  );

  test('accounts and Regions as in trace: each is asked by its own role', () =>
    withAwsServer(async server => {
      const { state } = server;
      const component = 'lambda:orders';
      const request = { functionName: 'orders' };
      const call = {
        service: 'lambda',
        name: 'UpdateFunctionConfiguration',
        request,
        response: null,
        component,
      };
      const story = happen(scene => {
        for (const place of [HOME, ABROAD])
          scene.change({ by: iamUser(place.account), at: scene.at(5), call, place }, unexplained);
      });
      const role = 'arn:aws:iam::999999999999:role/audit';
      const trust = { issuer: 'AWS', audiences: [], subjects: ['arn:aws:sts::111122223333:*'] };
      state.roles.set(role, { arn: role, trust });
      state.lookupsPerSecond = Number.POSITIVE_INFINITY;
      for (const { account } of [HOME, ABROAD])
        for (const { region } of [HOME, ABROAD]) state.histories.set(`${account}/${region}`, []);
      fillHistories(server, story);
      const time = Date.parse(story.records[0]?.eventTime ?? '');
      const item = (capturedAt: number, timeout: number): FakeItem => ({
        resourceType: 'AWS::Lambda::Function',
        resourceId: 'orders',
        capturedAt,
        configuration: { timeout },
      });
      fillConfig(server, [item(time - 1000, 1), item(time + 9000, 2)]);
      fillConfig(server, [item(time - 1000, 7), item(time + 9000, 8)], ABROAD);
      const places = ['--region', HOME.region, '--region', ABROAD.region];
      const accounts = ['--account', 'self', '--account', `999999999999=${role}`];
      const run = await runCli(['investigate', component, ...places, ...accounts, '--json'], {
        env: server.env(),
      });
      const report: Investigation = JSON.parse(run.stdout);
      const told = report.changes.map(({ account, recorded: { differences } }) => [
        account,
        differences[0]?.after,
      ]);
      expect(run.stderr).toMatch(/^note: no markers were read, [^\n]*\n$/);
      expect(Object.fromEntries(told)).toEqual({
        '111122223333': { value: 2 },
        '999999999999': { value: 8 },
      });
      expect(run.code).toBe(0);
    }));
});
