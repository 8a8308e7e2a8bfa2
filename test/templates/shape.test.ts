import { describe, expect, test } from 'vitest';
import { readTemplateParameters } from '../../src/core/template/parameter.ts';
import { readTemplateDocument, templateNames } from './template-document.ts';
import { misplacedFunctions } from './template-functions.ts';
import { isAccepted } from './template-parameters.ts';
import { listOf, statementsIn } from './template-statements.ts';
import { textsIn, uncommentedWildcards } from './template-wildcards.ts';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Parameters',
  'Rules',
  'Conditions',
  'Resources',
  'Outputs',
];
const KEYS =
  /^ {4}(?:Type: (?:String|Number|CommaDelimitedList)|(?:Default|AllowedPattern|ConstraintDescription|Description): (?:'(?:[^']|'')*'|[^'">|&*!%@`{[\s].*)|AllowedValues: \[[^\]]+\]|M(?:in|ax)(?:Value|Length): \d+|NoEcho: true)$/;
const STORES = ['AWS::CloudTrail::EventDataStore', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket'];
const VARIABLES = [
  'CHANNEL_ARN',
  'LOG_GROUP',
  'BUCKET',
  'EXTERNAL_ID',
  'ROLE_ARN',
  'SINK_ROLE_ARN',
  'MARKER_STORE',
  'CHANGE_STORE',
  'MARKERS',
  'CHANGES',
  'NOTIFY_SNS',
  'DEPLOY_ROLE',
  'WORKGROUP',
].map(name => `DEPLOY_MARKER_${name}`);

describe.each(templateNames())('template %s', name => {
  const document = readTemplateDocument(name);
  const { text, data, resources, outputs } = document;
  const lines = text.split('\n');
  const types = Object.values(resources).map(resource => String(resource['Type']));

  test('is plain text of short lines that begins with comments and says how to deploy it', () => {
    expect(text).toMatch(/^[\x20-\x7e\n]+\n$/);
    expect(lines.filter(line => line.length > 120 || /\s$/.test(line))).toEqual([]);
    const head = lines.slice(0, lines.indexOf("AWSTemplateFormatVersion: '2010-09-09'"));
    expect(head.length).toBeGreaterThan(3);
    expect(head.filter(line => !line.startsWith('#'))).toEqual([]);
    expect(head[0]).toMatch(/^# [A-Z].{20,}/);
    const command = head.join('\n');
    expect(command).toContain(`aws cloudformation deploy --template-file ${name}.yaml --stack-name `);
    if (types.some(type => type.startsWith('AWS::IAM::')))
      expect(command).toMatch(/--capabilities CAPABILITY_/);
    if (types.some(type => !type.startsWith('AWS::IAM::'))) expect(command).toMatch(/\bRegions?\b/);
    expect(command).toMatch(/\b(?:Costs?|costs?|free|bill)/);
  });

  test('has its sections in order, each one that templates here may have', () => {
    const keys = Object.keys(data);
    expect(keys).toEqual(SECTIONS.filter(section => keys.includes(section)));
    expect(keys).toEqual(expect.arrayContaining(['Description', 'Parameters', 'Resources', 'Outputs']));
    expect(String(data['Description'])).toMatch(/^.{20,120}$/);
  });

  test('writes each key of a parameter on one line, and the CLI reads what YAML reads', () => {
    const start = lines.indexOf('Parameters:') + 1;
    const section = lines.slice(
      start,
      lines.findIndex((line, index) => index >= start && /^\w/.test(line)),
    );
    expect(section.filter(line => !/^(?: {2}[A-Z][A-Za-z]+:)?$/.test(line) && !KEYS.test(line))).toEqual([]);
    const read = readTemplateParameters(text);
    expect(read.map(parameter => parameter.name)).toEqual(Object.keys(document.parameters));
    for (const parameter of read) {
      const declaration = document.parameters[parameter.name] ?? {};
      expect(parameter).toMatchObject({
        type: declaration['Type'],
        default: declaration['Default'] === undefined ? null : String(declaration['Default']),
        required: declaration['Default'] === undefined,
        description: declaration['Description'],
      });
      expect(parameter.pattern).toBe(declaration['AllowedPattern']);
      expect(parameter.constraint).toBe(declaration['ConstraintDescription']);
      expect(parameter.allowed_values ?? []).toEqual(listOf(declaration['AllowedValues']).map(String));
    }
  });

  test('describes every parameter, bounds its values and takes its own defaults', () => {
    for (const [parameter, declaration] of Object.entries(document.parameters)) {
      const {
        Type: type,
        Default: standard,
        Description: description,
        AllowedPattern: pattern,
      } = declaration;
      expect(String(description), parameter).toMatch(/^.{20,}$/);
      if (type === 'Number')
        expect(declaration['AllowedValues'] ?? declaration['MaxValue'], parameter).toBeDefined();
      else expect(pattern ?? declaration['AllowedValues'], parameter).toBeDefined();
      if (typeof pattern === 'string') expect(pattern, parameter).toMatch(/^\^(?:\$\|\^)?[^|].*\$$/s);
      if (standard === '') expect(String(description), parameter).toMatch(/\b[Ee]mpty\b/);
      const items = String(standard ?? '').split(type === 'CommaDelimitedList' ? ',' : '\0');
      if (standard !== undefined)
        expect(
          items.filter(item => !isAccepted(declaration, item)),
          parameter,
        ).toEqual([]);
    }
  });

  test('has each function in an object of its own, and nothing else of a name that reads as one', () => {
    expect(misplacedFunctions(data)).toEqual([]);
  });

  test('is CloudFormation alone: no transform, custom resource, function, nested stack or export', () => {
    expect(types.filter(type => !type.startsWith('AWS::'))).toEqual([]);
    expect(types).not.toContain('AWS::CloudFormation::CustomResource');
    expect(types).not.toContain('AWS::CloudFormation::Stack');
    expect(types).not.toContain('AWS::Lambda::Function');
    expect(Object.values(outputs).filter(output => output['Export'] !== undefined)).toEqual([]);
  });

  test('keeps what it stores: retained with its stack, protected, 400 days by default, under a key of choice', () => {
    for (const [id, store] of Object.entries(resources)) {
      // What a query found is a copy, and no evidence.
      if (!STORES.includes(String(store['Type'])) || id === 'ResultBucket') continue;
      expect(store).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
      if (store['Type'] === STORES[0])
        expect(store).toMatchObject({ Properties: { TerminationProtectionEnabled: true } });
      if (store['Type'] === STORES[1])
        expect(store).toMatchObject({ Properties: { DeletionProtectionEnabled: true } });
      expect(JSON.stringify(store)).toContain('{"Ref":"RetentionDays"}');
      expect(JSON.stringify(store)).toContain('{"Ref":"KmsKeyArn"}');
      expect(Number(document.parameters['RetentionDays']?.['Default'])).toBeGreaterThanOrEqual(400);
      expect(document.parameters['KmsKeyArn']?.['Default']).toBe('');
    }
  });

  test('allows no action as a whole, and gives a reason for every wildcard', () => {
    const allowed = statementsIn(data).filter(statement => statement['Effect'] !== 'Deny');
    expect(
      allowed
        .flatMap(statement => listOf(statement['Action']))
        .filter(action => /^(\w+:)?\*$/.test(String(action))),
    ).toEqual([]);
    expect(
      allowed.filter(
        statement => statement['NotAction'] ?? statement['NotResource'] ?? statement['NotPrincipal'],
      ),
    ).toEqual([]);
    expect(uncommentedWildcards(document)).toEqual([]);
  });

  test('says of each output what it is, and names a variable only in the agreed form', () => {
    for (const [output, { Description: description }] of Object.entries(outputs)) {
      expect(String(description), output).toMatch(/^.{10,}$/);
      const named = String(description).match(/DEPLOY_MARKER_\w+/g) ?? [];
      expect(
        named.filter(variable => !VARIABLES.includes(variable)),
        output,
      ).toEqual([]);
      if (named.length > 0) expect(String(description), output).toMatch(/^Set as DEPLOY_MARKER_[A-Z_]+: \S/);
    }
  });

  test('writes ARNs for every partition, account and Region', () => {
    const texts = textsIn(resources).concat(textsIn(outputs));
    expect(texts.filter(value => /\barn:aws\b|\b[a-z]{2}-[a-z]+-\d\b|\b\d{12}\b/.test(value))).toEqual([]);
  });
});
