import { describe, expect, test } from 'vitest';
import { isComponent, placeOfComponent } from '../../../src/core/component.ts';

describe('isComponent', () => {
  test.each([
    'lambda:resize',
    'layer:deps:7',
    'stack:領収書',
    'x:y',
    'arn:aws:s3:::bucket',
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
