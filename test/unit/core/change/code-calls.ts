import { arn, callsTo, type SampleCall } from './sample-calls.ts';

const FUNCTION = arn('lambda', 'function:orders');
const ROLE = 'arn:aws:iam::111122223333:role/app';

/** Functions, stacks, containers, and what else code is deployed by. */
export const CODE_CALLS: readonly SampleCall[] = [
  ...callsTo('lambda', [
    ['UpdateFunctionCode', { s3Bucket: 'code', functionName: 'orders' }, 'orders', { functionArn: FUNCTION }],
    [
      'AddPermission',
      { functionName: FUNCTION, sourceArn: arn('sns', 'alerts'), statementId: 's' },
      'orders',
    ],
    ['CreateEventSourceMapping', { eventSourceArn: arn('sqs', 'jobs'), functionName: 'orders' }, 'orders'],
    [
      'DeleteEventSourceMapping',
      { uUID: 'x' },
      'orders',
      { eventSourceArn: arn('sqs', 'jobs'), functionArn: FUNCTION },
    ],
    ['PublishLayerVersion', { layerName: 'deps' }, 'layer:deps', { layerArn: arn('lambda', 'layer:deps') }],
    ['TagResource', { tags: { a: 'b' }, resource: FUNCTION }, 'orders'],
    [
      'PutFunctionCodeSigningConfig',
      { codeSigningConfigArn: arn('lambda', 'code-signing-config:csc-1'), functionName: 'orders' },
      'orders',
    ],
    [
      'DeleteCodeSigningConfig',
      { codeSigningConfigArn: arn('lambda', 'code-signing-config:csc-1') },
      'csc-1',
    ],
  ]),
  ...callsTo('cloudformation', [
    [
      'CreateStackSet',
      { executionRoleName: 'StackSetExecution', stackSetName: 'baseline' },
      'baseline',
      { stackSetId: 'baseline:0a1b2c3d-0000-4000-8000-000000000001' },
    ],
    [
      'UpdateStackSet',
      { administrationRoleARN: ROLE, stackSetName: arn('cloudformation', 'stackset/baseline:0a1b') },
      'baseline',
    ],
    [
      'CreateStackInstances',
      { stackSetName: 'baseline:0a1b2c3d-0000-4000-8000-000000000001', accounts: ['111122223333'] },
      'baseline',
    ],
  ]),
  ...callsTo('codebuild', [
    ['UpdateProject', { serviceRole: ROLE, name: 'build-shop' }, 'build-shop'],
    ['StartBuild', { projectName: 'build-shop', sourceVersion: 'main' }, 'build-shop'],
    ['StopBuild', { id: 'build-shop:0a1b' }, 'build-shop'],
  ]),
  ...callsTo('codedeploy', [
    [
      'CreateDeployment',
      {
        deploymentConfigName: 'CodeDeployDefault.AllAtOnce',
        deploymentGroupName: 'prod',
        applicationName: 'shop',
      },
      'shop/prod',
      { deploymentId: 'd-1' },
    ],
    [
      'UpdateDeploymentGroup',
      {
        currentDeploymentGroupName: 'prod',
        applicationName: 'shop',
        newDeploymentGroupName: 'live',
        serviceRoleArn: ROLE,
      },
      'shop/prod shop/live',
    ],
    ['StopDeployment', { deploymentId: 'd-A1B2C3D4E', autoRollbackEnabled: true }, 'd-A1B2C3D4E'],
    ['CreateApplication', { computePlatform: 'ECS', applicationName: 'shop' }, 'shop'],
    ['CreateDeploymentConfig', { deploymentConfigName: 'canary' }, 'canary'],
  ]),
  ...callsTo('codepipeline', [
    ['UpdatePipeline', { pipeline: { roleArn: ROLE, name: 'release', version: 2 } }, 'release'],
    [
      'PutApprovalResult',
      { stageName: 'Approve', actionName: 'Manual', pipelineName: 'release', token: 't' },
      'release',
    ],
    ['StartPipelineExecution', { name: 'release' }, 'release'],
    ['TagResource', { resourceArn: arn('codepipeline', 'release') }, 'release'],
    [
      'PutWebhook',
      { webhook: { targetAction: 'Source', targetPipeline: 'release', name: 'on-push' } },
      'on-push',
    ],
  ]),
  ...callsTo('appconfig', [
    [
      'StartDeployment',
      {
        environmentId: 'i7j8k9l',
        deploymentStrategyId: 'm1n2o3p',
        configurationProfileId: 'e4f5g6h',
        applicationId: 'a1b2c3d',
      },
      'a1b2c3d/e4f5g6h',
    ],
    [
      'CreateHostedConfigurationVersion',
      { ConfigurationProfileId: 'e4f5g6h', ApplicationId: 'a1b2c3d' },
      'a1b2c3d/e4f5g6h',
    ],
    [
      'UpdateEnvironment',
      { environmentId: 'i7j8k9l', name: 'Prod', applicationId: 'a1b2c3d' },
      'a1b2c3d/i7j8k9l',
    ],
    [
      'CreateEnvironment',
      { name: 'Prod', applicationId: 'a1b2c3d' },
      'a1b2c3d/i7j8k9l',
      { applicationId: 'a1b2c3d', id: 'i7j8k9l' },
    ],
    [
      'CreateConfigurationProfile',
      { name: 'flags', applicationId: 'a1b2c3d' },
      'a1b2c3d/e4f5g6h',
      { id: 'e4f5g6h' },
    ],
    ['CreateApplication', { name: 'shop' }, 'a1b2c3d', { name: 'shop', id: 'a1b2c3d' }],
    ['CreateDeploymentStrategy', { name: 'slow' }, 'm1n2o3p', { id: 'm1n2o3p' }],
  ]),
  ...callsTo('ecs', [
    ['UpdateService', { taskDefinition: 'web:8', cluster: 'prod', service: 'web' }, 'prod/web'],
    [
      'UpdateService',
      { cluster: arn('ecs', 'cluster/prod'), service: arn('ecs', 'service/prod/web') },
      'prod/web',
    ],
    ['UpdateService', { cluster: 'prod', service: arn('ecs', 'service/web') }, 'prod/web'],
    ['CreateService', { serviceName: 'web', cluster: 'prod', role: ROLE, taskDefinition: 'web' }, 'prod/web'],
    ['DeleteService', { service: 'web', force: true }, 'default/web'],
    [
      'CreateTaskSet',
      { taskDefinition: 'web:8', service: 'web', cluster: 'prod', externalId: 'x' },
      'prod/web',
    ],
    ['RegisterTaskDefinition', { taskRoleArn: ROLE, family: 'web', executionRoleArn: ROLE }, 'web'],
    [
      'RunTask',
      { cluster: 'prod', taskDefinition: arn('ecs', 'task-definition/migrate:3'), startedBy: 'ci' },
      'migrate',
    ],
    ['DeleteTaskDefinitions', { taskDefinitions: ['web:7', 'web:8', 'job:1'] }, 'web job'],
    [
      'StopTask',
      { cluster: 'prod', task: 'a1b2' },
      'prod/web',
      { task: { taskDefinitionArn: arn('ecs', 'task-definition/web:8'), group: 'service:web' } },
    ],
    [
      'StopTask',
      { cluster: 'prod', task: 'a1b2' },
      'job',
      { task: { group: 'family:job', taskDefinitionArn: arn('ecs', 'task-definition/job:8') } },
    ],
    ['DeleteCluster', { cluster: arn('ecs', 'cluster/prod') }, 'prod'],
    [
      'CreateCluster',
      { settings: [{ name: 'containerInsights', value: 'enabled' }], clusterName: 'prod' },
      'prod',
    ],
    [
      'CreateCapacityProvider',
      { autoScalingGroupProvider: { autoScalingGroupArn: 'x' }, name: 'spot' },
      'spot',
    ],
    ['PutAccountSetting', { name: 'containerInsights', value: 'enabled' }, '?'],
    [
      'TagResource',
      { tags: [{ key: 'a', value: 'b' }], resourceArn: arn('ecs', 'service/prod/web') },
      'prod/web',
    ],
  ]),
  ...callsTo('eks', [
    ['UpdateClusterVersion', { version: '1.33', name: 'prod' }, 'prod'],
    ['CreateNodegroup', { nodeRole: ROLE, nodegroupName: 'workers', clusterName: 'prod' }, 'prod/workers'],
    ['UpdateNodegroupConfig', { nodegroupName: 'workers', name: 'prod' }, 'prod/workers'],
    [
      'UpdateAddon',
      { serviceAccountRoleArn: ROLE, addonName: 'vpc-cni', clusterName: 'prod' },
      'prod/vpc-cni',
    ],
    [
      'AssociateAccessPolicy',
      {
        principalArn: ROLE,
        policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        clusterName: 'prod',
      },
      'prod',
    ],
    ['TagResource', { resourceArn: arn('eks', 'nodegroup/prod/workers/0a1b-c3') }, 'prod/workers'],
  ]),
  ...callsTo('ecr', [
    [
      'PutLifecyclePolicy',
      { registryId: '111122223333', repositoryName: 'team/app', lifecyclePolicyText: '{}' },
      'team/app',
    ],
    ['TagResource', { resourceArn: arn('ecr', 'repository/team/app') }, 'team/app'],
    ['PutRegistryPolicy', { policyText: '{}' }, '?'],
  ]),
  ...callsTo('apprunner', [
    [
      'UpdateService',
      {
        serviceArn: arn('apprunner', 'service/web/0a1b2c3d'),
        autoScalingConfigurationArn: arn('apprunner', 'autoscalingconfiguration/small/1/0a'),
      },
      'web',
    ],
    [
      'CreateService',
      {
        autoScalingConfigurationArn: arn('apprunner', 'autoscalingconfiguration/small/1/0a'),
        serviceName: 'web',
      },
      'web',
    ],
    ['CreateAutoScalingConfiguration', { autoScalingConfigurationName: 'small', maxSize: 3 }, 'small'],
  ]),
  ...callsTo('elasticbeanstalk', [
    [
      'UpdateEnvironment',
      { applicationName: 'shop', versionLabel: 'v7', environmentName: 'shop-prod' },
      'shop-prod',
    ],
    ['CreateApplicationVersion', { versionLabel: 'v7', applicationName: 'shop' }, 'shop'],
  ]),
  ...callsTo('autoscaling', [
    [
      'UpdateAutoScalingGroup',
      { launchConfigurationName: 'web-1', autoScalingGroupName: 'web', vPCZoneIdentifier: 'subnet-1' },
      'web',
    ],
    ['PutScalingPolicy', { policyName: 'cpu', autoScalingGroupName: 'web' }, 'web'],
    [
      'CreateOrUpdateTags',
      { tags: [{ key: 'a', resourceType: 'auto-scaling-group', resourceId: 'web' }] },
      'web',
    ],
    [
      'CreateLaunchConfiguration',
      { imageId: 'ami-1', keyName: 'k', launchConfigurationName: 'web-1' },
      'web-1',
    ],
  ]),
  ...callsTo('application-autoscaling', [
    [
      'PutScalingPolicy',
      { policyName: 'cpu', serviceNamespace: 'ecs', resourceId: 'service/prod/web' },
      'application-autoscaling:service/prod/web',
    ],
  ]),
];
