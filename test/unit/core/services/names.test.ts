import { describe, expect, test } from 'vitest';
import { DEFAULT_SERVICES } from '../../../../src/core/services/defaults.ts';
import { EVERYDAY_NAMES, KNOWN_SERVICES } from '../../../../src/core/services/known.ts';
import { parseServices } from '../../../../src/core/services/names.ts';

const parse = (text: string) => parseServices(text, '--services');

describe('names of services', () => {
  test.each<[string, readonly string[]]>([
    [DEFAULT_SERVICES.join(','), DEFAULT_SERVICES],
    [' lambda , ecs\nstates\tlambda,', ['lambda', 'ecs', 'states']],
    ['Lambda.amazonaws.com,ECS,lambda', ['lambda', 'ecs']],
    [
      'monitoring events states elasticloadbalancing es logs',
      ['monitoring', 'events', 'states', 'elasticloadbalancing', 'es', 'logs'],
    ],
    ['access-analyzer,route53,s3,inspector2', ['access-analyzer', 'route53', 's3', 'inspector2']],
  ])('%j are %j', (text, services) => {
    expect(parse(text)).toEqual({ services, unknown: [] });
  });

  test.each([
    ['stepfunctions', 'states'],
    ['StepFunctions', 'states'],
    ['step-functions', 'states'],
    ['sfn', 'states'],
    ['eventbridge', 'events'],
    ['cloudwatch', 'monitoring'],
    ['cloudwatch-logs', 'logs'],
    ['alb', 'elasticloadbalancing'],
    ['elbv2', 'elasticloadbalancing'],
    ['parameter-store', 'ssm'],
    ['api-gateway', 'apigateway'],
    ['apigatewayv2', 'apigateway'],
    ['cfn', 'cloudformation'],
    ['dynamo', 'dynamodb'],
    ['r53', 'route53'],
    ['msk', 'kafka'],
    ['opensearch', 'es'],
    ['cognito', 'cognito-idp'],
    ['emr', 'elasticmapreduce'],
    ['efs', 'elasticfilesystem'],
    ['aurora', 'rds'],
    ['stepfunctions.amazonaws.com', 'states'],
    ['cloudwatch.amazonaws.com', 'monitoring'],
  ])('%s is refused: it is %s', (name, meant) => {
    const refusal = { code: 'USAGE', message: expect.stringContaining(`CloudTrail calls ${meant}`) };
    expect(() => parse(`lambda,${name}`)).toThrow(expect.objectContaining(refusal));
    expect(() => parse(name)).toThrow(expect.objectContaining({ hint: expect.stringContaining(meant) }));
  });

  test.each([
    ['lamda', 'did you mean lambda?'],
    ['cloudfromation', 'did you mean cloudformation?'],
    ['secretsmanger', 'did you mean secretsmanager?'],
    ['evenbridge', 'did you mean events?'],
    ['toString', 'as tostring.amazonaws.com'],
    ['__proto__', 'as eventSource in CloudTrail does'],
    ['brandnew', 'as brandnew.amazonaws.com'],
  ])('%s is none', (name, hint) => {
    const refusal = { code: 'USAGE', hint: expect.stringContaining(hint) };
    expect(() => parse(name)).toThrow(expect.objectContaining(refusal));
  });

  test('one that is not known is taken in full, and told apart', () => {
    expect(parse('lambda, BrandNew.amazonaws.com')).toEqual({
      services: ['lambda', 'brandnew'],
      unknown: ['brandnew'],
    });
  });

  test.each(['', ',', 'lambda,EC2!', '.amazonaws.com', 'lambda;ecs', 'lambda.', "x' OR 1=1"])(
    '%j is refused',
    text => {
      expect(() => parse(text)).toThrow(
        expect.objectContaining({
          code: 'USAGE',
          message: expect.stringMatching(/^--services must be names/),
        }),
      );
    },
  );

  test('no everyday name is a name itself, and each leads to one', () => {
    const known = new Set(KNOWN_SERVICES);
    expect(known.size).toBe(KNOWN_SERVICES.length);
    for (const [name, meant] of Object.entries(EVERYDAY_NAMES)) {
      expect([name, known.has(name), known.has(meant)]).toEqual([name, false, true]);
    }
  });
});
