import { arn, callsTo, type SampleCall } from './sample-calls.ts';

const KEY = '0a1b2c3d-0000-4000-8000-000000000001';
const ROLE = 'arn:aws:iam::111122223333:role/app';
const POLICY = 'arn:aws:iam::111122223333:policy/path/read-orders';

/** Data, identities and secrets. */
export const STORE_CALLS: readonly SampleCall[] = [
  ...callsTo('s3', [
    [
      'PutBucketPolicy',
      { host: 'site-assets.s3.eu-west-1.amazonaws.com', bucketPolicy: {}, bucketName: 'site-assets' },
      'site-assets',
    ],
    [
      'PutBucketReplication',
      { replicationConfiguration: { role: ROLE }, bucketName: 'site-assets' },
      'site-assets',
    ],
  ]),
  ...callsTo('dynamodb', [
    ['UpdateTable', { billingMode: 'PAY_PER_REQUEST', tableName: 'orders' }, 'orders'],
    ['UpdateTimeToLive', { tableName: arn('dynamodb', 'table/orders') }, 'orders'],
    ['TagResource', { tags: [], resourceArn: arn('dynamodb', 'table/orders') }, 'orders'],
    ['RestoreTableToPointInTime', { sourceTableName: 'orders', targetTableName: 'orders-old' }, 'orders-old'],
    ['DeleteBackup', { backupArn: arn('dynamodb', 'table/orders/backup/01') }, 'orders'],
    [
      'EnableKinesisStreamingDestination',
      { streamArn: arn('kinesis', 'stream/x'), tableName: 'orders' },
      'orders',
    ],
  ]),
  ...callsTo('rds', [
    [
      'ModifyDBInstance',
      { dBParameterGroupName: 'pg15', applyImmediately: true, dBInstanceIdentifier: 'Orders-DB' },
      'orders-db',
    ],
    [
      'CreateDBInstance',
      { dBClusterIdentifier: 'orders', dBSubnetGroupName: 'private', dBInstanceIdentifier: 'orders-1' },
      'orders-1',
    ],
    ['ModifyDBCluster', { dBClusterParameterGroupName: 'aurora', dBClusterIdentifier: 'orders' }, 'orders'],
    [
      'FailoverDBCluster',
      { targetDBInstanceIdentifier: 'orders-2', dBClusterIdentifier: 'orders' },
      'orders',
    ],
    [
      'RestoreDBInstanceFromDBSnapshot',
      { dBSnapshotIdentifier: 's1', dBInstanceIdentifier: 'orders-db' },
      'orders-db',
    ],
    ['CreateDBSnapshot', { dBInstanceIdentifier: 'orders-db', dBSnapshotIdentifier: 's1' }, 's1'],
    [
      'ModifyDBClusterSnapshotAttribute',
      { attributeName: 'restore', valuesToAdd: ['all'], dBClusterSnapshotIdentifier: 's1' },
      's1',
    ],
    ['ModifyDBParameterGroup', { parameters: [], dBParameterGroupName: 'pg15' }, 'pg15'],
    ['AddRoleToDBInstance', { roleArn: ROLE, dBInstanceIdentifier: 'orders-db' }, 'orders-db'],
    ['AddTagsToResource', { tags: [], resourceName: arn('rds', 'db:orders-db') }, 'orders-db'],
  ]),
  ...callsTo('elasticache', [
    [
      'CreateReplicationGroup',
      { cacheSubnetGroupName: 'private', primaryClusterId: 'a', replicationGroupId: 'sessions' },
      'sessions',
    ],
    [
      'ModifyReplicationGroup',
      { cacheParameterGroupName: 'redis7', replicationGroupId: 'Sessions' },
      'sessions',
    ],
    [
      'CreateCacheCluster',
      { replicationGroupId: 'sessions', cacheClusterId: 'sessions-002' },
      'sessions-002',
    ],
    ['CreateSnapshot', { replicationGroupId: 'sessions', snapshotName: 'before' }, 'before'],
    ['AddTagsToResource', { resourceName: arn('elasticache', 'replicationgroup:sessions') }, 'sessions'],
  ]),
  ...callsTo('redshift', [
    ['ModifyCluster', { clusterParameterGroupName: 'p', clusterIdentifier: 'warehouse' }, 'warehouse'],
    ['DeleteClusterSnapshot', { snapshotClusterIdentifier: 'warehouse', snapshotIdentifier: 's1' }, 's1'],
  ]),
  ...callsTo('es', [['UpdateDomainConfig', { accessPolicies: '{}', domainName: 'search' }, 'search']]),
  ...callsTo('elasticfilesystem', [
    ['CreateMountTarget', { subnetId: 'subnet-1', fileSystemId: 'fs-1' }, 'fs-1'],
    ['CreateFileSystem', { creationToken: 't' }, 'fs-1', { ownerId: '1', fileSystemId: 'fs-1' }],
  ]),
  ...callsTo('iam', [
    [
      'AttachRolePolicy',
      { policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess', roleName: 'app' },
      'app',
    ],
    ['DeleteRolePolicy', { policyName: 'inline', roleName: 'app' }, 'app'],
    ['PutUserPolicy', { policyName: 'inline', userName: 'eve', policyDocument: '{}' }, 'eve'],
    ['AddUserToGroup', { userName: 'eve', groupName: 'admins' }, 'admins eve'],
    ['CreatePolicyVersion', { setAsDefault: true, policyArn: POLICY }, 'read-orders'],
    [
      'CreatePolicy',
      { path: '/path/', policyName: 'read-orders' },
      'read-orders',
      { policy: { arn: POLICY } },
    ],
    ['AddRoleToInstanceProfile', { roleName: 'app', instanceProfileName: 'web' }, 'web'],
    [
      'CreateServiceLinkedRole',
      { aWSServiceName: 'ecs.amazonaws.com' },
      'AWSServiceRoleForECS',
      { role: { roleName: 'AWSServiceRoleForECS' } },
    ],
    ['CreateAccessKey', null, 'eve', { accessKey: { accessKeyId: 'AKIA1', userName: 'eve' } }],
    ['UpdateAccessKey', { accessKeyId: 'AKIA1', userName: 'eve', status: 'Inactive' }, 'eve'],
    ['DeleteAccessKey', { accessKeyId: 'AKIA1' }, 'caller'],
    ['UpdateAccountPasswordPolicy', { minimumPasswordLength: 20 }, '?'],
    [
      'CreateOpenIDConnectProvider',
      { url: 'https://oidc.example.com/org' },
      'org',
      { openIDConnectProviderArn: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/org' },
    ],
  ]),
  ...callsTo('kms', [
    ['PutKeyPolicy', { policyName: 'default', keyId: KEY, policy: '{}' }, KEY],
    ['ScheduleKeyDeletion', { pendingWindowInDays: 7, keyId: arn('kms', `key/${KEY}`) }, KEY],
    [
      'CreateKey',
      { customKeyStoreId: 'cks-1', description: 'd' },
      KEY,
      { keyMetadata: { customKeyStoreId: 'cks-1', keyId: KEY } },
    ],
    ['UpdateAlias', { targetKeyId: KEY, aliasName: 'alias/app' }, 'alias/app'],
    ['CreateGrant', { granteePrincipal: ROLE, keyId: KEY, name: 'n' }, KEY],
  ]),
  ...callsTo('secretsmanager', [
    [
      'CreateSecret',
      { kmsKeyId: 'alias/app', name: 'prod/db' },
      'prod/db',
      { arn: arn('secretsmanager', 'secret:prod/db-AbCdEf'), name: 'prod/db' },
    ],
    ['PutSecretValue', { secretId: arn('secretsmanager', 'secret:prod/db-AbCdEf') }, 'prod/db'],
    [
      'RotateSecret',
      { rotationLambdaARN: arn('lambda', 'function:rotate'), secretId: 'db-AbCdEf' },
      'db-AbCdEf',
    ],
    [
      'DeleteSecret',
      { secretId: arn('secretsmanager', 'secret:my-secret') },
      'my-secret',
      { arn: 'a', name: 'my-secret' },
    ],
  ]),
  ...callsTo('ssm', [
    ['PutParameter', { keyId: 'alias/app', name: '/shop/password', type: 'SecureString' }, '/shop/password'],
    ['DeleteParameter', { name: arn('ssm', 'parameter/shop/password') }, '/shop/password'],
    ['DeleteParameters', { names: ['/shop/password', 'debug', '/debug'] }, '/shop/password debug'],
    ['AddTagsToResource', { resourceType: 'Parameter', resourceId: '/shop/password' }, '/shop/password'],
    ['UpdateDocument', { documentVersion: '1', name: 'restart-web' }, 'restart-web'],
    [
      'CreateAssociation',
      { name: 'AWS-RunPatchBaseline' },
      'as-1',
      { associationDescription: { name: 'x', associationId: 'as-1' } },
    ],
    ['SendCommand', { documentName: 'AWS-RunShellScript', instanceIds: ['i-1', 'i-2'] }, 'i-1 i-2'],
    ['StartAutomationExecution', { documentName: 'AWS-RestartEC2Instance' }, '?'],
  ]),
  ...callsTo('acm', [['DeleteCertificate', { certificateArn: arn('acm', `certificate/${KEY}`) }, KEY]]),
  ...callsTo('cognito-idp', [
    [
      'UpdateUserPool',
      { smsConfiguration: { snsCallerArn: ROLE }, userPoolId: 'eu-west-1_a1B2' },
      'eu-west-1_a1B2',
    ],
    ['CreateUserPoolClient', { clientName: 'web', userPoolId: 'eu-west-1_a1B2' }, 'eu-west-1_a1B2'],
  ]),
  ...callsTo('wafv2', [
    ['UpdateWebACL', { id: KEY, name: 'edge', scope: 'REGIONAL' }, 'edge'],
    [
      'AssociateWebACL',
      {
        resourceArn: arn('elasticloadbalancing', 'loadbalancer/app/web/50dc'),
        webACLArn: arn('wafv2', `regional/webacl/edge/${KEY}`),
      },
      'edge',
    ],
  ]),
  ...callsTo('organizations', [
    ['AttachPolicy', { targetId: '111122223333', policyId: 'p-1' }, 'p-1 organizations:111122223333'],
    [
      'MoveAccount',
      { sourceParentId: 'r-1', accountId: '111122223333', destinationParentId: 'ou-1' },
      'organizations:111122223333',
    ],
  ]),
];
