import type { Service } from '../service.ts';

/** Who may do what, and secrets. */
export const ACCESS_SERVICES: readonly Service[] = [
  {
    name: 'iam',
    things: [
      {
        calls: /^(?:Add|Remove)User(?:To|From)Group$/,
        at: ['groupName', 'userName'],
        isEach: true,
      },
      // Without a name these are about the caller.
      // Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html (UserName)
      {
        calls:
          /AccessKey|LoginProfile|MFADevice|SigningCertificate|SSHPublicKey|ServiceSpecificCredential|^ChangePassword$/,
        at: ['userName', 'answer.accessKey.userName', 'serialNumber', 'virtualMFADeviceName', 'who.userName'],
      },
      {
        what: 'role, user, group, policy',
        like: 'iam:deploy',
        // A call on one of them may mention what comes later: AttachRolePolicy has a policyArn.
        at: [
          'instanceProfileName',
          'groupName',
          'roleName',
          'answer.role.roleName',
          'userName',
          'answer.accessKey.userName',
          'policyArn',
          'policyName',
          'serverCertificateName',
          'sAMLProviderArn',
          'answer.sAMLProviderArn',
          'openIDConnectProviderArn',
          'answer.openIDConnectProviderArn',
          'accountAlias',
        ],
        arn: /^(?:role|user|group|policy|instance-profile|server-certificate|mfa|saml-provider|oidc-provider)\/(?:.+\/)?(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'kms',
    things: [
      { what: 'alias', like: 'kms:alias/app', at: ['aliasName'], arn: /^(?<name>alias\/.+)$/ },
      {
        what: 'key',
        like: 'kms:0a1b2c3d-0000-4000-8000-000000000001',
        at: ['keyId', 'answer.keyMetadata.keyId', 'answer.keyId'],
        arn: /^key\/(?<name>[^/]+)$/,
      },
      {
        what: 'key store',
        like: 'kms:cks-0a1b2c3d4e5f67890',
        calls: /CustomKeyStore$/,
        at: ['customKeyStoreId', 'answer.customKeyStoreId'],
      },
    ],
  },
  {
    name: 'secretsmanager',
    things: [
      {
        what: 'secret',
        like: 'secretsmanager:prod/db',
        at: ['answer.name', 'name', 'secretId', 'more.secretId'],
        // Six random characters end the ARN, and no name. An ARN without them is one that is not whole.
        // Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
        arn: /^secret:(?<name>.+?)(?:-[A-Za-z0-9]{6})?$/,
      },
    ],
  },
  {
    name: 'ssm',
    // A name of one level has the same ARN with and without its slash.
    spell: name => name.replace(/^\/(?=[^/]+$)/, ''),
    things: [
      {
        what: 'association',
        like: 'ssm:0a1b2c3d-0000-4000-8000-000000000001',
        calls: /Association/,
        at: ['associationId', 'answer.associationDescription.associationId'],
        arn: /^(?:association|maintenancewindow|patchbaseline|opsitem|opsmetadata)\/(?<name>[^/]+)$/,
      },
      {
        what: 'parameter',
        like: 'ssm:/shop/password',
        calls: /Parameters?(?:Version)?$/,
        at: ['name', 'names'],
        // The slash that a name of several levels begins with is the one before it in the ARN.
        // Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
        arn: /^parameter(?<name>\/.+)$/,
      },
      {
        what: 'document',
        like: 'ssm:restart-web',
        calls: /Document/,
        at: ['name'],
        arn: /^document\/(?<name>[^/]+)$/,
      },
      {
        what: 'maintenance window, patch baseline',
        like: 'ssm:mw-0a1b2c3d4e5f67890',
        at: [
          'windowId',
          'answer.windowId',
          'baselineId',
          'answer.baselineId',
          'opsItemId',
          'answer.opsItemId',
          'settingId',
          'resourceId',
        ],
      },
      { what: 'instance', like: 'ssm:i-0a1b2c3d4e5f67890', at: ['instanceIds', 'instanceId'] },
    ],
  },
  {
    name: 'acm',
    things: [
      {
        what: 'certificate',
        like: 'acm:0a1b2c3d-0000-4000-8000-000000000001',
        at: ['certificateArn', 'answer.certificateArn'],
        arn: /^certificate\/(?<name>[\w-]+)$/,
      },
    ],
  },
  {
    name: 'cognito-idp',
    things: [
      {
        what: 'user pool',
        like: 'cognito-idp:eu-west-1_a1B2c3D4e',
        at: ['userPoolId', 'answer.userPool.id'],
        arn: /^userpool\/(?<name>[\w-]+)/,
      },
    ],
  },
  {
    name: 'wafv2',
    things: [
      {
        what: 'web ACL, rule group, IP set',
        like: 'wafv2:edge',
        at: ['webACLArn', 'loggingConfiguration.resourceArn', 'name'],
        arn: /^(?:global|regional)\/(?:webacl|rulegroup|ipset|regexpatternset|managedruleset)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'organizations',
    things: [
      { calls: /^(?:Attach|Detach)Policy$/, at: ['policyId', 'targetId'], isEach: true },
      {
        what: 'policy, account, unit',
        like: 'organizations:p-a1b2c3d4',
        at: [
          'policyId',
          'answer.policy.policySummary.id',
          'accountId',
          'organizationalUnitId',
          'answer.organizationalUnit.id',
          'answer.createAccountStatus.accountId',
          'targetId',
          'handshakeId',
          'resourceId',
        ],
        arn: /^(?:policy|account|ou|root|handshake)\/(?:.+\/)?(?<name>[^/]+)$/,
      },
    ],
  },
];
