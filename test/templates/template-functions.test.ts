import { expect, test } from 'vitest';
import { misplacedFunctions } from './template-functions.ts';
import { parseTemplateDocument } from './template-yaml.ts';

test.each([
  ['Resources: {A: {B: !Sub [x, {Ref: !If [C, d, e]}]}}', ['Resources.A.B.Fn::Sub.1']],
  ['Resources: {A: {B: !Sub [x, {Ref: d}]}}', ['Resources.A.B.Fn::Sub.1']],
  ['Resources: {A: {B: !Sub [x, {Condition: d}]}}', ['Resources.A.B.Fn::Sub.1']],
  ['Resources: {A: {B: {Ref: [c]}}}', ['Resources.A.B']],
  ['Resources: {A: {B: {Ref: c, D: e}}}', ['Resources.A.B']],
  ["Resources: {A: {B: [{'Fn::If': [C, d, e], D: e}]}}", ['Resources.A.B.0']],
  ['Conditions: {A: {Condition: B, C: d}}', ['Conditions.A']],
  ['Conditions: {A: !Or [{Condition: [B]}, !Condition C]}', ['Conditions.A.Fn::Or.0']],
  ['Resources: {A: {Condition: B, C: {Condition: {D: e}, F: !Ref g, H: !Sub [x, {R: !Ref i}]}}}', []],
  ['Conditions: {Condition: !Equals [!Ref A, b], C: !Not [!Condition D]}', []],
])('in %s finds %o', (text, found) => {
  expect(misplacedFunctions(parseTemplateDocument('sample', text).data)).toEqual(found);
});
