import { describe, expect, test } from 'vitest';
import { DEFAULT_SERVICES } from '../../../../src/core/services/defaults.ts';
import { EVERYDAY_NAMES, KNOWN_SERVICES } from '../../../../src/core/services/known.ts';
import { parseCallPattern, parseServices } from '../../../../src/core/services/names.ts';

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
    expect(parse(text)).toEqual({ services, unknown: [], everyday: [] });
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
  ])('%s is taken for %s, and told', (name, meant) => {
    const everyday = [[name.toLowerCase().replace('.amazonaws.com', ''), meant]];
    expect(parse(`lambda,${name}`)).toEqual({ services: ['lambda', meant], unknown: [], everyday });
    expect(parse(`${meant} ${name}`)).toEqual({ services: [meant], unknown: [], everyday });
  });

  test.each(['all', 'ALL', 'all,lambda', 'lambda all'])('%s are all', text => {
    expect(parse(text).services).toBe('all');
  });

  test('others beside all are checked too', () => {
    expect(() => parse('all,lamda')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  test.each([
    ['lamda', 'did you mean lambda?'],
    ['cloudfromation', 'did you mean cloudformation?'],
    ['secretsmanger', 'did you mean secretsmanager?'],
    ['evenbridge', 'did you mean events?'],
    ['toString', 'write tostring.amazonaws.com'],
    ['__proto__', 'as eventSource in CloudTrail does'],
    ['brandnew', 'write brandnew.amazonaws.com'],
  ])('%s is none', (name, hint) => {
    const refusal = { code: 'USAGE', hint: expect.stringContaining(hint) };
    expect(() => parse(name)).toThrow(expect.objectContaining(refusal));
  });

  test('one that is not known is taken in full, and told apart', () => {
    expect(parse('lambda, BrandNew.amazonaws.com')).toEqual({
      services: ['lambda', 'brandnew'],
      unknown: ['brandnew'],
      everyday: [],
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

describe('patterns of calls', () => {
  test.each([
    ['ssm:PutParameter', 'ssm:PutParameter'],
    ['SSM:Put*', 'ssm:Put*'],
    ['*:StartExecution', '*:StartExecution'],
    ['s*:*', 's*:*'],
    ['stepfunctions:Start*', 'states:Start*'],
    ['cloudwatch.amazonaws.com:*', 'monitoring:*'],
    ['brandnew.amazonaws.com:DoIt', 'brandnew:DoIt'],
  ])('%s', (text, pattern) => {
    expect(parseCallPattern(text, '--ignore')).toBe(pattern);
  });

  test.each([
    '',
    'ssm',
    'ssm:',
    ':PutParameter',
    'ssm:a,b',
    'ssm:Put Parameter',
    'a:b:c',
    'ssn:PutParameter',
  ])('%j is none', text => {
    expect(() => parseCallPattern(text, '--ignore')).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });

  test('the nearest is named', () => {
    const refusal = { hint: expect.stringContaining('did you mean lambda?') };
    expect(() => parseCallPattern('lamda:*', '--ignore')).toThrow(expect.objectContaining(refusal));
  });
});
