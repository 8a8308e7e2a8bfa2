import { arn, callsTo, type SampleCall } from './sample-calls.ts';

const SWITCHED = {
  blueGreenDeploymentIdentifier: 'bgd-1',
  source: arn('rds', 'db:orders'),
  target: arn('rds', 'db:orders-green-abc123'),
  switchoverDetails: [
    { sourceMember: arn('rds', 'db:orders'), targetMember: arn('rds', 'db:orders-green-abc123') },
    { sourceMember: arn('rds', 'db:replica'), targetMember: arn('rds', 'db:replica-green-def456') },
  ],
};
const BOTH = 'bgd-1 orders orders-green-abc123 replica replica-green-def456';

/** Calls after which several things are other than before: renames, swaps, switch-overs and batches. */
export const JOINT_CALLS: readonly SampleCall[] = [
  ...callsTo('rds', [
    // How a restored database takes the place of the one before: two renames.
    [
      'ModifyDBInstance',
      { newDBInstanceIdentifier: 'orders-old', dBInstanceIdentifier: 'orders' },
      'orders orders-old',
    ],
    [
      'ModifyDBCluster',
      { newDBClusterIdentifier: 'Orders', dBClusterIdentifier: 'orders-new' },
      'orders-new orders',
    ],
    ['ModifyGlobalCluster', { globalClusterIdentifier: 'a', newGlobalClusterIdentifier: 'b' }, 'a b'],
    ['ModifyDBProxy', { dBProxyName: 'a', newDBProxyName: 'b' }, 'a b'],
    ['SwitchoverBlueGreenDeployment', { blueGreenDeploymentIdentifier: 'bgd-1' }, BOTH, SWITCHED],
    [
      'SwitchoverBlueGreenDeployment',
      { blueGreenDeploymentIdentifier: 'bgd-1' },
      BOTH,
      { blueGreenDeployment: SWITCHED },
    ],
    // What is copied from stays what it is.
    [
      'CreateBlueGreenDeployment',
      { source: arn('rds', 'db:orders'), blueGreenDeploymentName: 'upgrade' },
      'upgrade',
      SWITCHED,
    ],
    [
      'FailoverGlobalCluster',
      { targetDbClusterIdentifier: arn('rds', 'cluster:orders'), globalClusterIdentifier: 'world' },
      'world orders',
    ],
    [
      'RemoveFromGlobalCluster',
      { dbClusterIdentifier: arn('rds', 'cluster:orders'), globalClusterIdentifier: 'world' },
      'world orders',
    ],
  ]),
  ...callsTo('redshift', [
    ['ModifyCluster', { newClusterIdentifier: 'b', clusterIdentifier: 'a', nodeType: 'ra3' }, 'a b'],
  ]),
  ...callsTo('elasticache', [
    [
      'FailoverGlobalReplicationGroup',
      { primaryReplicationGroupId: 'sessions', globalReplicationGroupId: 'world' },
      'world sessions',
    ],
  ]),
  ...callsTo('iam', [
    ['UpdateUser', { newUserName: 'janet', userName: 'jane', newPath: '/x/' }, 'jane janet'],
    ['UpdateGroup', { groupName: 'a', newGroupName: 'b' }, 'a b'],
    ['UpdateServerCertificate', { serverCertificateName: 'a', newServerCertificateName: 'b' }, 'a b'],
  ]),
  ...callsTo('codedeploy', [
    [
      'UpdateDeploymentGroup',
      { newDeploymentGroupName: 'b', currentDeploymentGroupName: 'a', applicationName: 'shop' },
      'shop/a shop/b',
    ],
    ['UpdateApplication', { newApplicationName: 'b', applicationName: 'a' }, 'a b'],
  ]),
  ...callsTo('codecommit', [['UpdateRepositoryName', { newName: 'b', oldName: 'a' }, 'a b']]),
  ...callsTo('elasticbeanstalk', [
    [
      'SwapEnvironmentCNAMEs',
      { destinationEnvironmentName: 'green', sourceEnvironmentName: 'blue' },
      'blue green',
    ],
    ['SwapEnvironmentCNAMEs', { sourceEnvironmentId: 'e-1', destinationEnvironmentId: 'e-2' }, 'e-1 e-2'],
  ]),
  ...callsTo('autoscaling', [
    [
      'TerminateInstanceInAutoScalingGroup',
      { shouldDecrementDesiredCapacity: false, instanceId: 'i-1' },
      'web i-1',
      { activity: { activityId: 'a-1', autoScalingGroupName: 'web' } },
    ],
  ]),
  ...callsTo('memorydb', [
    ['BatchUpdateCluster', { clusterNames: ['a', 'b'], serviceUpdate: {} }, 'a b'],
    ['CopySnapshot', { sourceSnapshotName: 'a', targetSnapshotName: 'b' }, 'b'],
  ]),
  ...callsTo('glue', [['BatchDeleteConnection', { connectionNameList: ['a', 'b'] }, 'a b']]),
  ...callsTo('ec2', [
    [
      'AttachNetworkInterface',
      { instanceId: 'i-1', networkInterfaceId: 'eni-1', deviceIndex: 1 },
      'eni-1 i-1',
    ],
  ]),
];
