import { describe, expect, it } from 'vitest';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { idsOfType, outputOf, propertiesOf, statementsIn } from './template-statements.ts';
import { toMap } from './template-yaml.ts';

const ID = '01234567-89ab-cdef-0123-456789abcdef';
const CLOUDTRAIL = 'arn:aws:cloudtrail:eu-west-1:111122223333';
const LOGS = 'arn:aws:logs:eu-west-1:111122223333:log-group';
const ROLES = 'arn:aws:iam::111122223333:role/deploy,arn:aws:iam::111122223333:role/ci/ship';
const KEYS = `arn:aws:kms:eu-west-1:111122223333:key/${ID},arn:aws:kms:us-east-1:111122223333:key/mrk-0`;
const READERS = 'arn:aws:iam::444455556666:role/audit,arn:aws:iam::777788889999:role/audit';
const QUERY = ['StartQuery', 'DescribeQuery', 'GetQueryResults', 'CancelQuery', 'GetEventDataStore'];

const allow = (Action: string | string[], Resource: string | string[]): object => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const stores = (...ids: string[]): object =>
  allow(
    QUERY.map(name => `cloudtrail:${name}`),
    ids.map(id => `${CLOUDTRAIL}:eventdatastore/${id}`),
  );
const ALWAYS = allow('cloudtrail:LookupEvents', '*');
const OTHER = ID.replace('0', 'f');

/** What each parameter opens besides event history. */
const OPENS: Record<string, readonly [string, readonly object[]]> = {
  MarkerStoreArn: [`${CLOUDTRAIL}:eventdatastore/${ID}`, [stores(ID)]],
  ChangeStoreArn: [`${CLOUDTRAIL}:eventdatastore/${OTHER}`, [stores(OTHER)]],
  KmsKeyArns: [KEYS, [allow(['kms:Decrypt', 'kms:GenerateDataKey'], KEYS.split(','))]],
  ChannelArn: [
    `${CLOUDTRAIL}:channel/${ID}`,
    [allow('cloudtrail:GetChannel', `${CLOUDTRAIL}:channel/${ID}`)],
  ],
  LogGroupName: [
    '/deploys/markers',
    [
      allow('logs:FilterLogEvents', `${LOGS}:/deploys/markers:*`),
      allow('logs:DescribeLogGroups', `${LOGS}:*`),
    ],
  ],
  DeployRoleArns: [ROLES, [allow('iam:GetRole', ROLES.split(','))]],
  ReaderRoleArns: [READERS, [allow('sts:AssumeRole', READERS.split(','))]],
  TrailBucketName: [
    'acme-trail',
    [
      allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::acme-trail', 'arn:aws:s3:::acme-trail/*']),
      allow('cloudtrail:ListPublicKeys', '*'),
    ],
  ],
  StateObjectArn: [
    'arn:aws:s3:::acme-audit/deploys/prod.json',
    [
      allow(
        ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
        ['arn:aws:s3:::acme-audit/deploys/prod.json', 'arn:aws:s3:::acme-audit'],
      ),
    ],
  ],
  NoticeTopicArn: [
    'arn:aws:sns:eu-west-1:111122223333:oncall',
    [allow('sns:Publish', 'arn:aws:sns:eu-west-1:111122223333:oncall')],
  ],
};

const statements = (parameters: Record<string, string>): unknown =>
  statementsIn(propertiesOf(resolveTemplate('audit-role', parameters), 'AuditPolicy'));

describe('the policy of who audits', () => {
  it('opens event history, and makes no role', () => {
    const template = resolveTemplate('audit-role');
    expect(Object.keys(template.resources)).toEqual(['AuditPolicy']);
    expect(statements({})).toEqual([ALWAYS]);
    expect(outputOf(template, 'AuditPolicyArn')).toBe('<AuditPolicy>');
    expect(outputOf(template, 'RoleArn')).toBeUndefined();
  });

  it.each(Object.entries(OPENS))('with %s opens that alone', (name, [value, opened]) => {
    expect(statements({ [name]: value })).toEqual([ALWAYS, ...opened]);
  });

  it('with all of them opens all, both stores in one statement', () => {
    const all = Object.fromEntries(Object.entries(OPENS).map(([name, [value]]) => [name, value]));
    const [, , ...rest] = Object.values(OPENS);
    const opened = rest.flatMap(([, list]) => list);
    expect(statements(all)).toEqual([ALWAYS, stores(ID, OTHER), ...opened]);
  });

  it.each<[string, string]>([
    ['MarkerStoreArn', `${CLOUDTRAIL}:eventdatastore/*`],
    ['ChangeStoreArn', ID],
    ['KmsKeyArns', 'arn:aws:kms:eu-west-1:111122223333:key/*'],
    ['KmsKeyArns', `${KEYS},*`],
    ['ChannelArn', `${CLOUDTRAIL}:channel/*`],
    ['LogGroupName', '*'],
    ['DeployRoleArns', '*'],
    ['ReaderRoleArns', 'arn:aws:iam::444455556666:role/*'],
    ['StateObjectArn', 'arn:aws:s3:::acme-audit'],
    ['StateObjectArn', 'arn:aws:s3:::acme-audit/*'],
    ['NoticeTopicArn', 'arn:aws:sns:eu-west-1:111122223333:*'],
    ['TrustedRoleArns', 'arn:aws:iam::444455556666:root'],
    ['TrustedRoleArns', '*'],
  ])('refuses %s %o', (name, value) => {
    expect(() => statements({ [name]: value })).toThrow(`refuses ${name}`);
  });
});

describe('the role of who audits', () => {
  it('says how many it can trust, and that it can rewrite the state', () => {
    const { TrustedRoleArns: trusted, StateObjectArn: state } = readTemplateDocument('audit-role').parameters;
    expect(trusted?.['ConstraintDescription']).toMatch(/holds about 20$/);
    expect(state?.['Description']).toContain('who audits can also rewrite it');
  });

  it('is made for those who are trusted, with that policy and no other', () => {
    const PermissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    const template = resolveTemplate('audit-role', {
      TrustedRoleArns: READERS,
      RoleName: 'audit',
      PermissionsBoundaryArn,
    });
    expect(idsOfType(template, 'AWS::IAM::Role')).toEqual(['AuditRole']);
    expect(propertiesOf(template, 'AuditRole')).toEqual({
      RoleName: 'audit',
      Description: expect.any(String),
      PermissionsBoundary: PermissionsBoundaryArn,
      ManagedPolicyArns: ['<AuditPolicy>'],
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: READERS.split(',') }, Action: 'sts:AssumeRole' }],
      },
    });
    expect(statementsIn(toMap(template.resources))).toHaveLength(2);
    expect(outputOf(template, 'RoleArn')).toBe('<AuditRole.Arn>');
  });

  it('has a name and a boundary only if they are given', () => {
    const template = resolveTemplate('audit-role', { TrustedRoleArns: READERS });
    const names = ['AssumeRolePolicyDocument', 'Description', 'ManagedPolicyArns'];
    expect(Object.keys(propertiesOf(template, 'AuditRole')).sort()).toEqual(names);
  });
});
