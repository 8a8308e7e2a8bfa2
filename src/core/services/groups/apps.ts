import type { Service } from '../service.ts';

/** What apps are built of and with, besides functions and containers. */
export const APP_SERVICES: readonly Service[] = [
  {
    name: 'amplify',
    things: [
      {
        what: 'branch',
        like: 'amplify:d1a2b3c4d5e6f7/main',
        at: ['branchName'],
        in: ['appId'],
        arn: /^apps\/(?<in>\w+)\/branches\/(?<name>[^/]+)/,
      },
      {
        what: 'app',
        like: 'amplify:d1a2b3c4d5e6f7',
        at: ['appId', 'answer.app.appId'],
        arn: /^apps\/(?<name>\w+)/,
      },
    ],
  },
  {
    name: 'appsync',
    things: [
      {
        what: 'API',
        like: 'appsync:a1b2c3d4e5f6g7h8',
        at: ['apiId', 'answer.graphqlApi.apiId', 'answer.api.apiId', 'domainName'],
        arn: /^apis\/(?<name>\w+)/,
      },
    ],
  },
  {
    name: 'servicediscovery',
    things: [
      {
        what: 'service, namespace',
        like: 'servicediscovery:srv-a1b2c3d4e5f6',
        at: ['serviceId', 'id', 'answer.service.id', 'name'],
        arn: /^(?:service|namespace)\/(?<name>[\w-]+)$/,
      },
    ],
  },
  {
    name: 'cognito-identity',
    things: [
      {
        what: 'identity pool',
        like: 'cognito-identity:eu-west-1:0a1b2c3d-0000-4000-8000-000000000001',
        at: ['identityPoolId', 'answer.identityPoolId'],
        arn: /^identitypool\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'ses',
    things: [
      {
        what: 'identity, configuration set, template',
        like: 'ses:example.com',
        at: [
          'emailIdentity',
          'identity',
          'configurationSetName',
          'configurationSet.name',
          'templateName',
          'template.templateName',
          'contactListName',
          'ruleSetName',
        ],
        arn: /^(?:identity|configuration-set|template|contact-list)\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'codecommit',
    things: [
      {
        what: 'repository',
        like: 'codecommit:shop',
        at: ['repositoryName', 'oldName', 'repositoryNames'],
        arn: /^(?<name>[\w.-]+)$/,
      },
    ],
  },
  {
    name: 'codeartifact',
    things: [
      {
        what: 'repository',
        like: 'codeartifact:acme/npm',
        at: ['repository', 'destinationRepository'],
        in: ['domain'],
        arn: /^(?:repository|package)\/(?<in>[^/]+)\/(?<name>[^/]+)/,
      },
      { what: 'domain', like: 'codeartifact:acme', at: ['domain'], arn: /^domain\/(?<name>[^/]+)$/ },
    ],
  },
  ...['codeconnections', 'codestar-connections'].map(
    (name): Service => ({
      name,
      things: [
        {
          what: 'connection',
          like: `${name}:0a1b2c3d-0000-4000-8000-000000000001`,
          at: ['connectionArn', 'answer.connectionArn', 'connectionName', 'hostArn', 'answer.hostArn'],
          arn: /^(?:connection|host)\/(?:.+\/)?(?<name>[^/]+)$/,
        },
      ],
    }),
  ),
  {
    name: 'backup',
    things: [
      {
        what: 'vault, plan',
        like: 'backup:daily',
        at: ['backupVaultName', 'backupPlanId', 'answer.backupPlanId', 'frameworkName', 'reportPlanName'],
        arn: /^(?:backup-vault|backup-plan|framework|report-plan):(?<name>[^:]+)$/,
      },
    ],
  },
  {
    name: 'transfer',
    things: [
      {
        what: 'user',
        like: 'transfer:s-0a1b2c3d4e5f67890/jane',
        calls: /User$|SshPublicKey$/,
        at: ['userName'],
        in: ['serverId'],
        arn: /^user\/(?<in>[^/]+)\/(?<name>[^/]+)$/,
      },
      {
        what: 'server',
        like: 'transfer:s-0a1b2c3d4e5f67890',
        at: ['serverId', 'answer.serverId'],
        arn: /^server\/(?<name>[\w-]+)$/,
      },
    ],
  },
  {
    name: 'mq',
    things: [
      {
        what: 'broker, configuration',
        like: 'mq:b-0a1b2c3d-0000-4000-8000-000000000001',
        at: ['brokerId', 'broker-id', 'answer.brokerId', 'configurationId', 'configuration-id', 'answer.id'],
        arn: /^(?:broker|configuration):(?:[^:]+:)?(?<name>[bc]-[\w-]+)$/,
      },
    ],
  },
  {
    name: 'memorydb',
    things: [
      { calls: /^BatchUpdateCluster$/, at: ['clusterNames'] },
      { calls: /^CopySnapshot$/, at: ['targetSnapshotName'] },
      {
        what: 'cluster, user, ACL',
        like: 'memorydb:sessions',
        at: ['clusterName', 'snapshotName', 'userName', 'aCLName', 'parameterGroupName', 'subnetGroupName'],
        arn: /^(?:cluster|snapshot|user|acl|parametergroup|subnetgroup)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'fsx',
    things: [
      {
        what: 'file system',
        like: 'fsx:fs-0a1b2c3d4e5f67890',
        at: [
          'fileSystemId',
          'answer.fileSystem.fileSystemId',
          'volumeId',
          'answer.volume.volumeId',
          'backupId',
        ],
        arn: /^(?:file-system|backup)\/(?<name>[\w-]+)$/,
      },
    ],
  },
  {
    name: 'globalaccelerator',
    things: [
      {
        what: 'accelerator, with its listeners',
        like: 'globalaccelerator:0a1b2c3d-0000-4000-8000-000000000001',
        at: ['acceleratorArn', 'listenerArn', 'endpointGroupArn', 'answer.accelerator.acceleratorArn'],
        arn: /^accelerator\/(?<name>[\w-]+)/,
      },
    ],
  },
  {
    name: 'ecr-public',
    things: [
      {
        what: 'repository',
        like: 'ecr-public:team/app',
        at: ['repositoryName'],
        arn: /^repository\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'cloudcontrolapi',
    // What it changes belongs to another service, which records a call of its own.
    things: [
      {
        what: 'what it changes',
        like: 'cloudcontrolapi:site-assets',
        at: ['identifier', 'answer.progressEvent.identifier', 'requestToken'],
      },
    ],
  },
  {
    name: 'sso',
    things: [
      {
        what: 'permission set',
        like: 'sso:ps-0a1b2c3d4e5f6789',
        at: [
          'permissionSetArn',
          'answer.permissionSet.permissionSetArn',
          'applicationArn',
          'answer.applicationArn',
          'instanceArn',
        ],
        arn: /^(?:permissionSet|application|instance)\/(?:.+\/)?(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'guardduty',
    things: [
      {
        what: 'detector',
        like: 'guardduty:12abc34d567e8fa901bc2d34e56789f0',
        at: ['detectorId', 'answer.detectorId'],
        arn: /^detector\/(?<name>\w+)/,
      },
    ],
  },
  {
    name: 'synthetics',
    things: [{ what: 'canary', like: 'synthetics:checkout', at: ['name'], arn: /^canary:(?<name>[^:]+)$/ }],
  },
];
