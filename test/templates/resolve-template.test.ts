import { describe, expect, test } from 'vitest';
import { resolveDocument } from './resolve-template.ts';
import { parseTemplateDocument } from './template-yaml.ts';

const DOCUMENT = parseTemplateDocument(
  'sample',
  `
Parameters:
  Name: {Type: String, AllowedPattern: '[a-z]+'}
  Days: {Type: Number, Default: 30, MinValue: 7, MaxValue: 90}
  Arns: {Type: CommaDelimitedList, Default: '', AllowedPattern: '|arn:.+'}
  More: {Type: String, Default: 'false', AllowedValues: ['true', 'false']}
Rules:
  NeedsArns:
    RuleCondition: !Equals [!Ref More, 'true']
    Assertions:
      - {Assert: !Not [!Equals [!Join ['', !Ref Arns], '']], AssertDescription: More needs Arns}
Conditions:
  HasMore: !Equals [!Ref More, 'true']
  IsLong: !And [!Condition HasMore, !Or [!Equals [!Ref Days, '90'], !Equals [!Ref Name, long]]]
Resources:
  Main:
    Type: A::B::C
    Properties:
      Text: !Sub '\${Name} in \${AWS::Region}, \${!literal}, \${Main.Arn}'
      Given: !Sub ['\${Name} \${Of}', {Of: !If [HasMore, more, less]}]
      Id: !Select [1, !Split ['/', !GetAtt Main.Arn]]
      Second: !Select [1, !Split ['-', a-b-c]]
      List: [!If [HasMore, !Ref Arns, !Ref AWS::NoValue], last]
      Gone: !If [IsLong, kept, !Ref AWS::NoValue]
      PolicyDocument: !Sub '{"Statement": {"Action": "\${Name}"}}'
  Extra: {Type: A::B::D, Condition: HasMore}
Outputs:
  Extra: {Condition: HasMore, Value: !GetAtt Extra.Arn}
`,
);

describe('resolves', () => {
  test('defaults, functions, references and JSON in a string', () => {
    expect(resolveDocument(DOCUMENT, { Name: 'web' })).toEqual({
      resources: {
        Main: {
          Type: 'A::B::C',
          Properties: {
            Text: `web in eu-west-1, \${literal}, <Main.Arn>`,
            Given: 'web less',
            Id: '<Main.Arn split by / at 1>',
            Second: 'b',
            List: ['last'],
            PolicyDocument: { Statement: { Action: 'web' } },
          },
        },
      },
      outputs: {},
    });
  });

  test('what conditions let in', () => {
    const parameters = { Name: 'long', More: 'true', Arns: 'arn:a,arn:b', 'AWS::Region': 'sa-east-1' };
    expect(resolveDocument(DOCUMENT, parameters)).toMatchObject({
      resources: {
        Main: { Properties: { Given: 'long more', List: [['arn:a', 'arn:b'], 'last'], Gone: 'kept' } },
        Extra: { Type: 'A::B::D' },
      },
      outputs: { Extra: { Value: '<Extra.Arn>' } },
    });
  });
});

test.each([
  [{}, 'sample needs Name'],
  [{ Name: 'web', Nmae: 'web' }, 'sample has no parameter Nmae'],
  [{ Name: 'web1' }, 'sample refuses Name: web1'],
  [{ Name: 'web', Days: '91' }, 'sample refuses Days: 91'],
  [{ Name: 'web', Days: 'ten' }, 'sample refuses Days: ten'],
  [{ Name: 'web', Arns: 'arn:a,b' }, 'sample refuses Arns: b'],
  [{ Name: 'web', More: 'yes' }, 'sample refuses More: yes'],
  [{ Name: 'web', More: 'true' }, 'NeedsArns: More needs Arns'],
])('refuses %o', (parameters, message) => {
  expect(() => resolveDocument(DOCUMENT, parameters)).toThrow(message);
});

test.each([
  ['!GetAtt Extra.Arn', 'refers to Extra, which its condition left out'],
  ['!Ref Nothing', 'neither a parameter nor a resource: Nothing'],
  ['!Base64 text', 'a function that templates here do not use: Fn::Base64'],
])('refuses %s where CloudFormation would', (value, message) => {
  const other = `  Other: {Type: A::B::E, Properties: {Of: ${value}}}\nOutputs:`;
  const broken = parseTemplateDocument('sample', DOCUMENT.text.replace('Outputs:', other));
  expect(() => resolveDocument(broken, { Name: 'web' })).toThrow(message);
});
