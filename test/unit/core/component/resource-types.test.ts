import { describe, expect, test } from 'vitest';
import { memberOf } from '../../../../src/core/component/resource-types.ts';
import { SERVICES } from '../../../../src/core/services/table.ts';
import { arn } from '../change/sample-calls.ts';

// Physical ids are what Ref gives, as "Return values" of each type in the CloudFormation template reference shows it.
const UUID = '0a1b2c3d-0000-4000-8000-000000000001';

describe('a resource of a stack', () => {
  test.each([
    ['Lambda::Function', 'shop-Resize-1A', 'lambda:shop-Resize-1A'],
    ['Lambda::Alias', arn('lambda', 'function:orders:live'), 'lambda:orders'],
    ['CloudFormation::Stack', arn('cloudformation', `stack/shop-inner/${UUID}`), 'stack:shop-inner'],
    ['CloudFormation::StackSet', `baseline:${UUID}`, 'cloudformation:baseline'],
    ['ECS::Service', arn('ecs', 'service/prod/web'), 'ecs:prod/web'],
    ['ECS::TaskDefinition', arn('ecs', 'task-definition/web:7'), 'ecs:web'],
    ['ECS::Cluster', 'prod', 'ecs:prod'],
    ['EKS::Nodegroup', 'prod/workers', 'eks:prod/workers'],
    ['EKS::Addon', 'prod|coredns', 'eks:prod/coredns'],
    [
      'ApplicationAutoScaling::ScalableTarget',
      'service/prod/web|ecs:service:DesiredCount|ecs',
      'application-autoscaling:service/prod/web',
    ],
    ['ApiGateway::RestApi', 'a1b2c3d4e5', 'apigateway:a1b2c3d4e5'],
    ['StepFunctions::StateMachine', arn('states', 'stateMachine:checkout'), 'states:checkout'],
    ['Events::Rule', 'nightly', 'events:nightly'],
    ['Events::Rule', 'orders|paid', 'events:orders/paid'],
    ['Events::Rule', 'default|nightly', 'events:nightly'],
    ['SNS::Topic', arn('sns', 'alerts'), 'sns:alerts'],
    ['SQS::Queue', 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs.fifo', 'sqs:jobs.fifo'],
    ['S3::Bucket', 'site-assets', 's3:site-assets'],
    ['DynamoDB::Table', 'orders', 'dynamodb:orders'],
    ['RDS::DBInstance', 'Orders-DB', 'rds:orders-db'],
    ['IAM::Role', 'shop-Role-1A', 'iam:shop-Role-1A'],
    ['IAM::ManagedPolicy', arn('iam', 'policy/team/read', ''), 'iam:read'],
    ['KMS::Alias', 'alias/app', 'kms:alias/app'],
    ['SecretsManager::Secret', arn('secretsmanager', 'secret:prod/db-AbCdEf'), 'secretsmanager:prod/db'],
    ['SSM::Parameter', '/shop/password', 'ssm:/shop/password'],
    ['WAFv2::WebACL', `edge|${UUID}|REGIONAL`, 'wafv2:edge'],
    [
      'ElasticLoadBalancingV2::LoadBalancer',
      arn('elasticloadbalancing', 'loadbalancer/app/web/50dc6c495c0c9188'),
      'elasticloadbalancing:web',
    ],
    [
      'ElasticLoadBalancingV2::TargetGroup',
      arn('elasticloadbalancing', 'targetgroup/blue/50dc6c495c0c9188'),
      'elasticloadbalancing:blue',
    ],
    ['CloudFront::Distribution', 'E1A2B3C4D5E6F7', 'cloudfront:E1A2B3C4D5E6F7'],
    ['CloudFront::Function', arn('cloudfront', 'function/rewrite', ''), 'cloudfront:rewrite'],
    ['CloudWatch::Alarm', 'High CPU', 'monitoring:High%20CPU'],
    ['Logs::LogGroup', '/aws/lambda/orders', 'logs:/aws/lambda/orders'],
    ['EC2::SecurityGroup', 'sg-0a1b2c3d', 'ec2:sg-0a1b2c3d'],
  ])('%s %s is %s', (type, id, component) => {
    expect(memberOf(`AWS::${type}`, id)).toEqual({ component });
  });

  test('of a layer it has the version', () => {
    expect(memberOf('AWS::Lambda::LayerVersion', arn('lambda', 'layer:deps:7'))).toEqual({
      component: 'layer:deps',
      version: '7',
    });
  });

  test.each([
    ['AWS::IAM::Policy', 'shop-Inline-1A'],
    ['AWS::Lambda::Permission', 'x'],
    ['Custom::Thing', 'x'],
    ['AWS::Lambda::LayerVersion', 'odd'],
    ['AWS::SNS::Topic', arn('iot', 'topic/x')],
    ['AWS::S3::Bucket', ''],
    ['toString', 'x'],
  ])('%s %j is none', (type, id) => {
    expect(memberOf(type, id)).toBeUndefined();
  });

  test('its kind is one of the table', () => {
    const kinds = new Set(
      SERVICES.flatMap(({ name, things }) => [name, ...things.map(({ kind }) => kind ?? name)]),
    );
    for (const type of [
      'ECS::Cluster',
      'Cognito::UserPool',
      'OpenSearchService::Domain',
      'EFS::FileSystem',
    ]) {
      const { component = '' } = memberOf(`AWS::${type}`, 'x') ?? {};
      expect(kinds.has(component.slice(0, component.indexOf(':')))).toBe(true);
    }
  });
});
