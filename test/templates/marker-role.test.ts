import { describe, expect, it } from 'vitest';
import { readTemplateDocument, resolveTemplate } from './template-document.ts';
import { outputOf, propertiesOf, statementsIn } from './template-statements.ts';
import { toMap, valueAt } from './template-yaml.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/01234567-89ab-cdef-0123-456789abcdef';
const MARKERS = 'arn:aws:s3:::acme-deploys/markers/*';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
const TRUSTED = 'arn:aws:iam::444455556666:role/deploy,arn:aws:iam::777788889999:role/ci/deploy';
const BASE = { TrustedRoleArns: TRUSTED, ChannelArn: CHANNEL };

describe('the role that writes markers', () => {
  it('trusts the roles that are named, under the names that emit gives sessions', () => {
    for (const SessionNamePattern of ['ci-*', 'ci-prod-*']) {
      const role = propertiesOf(
        resolveTemplate('marker-role', { ...BASE, SessionNamePattern }),
        'MarkerRole',
      );
      expect(role['AssumeRolePolicyDocument']).toEqual({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: TRUSTED.split(',') },
            Action: 'sts:AssumeRole',
            Condition: { StringLike: { 'sts:RoleSessionName': [SessionNamePattern, 'deploy-marker'] } },
          },
        ],
      });
    }
  });

  it.each<Record<string, string>>([
    { ChannelArn: CHANNEL },
    { LogGroupName: '/deploys/markers' },
    { ChannelArn: CHANNEL, LogGroupName: '/deploys/markers' },
    { MarkersArn: MARKERS },
    { MarkersArn: MARKERS, MarkersKeyArn: KEY },
  ])('may write to %o and nothing else', sink => {
    const expected = [
      sink['ChannelArn'] && { Effect: 'Allow', Action: 'cloudtrail-data:PutAuditEvents', Resource: CHANNEL },
      sink['LogGroupName'] && {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:/deploys/markers:*',
      },
      sink['MarkersArn'] && {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:GetObject'],
        Resource: MARKERS,
      },
      sink['MarkersKeyArn'] && {
        Effect: 'Allow',
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: KEY,
      },
    ].filter(Boolean);
    const template = resolveTemplate('marker-role', { TrustedRoleArns: TRUSTED, ...sink });
    const role = propertiesOf(template, 'MarkerRole');
    expect(Object.keys(template.resources)).toEqual(['MarkerRole']);
    expect(statementsIn(role['Policies'])).toEqual(expected);
    expect(statementsIn(toMap(template.resources))).toHaveLength(expected.length + 1);
    expect(role['ManagedPolicyArns']).toBeUndefined();
  });

  it('has to be told what it may write to', () => {
    const resolve = (): unknown => resolveTemplate('marker-role', { TrustedRoleArns: TRUSTED });
    expect(resolve).toThrow('SinkIsNamed: Set ChannelArn, LogGroupName or MarkersArn');
  });

  it('takes a name and a boundary, and is the sink role of emit', () => {
    const PermissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/boundary';
    const template = resolveTemplate('marker-role', { ...BASE, RoleName: 'markers', PermissionsBoundaryArn });
    expect(propertiesOf(template, 'MarkerRole')).toMatchObject({
      RoleName: 'markers',
      PermissionsBoundary: PermissionsBoundaryArn,
    });
    const bare = propertiesOf(resolveTemplate('marker-role', BASE), 'MarkerRole');
    expect(Object.keys(bare).sort()).toEqual(['AssumeRolePolicyDocument', 'Description', 'Policies']);
    expect(outputOf(template, 'RoleArn')).toBe('<MarkerRole.Arn>');
    expect(valueAt(template.outputs['RoleArn'], 'Description')).toMatch(
      /^Set as DEPLOY_MARKER_SINK_ROLE_ARN: /,
    );
  });

  it.each<[string, string]>([
    ['TrustedRoleArns', '*'],
    ['TrustedRoleArns', 'arn:aws:iam::444455556666:root'],
    ['TrustedRoleArns', 'arn:aws:iam::444455556666:role/*'],
    ['TrustedRoleArns', ''],
    ['TrustedRoleArns', `${TRUSTED},*`],
    ['SessionNamePattern', '*'],
    ['ChannelArn', 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/*'],
    ['LogGroupName', '/deploys/*'],
  ])('refuses %s %o', (name, value) => {
    expect(() => resolveTemplate('marker-role', { ...BASE, [name]: value })).toThrow(`refuses ${name}`);
  });

  it('says what it separates and what it does not, and how many roles fit', () => {
    const { text, parameters } = readTemplateDocument('marker-role');
    const head = text.split('AWSTemplateFormatVersion')[0]?.replaceAll('\n#', '');
    expect(head).toContain('separates accounts, not deployer and witness');
    expect(head).toContain('a second time without DeployPolicyArns, and trust only that role here');
    expect(parameters['TrustedRoleArns']?.['ConstraintDescription']).toMatch(/holds about 20$/);
  });

  it('has to be told whom to trust', () => {
    expect(() => resolveTemplate('marker-role', { ChannelArn: CHANNEL })).toThrow('needs TrustedRoleArns');
  });
});
