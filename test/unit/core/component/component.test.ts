import { describe, expect, test } from 'vitest';
import {
  isComponent,
  isKeptComponent,
  placeOfComponent,
  quoteNoComponent,
  serviceOfKind,
} from '../../../../src/core/component/component.ts';

/** What a shell would have put a value in. */
const UNREPLACED = '$'.concat('{FUNCTION}');

describe('isComponent', () => {
  test.each([
    'lambda:resize',
    'layer:deps:7',
    'stack:領収書',
    'x:y',
    'arn:aws:s3:::bucket',
    's3:site-assets',
    'application-autoscaling:service/prod/web',
    'ssm:/shop/password',
    'lambda:orders:$LATEST',
    'monitoring:High%20CPU%2C%20prod',
    'monitoring:CPU>90%',
    'iam:ada@example.com',
    'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/a:*',
    `lambda:${'x'.repeat(1017)}`,
  ])('takes %s', text => {
    expect(isComponent(text)).toBe(true);
  });

  test.each([
    '',
    'resize',
    ':resize',
    'lambda:',
    'Lambda:x',
    'lambda:a b',
    'lambda:a,lambda:b',
    'lambda:a,b',
    `lambda:${UNREPLACED}`,
    'lambda:$FUNCTION',
    'lambda:$(name)',
    'lambda:{{function}}',
    'lambda:<<parameters.function>>',
    'lambda:%FUNCTION%',
    'lambda:$LATEST-not',
    'lambda:billing-*',
    'lambda:a?',
    'ecs:?',
    'https://example.com/a',
    's3://bucket/key',
    '3s:a',
    '-a:b',
    'a_b:c',
    'arn:aws:lambda:eu-west-1:123456789012:function:*',
    `arn:aws:lambda:eu-west-1:123456789012:function:${UNREPLACED}`,
    'arn:aws:s3:::a,arn:aws:s3:::b',
    'lambda:a\n',
    'lambda:\0',
    'lambda:\u200d',
    'lambda:\ud800',
    'arn:resize',
    'arn:aws:s3:::',
    `lambda:${'x'.repeat(1018)}`,
  ])('refuses %j', text => {
    expect(isComponent(text)).toBe(false);
  });
});

test.each([
  ['lambda:resize', {}],
  ['arn:aws:s3:::bucket', {}],
  ['arn:aws:iam::123456789012:role/x', { account: '123456789012' }],
  ['arn:aws:lambda:eu-west-1:123456789012:function:x', { account: '123456789012', region: 'eu-west-1' }],
])('placeOfComponent(%s) is %j', (component, place) => {
  expect(placeOfComponent(component)).toEqual(place);
});

test.each([
  ['lambda:a,lambda:b', '"lambda:a,lambda:b": several components are given one by one, and not with commas'],
  [`lambda:${UNREPLACED}`, `"lambda:${UNREPLACED}": a variable in it was not replaced by its value`],
  ['lambda:{{ matrix.name }}', '"lambda:{{ matrix.name }}": a variable in it was not replaced by its value'],
  ['lambda:<<parameters.a>>', '"lambda:<<parameters.a>>": a variable in it was not replaced by its value'],
  ['$COMPONENT', '"$COMPONENT": a variable in it was not replaced by its value'],
  ['lambda:billing-*', '"lambda:billing-*": a pattern names no single thing'],
  ['s3://bucket/key', '"s3://bucket/key": a URL is no component'],
  ['resize', '"resize"'],
])('%s is told as %s', (text, told) => expect(quoteNoComponent(text)).toBe(told));

test('what earlier versions took is still read', () => {
  const texts = ['lambda:a,lambda:b', `lambda:${UNREPLACED}`, 's3:x', 'lambda:a b', 'resize', ''];
  expect(texts.map(isKeptComponent)).toEqual([true, true, true, false, false, false]);
});

test.each([
  ['layer', 'lambda'],
  ['stack', 'cloudformation'],
  ['ecs', 'ecs'],
])('things of the kind %s are in %s', (kind, service) => expect(serviceOfKind(kind)).toBe(service));
