import { arn, callsTo, type SampleCall } from '../change/sample-calls.ts';

const ROLE = 'arn:aws:iam::111122223333:role/app';
const UUID = '0a1b2c3d-0000-4000-8000-000000000001';

/** What apps are built of, and what data is worked on with. */
export const APP_CALLS: readonly SampleCall[] = [
  ...callsTo('amplify', [
    [
      'CreateApp',
      { name: 'shop', iamServiceRoleArn: ROLE },
      'd1a2',
      { app: { appId: 'd1a2', name: 'shop' } },
    ],
    ['StartJob', { jobType: 'RELEASE', branchName: 'main', appId: 'd1a2' }, 'd1a2/main'],
    ['UpdateApp', { name: 'shop', appId: 'd1a2' }, 'd1a2'],
    ['TagResource', { resourceArn: arn('amplify', 'apps/d1a2/branches/main') }, 'd1a2/main'],
  ]),
  ...callsTo('appsync', [
    ['UpdateGraphqlApi', { name: 'orders', userPoolConfig: { userPoolId: 'p' }, apiId: 'a1b2' }, 'a1b2'],
    ['CreateGraphqlApi', { name: 'orders' }, 'a1b2', { graphqlApi: { name: 'orders', apiId: 'a1b2' } }],
    ['CreateResolver', { typeName: 'Query', dataSourceName: 'd', fieldName: 'f', apiId: 'a1b2' }, 'a1b2'],
  ]),
  ...callsTo('servicediscovery', [
    [
      'CreateService',
      { namespaceId: 'ns-1', name: 'web' },
      'srv-1',
      { service: { namespaceId: 'ns-1', id: 'srv-1' } },
    ],
    ['RegisterInstance', { instanceId: 'i-1', serviceId: 'srv-1' }, 'srv-1'],
    ['UpdateService', { id: arn('servicediscovery', 'service/srv-1') }, 'srv-1'],
  ]),
  ...callsTo('cognito-identity', [
    [
      'SetIdentityPoolRoles',
      { roles: { authenticated: ROLE }, identityPoolId: `eu-west-1:${UUID}` },
      `cognito-identity:eu-west-1:${UUID}`,
    ],
    [
      'TagResource',
      { resourceArn: arn('cognito-identity', `identitypool/eu-west-1:${UUID}`) },
      `cognito-identity:eu-west-1:${UUID}`,
    ],
  ]),
  ...callsTo('ses', [
    ['CreateEmailIdentity', { configurationSetName: 'main', emailIdentity: 'example.com' }, 'example.com'],
    ['SetIdentityNotificationTopic', { snsTopic: arn('sns', 'x'), identity: 'example.com' }, 'example.com'],
    ['CreateConfigurationSet', { configurationSet: { name: 'main' } }, 'main'],
  ]),
  ...callsTo('codecommit', [
    ['CreateBranch', { commitId: 'c', branchName: 'main', repositoryName: 'shop' }, 'shop'],
    ['TagResource', { resourceArn: arn('codecommit', 'shop') }, 'shop'],
  ]),
  ...callsTo('codeartifact', [
    [
      'UpdateRepository',
      { upstreams: [{ repositoryName: 'x' }], repository: 'npm', domain: 'acme' },
      'acme/npm',
    ],
    ['PutDomainPermissionsPolicy', { policyDocument: '{}', domain: 'acme' }, 'acme'],
    ['TagResource', { resourceArn: arn('codeartifact', 'repository/acme/npm') }, 'acme/npm'],
  ]),
  ...callsTo('codeconnections', [
    [
      'CreateConnection',
      { connectionName: 'github' },
      UUID,
      { connectionArn: arn('codeconnections', `connection/${UUID}`) },
    ],
    ['DeleteConnection', { connectionArn: arn('codeconnections', `connection/${UUID}`) }, UUID],
  ]),
  ...callsTo('codestar-connections', [
    ['DeleteConnection', { connectionArn: arn('codestar-connections', `connection/${UUID}`) }, UUID],
  ]),
  ...callsTo('backup', [
    ['PutBackupVaultAccessPolicy', { policy: '{}', backupVaultName: 'daily' }, 'daily'],
    [
      'StartBackupJob',
      { resourceArn: arn('dynamodb', 'table/x'), iamRoleArn: ROLE, backupVaultName: 'daily' },
      'daily',
    ],
    ['UpdateBackupPlan', { backupPlan: { backupPlanName: 'x' }, backupPlanId: 'p1' }, 'p1'],
  ]),
  ...callsTo('transfer', [
    ['UpdateUser', { role: ROLE, userName: 'jane', serverId: 's-1' }, 's-1/jane'],
    ['CreateServer', { loggingRole: ROLE }, 's-1', { serverId: 's-1' }],
    ['TagResource', { arn: arn('transfer', 'server/s-1') }, 's-1'],
  ]),
  ...callsTo('mq', [
    ['UpdateBroker', { configuration: { id: 'c-2' }, brokerId: 'b-1' }, 'b-1'],
    [
      'CreateBroker',
      { brokerName: 'jobs' },
      'b-1',
      { brokerArn: arn('mq', 'broker:jobs:b-1'), brokerId: 'b-1' },
    ],
  ]),
  ...callsTo('memorydb', [
    ['UpdateCluster', { parameterGroupName: 'p', aCLName: 'a', clusterName: 'sessions' }, 'sessions'],
    ['TagResource', { resourceArn: arn('memorydb', 'cluster/sessions') }, 'sessions'],
  ]),
  ...callsTo('fsx', [
    ['UpdateFileSystem', { fileSystemId: 'fs-1' }, 'fs-1'],
    [
      'CreateFileSystem',
      { subnetIds: ['subnet-1'] },
      'fs-1',
      { fileSystem: { vpcId: 'vpc-1', fileSystemId: 'fs-1' } },
    ],
  ]),
  ...callsTo('globalaccelerator', [
    [
      'UpdateEndpointGroup',
      {
        endpointGroupArn: `arn:aws:globalaccelerator::111122223333:accelerator/${UUID}/listener/1/endpoint-group/2`,
      },
      UUID,
    ],
    [
      'CreateAccelerator',
      { name: 'x' },
      UUID,
      { accelerator: { acceleratorArn: `arn:aws:globalaccelerator::111122223333:accelerator/${UUID}` } },
    ],
  ]),
  ...callsTo('ecr-public', [['PutImage', { imageTag: 'v1', repositoryName: 'team/app' }, 'team/app']]),
  ...callsTo('cloudcontrolapi', [
    [
      'UpdateResource',
      { typeName: 'AWS::S3::Bucket', roleArn: ROLE, identifier: 'site-assets' },
      'site-assets',
    ],
    [
      'CreateResource',
      { typeName: 'AWS::S3::Bucket' },
      'site-assets',
      { progressEvent: { identifier: 'site-assets' } },
    ],
  ]),
  ...callsTo('sso', [
    [
      'CreateAccountAssignment',
      {
        instanceArn: 'arn:aws:sso:::instance/ssoins-1',
        principalId: 'x',
        permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-2',
      },
      'ps-2',
    ],
  ]),
  ...callsTo('guardduty', [['UpdateDetector', { enable: true, detectorId: '12ab' }, '12ab']]),
  ...callsTo('synthetics', [['UpdateCanary', { executionRoleArn: ROLE, name: 'checkout' }, 'checkout']]),
  ...callsTo('airflow', [['UpdateEnvironment', { executionRoleArn: ROLE, name: 'etl' }, 'etl']]),
  ...callsTo('glue', [
    ['UpdateJob', { jobUpdate: { role: ROLE, connections: {} }, jobName: 'etl' }, 'etl'],
    ['CreateJob', { role: ROLE, securityConfiguration: 's', name: 'etl' }, 'etl'],
    ['UpdateCrawler', { role: ROLE, databaseName: 'sales', name: 'nightly' }, 'nightly'],
    ['UpdateTable', { tableInput: { name: 'orders', owner: 'x' }, databaseName: 'sales' }, 'sales/orders'],
    ['DeleteTable', { name: 'orders', databaseName: 'sales' }, 'sales/orders'],
    ['BatchDeleteTable', { tablesToDelete: ['a', 'b'], databaseName: 'sales' }, 'sales/a sales/b'],
    ['CreateDatabase', { databaseInput: { name: 'sales' } }, 'sales'],
    ['UpdateConnection', { connectionInput: { name: 'pg' }, name: 'pg' }, 'pg'],
    ['TagResource', { resourceArn: arn('glue', 'table/sales/orders') }, 'sales/orders'],
  ]),
  ...callsTo('athena', [
    ['UpdateWorkGroup', { configurationUpdates: {}, workGroup: 'reports' }, 'reports'],
    ['CreateNamedQuery', { database: 'd', workGroup: 'reports', name: 'q' }, 'n1', { namedQueryId: 'n1' }],
    ['TagResource', { resourceARN: arn('athena', 'workgroup/reports') }, 'reports'],
  ]),
  ...callsTo('elasticmapreduce', [
    ['RunJobFlow', { serviceRole: ROLE, name: 'etl' }, 'j-1', { jobFlowId: 'j-1' }],
    ['AddJobFlowSteps', { steps: [{ name: 's' }], jobFlowId: 'j-1' }, 'j-1'],
    ['TerminateJobFlows', { jobFlowIds: ['j-1', 'j-2'] }, 'j-1 j-2'],
  ]),
  ...callsTo('emr-serverless', [
    ['StartJobRun', { executionRoleArn: ROLE, name: 'run', applicationId: '00f1' }, '00f1'],
    ['TagResource', { resourceArn: arn('emr-serverless', '/applications/00f1') }, '00f1'],
  ]),
  ...callsTo('kafka', [
    ['CreateCluster', { configurationInfo: { arn: 'x' }, clusterName: 'events' }, 'events'],
    [
      'UpdateBrokerCount',
      { clusterArn: arn('kafka', `cluster/events/${UUID}-2`), currentVersion: 'K1' },
      'events',
    ],
  ]),
  ...callsTo('kinesisanalytics', [
    ['UpdateApplication', { serviceExecutionRoleUpdate: ROLE, applicationName: 'sessions' }, 'sessions'],
  ]),
  ...callsTo('redshift-serverless', [
    ['CreateWorkgroup', { namespaceName: 'warehouse', workgroupName: 'reports' }, 'reports'],
    ['UpdateNamespace', { defaultIamRoleArn: ROLE, namespaceName: 'warehouse' }, 'warehouse'],
  ]),
  ...callsTo('sagemaker', [
    ['UpdateEndpoint', { endpointConfigName: 'c', endpointName: 'ranking' }, 'ranking'],
    ['CreateModel', { executionRoleArn: ROLE, modelName: 'm1' }, 'm1'],
    ['AddTags', { resourceArn: arn('sagemaker', 'endpoint/ranking') }, 'ranking'],
  ]),
  ...callsTo('aoss', [
    ['CreateCollection', { name: 'logs' }, 'c1', { createCollectionDetail: { name: 'logs', id: 'c1' } }],
    ['UpdateCollection', { id: 'c1' }, 'c1'],
  ]),
  ...callsTo('batch', [
    [
      'RegisterJobDefinition',
      { containerProperties: { jobRoleArn: ROLE }, jobDefinitionName: 'nightly' },
      'nightly',
    ],
    [
      'SubmitJob',
      { jobQueue: 'spot', jobName: 'run-1', jobDefinition: arn('batch', 'job-definition/nightly:3') },
      'nightly',
    ],
    [
      'UpdateJobQueue',
      { computeEnvironmentOrder: [{ computeEnvironment: 'x' }], jobQueue: arn('batch', 'job-queue/spot') },
      'spot',
    ],
    ['UpdateComputeEnvironment', { serviceRole: ROLE, computeEnvironment: 'spot' }, 'spot'],
  ]),
  ...callsTo('bedrock', [
    ['UpdateAgent', { agentResourceRoleArn: ROLE, agentName: 'x', agentId: 'A1B2' }, 'A1B2'],
    ['CreateGuardrail', { kmsKeyId: 'k', name: 'g' }, 'g1', { guardrailId: 'g1' }],
  ]),
  // Names that the answer alone has, after the call's own noun.
  ...callsTo('ec2', [
    ['CreateVpnGateway', { type: 'ipsec.1' }, 'vgw-1', { vpnGateway: { vpnGatewayId: 'vgw-1' } }],
    [
      'CreateTransitGatewayVpcAttachment',
      { CreateTransitGatewayVpcAttachmentRequest: { VpcId: 'vpc-1', TransitGatewayId: 'tgw-1' } },
      'tgw-attach-1',
      {
        CreateTransitGatewayVpcAttachmentResponse: {
          transitGatewayVpcAttachment: { transitGatewayAttachmentId: 'tgw-attach-1' },
        },
      },
    ],
  ]),
  ...callsTo('logs', [
    ['CreateScheduledQuery', { logGroupIdentifiers: ['a'], name: 'daily' }, 'daily'],
    [
      'CreateLogAnomalyDetector',
      { logGroupArnList: [arn('logs', 'log-group:x')] },
      'd1',
      { anomalyDetectorArn: arn('logs', 'anomaly-detector:d1') },
    ],
  ]),
  ...callsTo('cloudtrail', [
    [
      'UpdateEventDataStore',
      { name: 'new-name', eventDataStore: arn('cloudtrail', `eventdatastore/${UUID}`) },
      UUID,
    ],
    [
      'CreateEventDataStore',
      { name: 'org' },
      UUID,
      { eventDataStoreArn: arn('cloudtrail', `eventdatastore/${UUID}`) },
    ],
  ]),
  ...callsTo('redshift', [
    ['RestoreFromClusterSnapshot', { snapshotIdentifier: 's1', clusterIdentifier: 'warehouse' }, 'warehouse'],
  ]),
  ...callsTo('route53', [
    ['CreateTrafficPolicy', { document: '{}', name: 'x' }, 't1', { trafficPolicy: { id: 't1' } }],
  ]),
];
