import { describe, expect, test } from 'vitest';
import { componentKey } from '../../../../src/core/component/key.ts';
import { functionKey, layerKey, stackKey } from '../../../../src/core/services/name-or-arn.ts';

const LAMBDA = 'arn:aws:lambda:eu-west-1:111122223333';
const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack';

describe('the key of a function', () => {
  test.each([
    'orders',
    'orders:live',
    'orders:$LATEST',
    'orders:42',
    'function:orders',
    '111122223333:orders',
    '111122223333:function:orders',
    '111122223333:function:orders:live',
    'eu-west-1:111122223333:function:orders',
    'us-gov-west-1:111122223333:function:orders:7',
    `${LAMBDA}:function:orders`,
    `${LAMBDA}:function:orders:live`,
    'arn:aws-cn:lambda:cn-north-1:111122223333:function:orders',
    'arn:aws-us-gov:lambda:us-gov-west-1:111122223333:function:orders:$LATEST',
  ])('%s', name => {
    expect(functionKey(name)).toBe('lambda:orders');
  });

  test('a name of twelve digits is a name', () => {
    expect(functionKey('111122223333')).toBe('lambda:111122223333');
  });

  test.each(['', 'a b', 'a:b:c:d', 'a/b', `${LAMBDA}:layer:deps:1`, `${LAMBDA}:event-source-mapping:x-y`])(
    '%j names none',
    name => expect(functionKey(name)).toBeUndefined(),
  );
});

test.each([
  ['deps', 'layer:deps'],
  [`${LAMBDA}:layer:deps`, 'layer:deps'],
  [`${LAMBDA}:layer:deps:12`, 'layer:deps'],
  [`${LAMBDA}:function:deps`, undefined],
])('the layer %s', (name, key) => expect(layerKey(name)).toBe(key));

test.each([
  ['shop', 'stack:shop'],
  [`${STACK}/shop/0a1b2c3d-0000-4000-8000-000000000000`, 'stack:shop'],
  [`${STACK}/shop`, 'stack:shop'],
  ['1shop', undefined],
])('the stack %s', (name, key) => expect(stackKey(name)).toBe(key));

test.each([
  ['lambda:orders', 'lambda:orders'],
  ['stepfunctions:checkout', 'stepfunctions:checkout'],
  ['ecs:arn:aws:ecs:eu-west-1:111122223333:service/prod/web', 'ecs:prod/web'],
  [`stack:${STACK}/shop/0a1b`, 'stack:shop'],
  ['toString:a', 'toString:a'],
  ['orders', 'orders'],
  ['web:site', 'web:site'],
  ['lambda:orders:live', 'lambda:orders'],
  [`lambda:${LAMBDA}:function:orders`, 'lambda:orders'],
  [`${LAMBDA}:function:orders:live`, 'lambda:orders'],
  [`${LAMBDA}:layer:deps:3`, 'layer:deps'],
  [`${LAMBDA}:event-source-mapping:0a1b`, `${LAMBDA}:event-source-mapping:0a1b`],
  [`${STACK}/shop/0a1b`, 'stack:shop'],
  ['layer:deps', 'layer:deps'],
  ['stack:shop', 'stack:shop'],
  ['site:www', 'site:www'],
  ['arn:aws:s3:::bucket', 's3:bucket'],
  ['arn:aws:s3:::bucket/a/b.zip', 's3:bucket'],
  ['arn:aws:ecs:eu-west-1:111122223333:service/prod/web', 'ecs:prod/web'],
  ['arn:aws:ecs:eu-west-1:111122223333:service/web', 'ecs:web'],
  ['arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf', 'secretsmanager:prod/db'],
  ['secretsmanager:db-AbCdEf', 'secretsmanager:db-AbCdEf'],
  [
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/50dc6c49',
    'elasticloadbalancing:web',
  ],
  [
    'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/blue/73e2d6bc',
    'elasticloadbalancing:blue',
  ],
  ['arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors', 'monitoring:errors'],
  ['arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/a:*', 'logs:/aws/lambda/a'],
  ['arn:aws-us-gov:iam::111122223333:role/path/deploy', 'iam:deploy'],
  ['arn:aws:ssm:eu-west-1:111122223333:parameter/shop/password', 'ssm:/shop/password'],
  ['arn:aws:ssm:eu-west-1:111122223333:parameter/debug', 'ssm:debug'],
  ['ssm:/debug', 'ssm:debug'],
  ['rds:Orders-DB', 'rds:orders-db'],
  ['arn:aws:databrew:eu-west-1:111122223333:job/etl', 'arn:aws:databrew:eu-west-1:111122223333:job/etl'],
])('the component %s is %s', (component, key) => expect(componentKey(component)).toBe(key));
