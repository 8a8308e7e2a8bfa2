import type { Service } from '../service.ts';

/** What a blue/green deployment switches, as its answer tells: two databases, and those that come along. */
const SWITCHED = [
  'answer.source',
  'answer.target',
  'answer.switchoverDetails.sourceMember',
  'answer.switchoverDetails.targetMember',
];

/** Stores of data. RDS, ElastiCache and Redshift keep their identifiers in lower case, however they are given. */
export const DATA_SERVICES: readonly Service[] = [
  {
    name: 's3',
    things: [
      {
        what: 'access point',
        like: 's3:reports',
        calls: /AccessPoint/,
        at: ['name'],
        arn: /^accesspoint[:/](?<name>[\w-]+)/,
      },
      {
        what: 'bucket',
        like: 's3:site-assets',
        at: ['bucketName', 'bucket'],
        arn: /^(?<name>[a-z0-9][\w.-]+)(?:\/.*)?$/,
      },
    ],
  },
  {
    name: 'dynamodb',
    things: [
      {
        what: 'table',
        like: 'dynamodb:orders',
        at: [
          'targetTableName',
          'tableName',
          'globalTableName',
          'tableCreationParameters.tableName',
          'tableArn',
          'backupArn',
        ],
        arn: /^(?:table|global-table)\/(?<name>[^/:]+)/,
      },
    ],
  },
  {
    name: 'rds',
    spell: toLowerCase,
    things: [
      {
        what: 'snapshot',
        like: 'rds:before-upgrade',
        calls: /^(?:Create|Copy|Delete|Modify).*Snapshot/,
        at: [
          'targetDBSnapshotIdentifier',
          'dBSnapshotIdentifier',
          'targetDBClusterSnapshotIdentifier',
          'dBClusterSnapshotIdentifier',
        ],
      },
      // Green takes the names of blue, members and all.
      // Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_SwitchoverBlueGreenDeployment.html
      {
        calls: /^SwitchoverBlueGreenDeployment$/,
        at: ['blueGreenDeploymentIdentifier', ...SWITCHED, ...SWITCHED.map(insideDeployment)],
        isEach: true,
      },
      // Of these calls a member comes out another, too.
      {
        calls: /^(?:(?:Failover|Switchover)GlobalCluster|RemoveFromGlobalCluster)$/,
        at: ['globalClusterIdentifier', 'targetDbClusterIdentifier', 'dbClusterIdentifier'],
        isEach: true,
      },
      {
        what: 'instance, cluster, parameter group',
        like: 'rds:orders-db',
        at: [
          'dBInstanceIdentifier',
          'dBClusterIdentifier',
          'targetDBInstanceIdentifier',
          'globalClusterIdentifier',
          'dBProxyName',
          'blueGreenDeploymentIdentifier',
          'blueGreenDeploymentName',
          'resourceIdentifier',
          'targetDBParameterGroupIdentifier',
          'targetDBClusterParameterGroupIdentifier',
          'targetOptionGroupIdentifier',
          'dBParameterGroupName',
          'dBClusterParameterGroupName',
          'optionGroupName',
          'dBSubnetGroupName',
          'subscriptionName',
          'exportTaskIdentifier',
          'answer.dBInstanceIdentifier',
        ],
        arn: /^(?:db|cluster|snapshot|cluster-snapshot|pg|cluster-pg|og|subgrp|es|secgrp|deployment|global-cluster|db-proxy):(?<name>[^:]+(?::[^:]+)?)$/,
      },
    ],
  },
  {
    name: 'elasticache',
    spell: toLowerCase,
    things: [
      {
        what: 'snapshot',
        like: 'elasticache:before-upgrade',
        calls: /Snapshot$/,
        at: [
          'targetSnapshotName',
          'snapshotName',
          'targetServerlessCacheSnapshotName',
          'serverlessCacheSnapshotName',
        ],
      },
      { calls: /^Batch/, at: ['replicationGroupIds', 'cacheClusterIds'], isEach: true },
      {
        calls: /^FailoverGlobalReplicationGroup$/,
        at: ['globalReplicationGroupId', 'primaryReplicationGroupId'],
        isEach: true,
      },
      {
        what: 'cluster, replication group, serverless cache',
        like: 'elasticache:sessions',
        at: [
          'cacheClusterId',
          'replicationGroupId',
          'serverlessCacheName',
          'globalReplicationGroupId',
          'answer.globalReplicationGroup.globalReplicationGroupId',
          'userGroupId',
          'userId',
          'cacheParameterGroupName',
          'cacheSubnetGroupName',
          'cacheSecurityGroupName',
        ],
        arn: /^(?:cluster|replicationgroup|serverlesscache|globalreplicationgroup|snapshot|serverlesscachesnapshot|usergroup|user|parametergroup|subnetgroup|securitygroup):(?<name>[^:]+)$/,
      },
    ],
  },
  {
    name: 'redshift',
    spell: toLowerCase,
    things: [
      {
        what: 'snapshot',
        like: 'redshift:before-upgrade',
        calls: /^(?!Restore).*(?:ClusterSnapshot|SnapshotAccess)$/,
        at: ['targetSnapshotIdentifier', 'snapshotIdentifier'],
        arn: /^snapshot:[^/]+\/(?<name>[^/]+)$/,
      },
      {
        what: 'cluster, parameter group',
        like: 'redshift:warehouse',
        at: ['clusterIdentifier', 'parameterGroupName', 'clusterSubnetGroupName', 'subscriptionName'],
        arn: /^(?:cluster|parametergroup|subnetgroup|eventsubscription):(?<name>[^:/]+)$/,
      },
    ],
  },
  {
    // OpenSearch Service still goes by the name that it had.
    name: 'es',
    things: [
      { what: 'domain', like: 'es:search', at: ['domainName', 'domainArn'], arn: /^domain\/(?<name>[^/]+)/ },
    ],
  },
  {
    name: 'elasticfilesystem',
    things: [
      {
        what: 'file system',
        like: 'elasticfilesystem:fs-0a1b2c3d',
        at: [
          'fileSystemId',
          'answer.fileSystemId',
          'sourceFileSystemId',
          'accessPointId',
          'mountTargetId',
          'resourceId',
        ],
        arn: /^(?:file-system|access-point)\/(?<name>[^/]+)$/,
      },
    ],
  },
];

function insideDeployment(path: string): string {
  return path.replace(/^answer/, 'answer.blueGreenDeployment');
}

function toLowerCase(name: string): string {
  return name.toLowerCase();
}
