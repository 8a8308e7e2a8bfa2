import { arn, callsTo, type SampleCall } from './sample-calls.ts';

const ROLE = 'arn:aws:iam::111122223333:role/app';
const MACHINE = arn('states', 'stateMachine:checkout');
const LISTENER = 'listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2';

/** Calls, messages, networks and what watches them. */
export const TRAFFIC_CALLS: readonly SampleCall[] = [
  ...callsTo('apigateway', [
    [
      'CreateRestApi',
      { createRestApiInput: { description: 'd', name: 'orders' } },
      'a1b2c3',
      { name: 'orders', id: 'a1b2c3', restapiUpdate: { restApiId: 'a1b2c3' } },
    ],
    ['CreateRestApi', { createRestApiInput: { description: 'd', name: 'orders' } }, 'orders'],
    ['ImportRestApi', { mode: 'x' }, 'a1b2c3', { id: 'a1b2c3' }],
    ['UpdateRestApi', { patchOperations: [{ op: 'replace', path: '/name' }], restApiId: 'a1b2c3' }, 'a1b2c3'],
    [
      'PutIntegration',
      {
        httpMethod: 'GET',
        resourceId: 'r1',
        restApiId: 'a1b2c3',
        putIntegrationInput: { credentials: ROLE },
      },
      'a1b2c3',
    ],
    ['UpdateStage', { stageName: 'prod', restApiId: 'a1b2c3' }, 'a1b2c3/prod'],
    [
      'CreateDeployment',
      { restApiId: 'a1b2c3', createDeploymentInput: { description: 'd', stageName: 'prod' } },
      'a1b2c3/prod',
    ],
    ['CreateDeployment', { restApiId: 'a1b2c3' }, 'a1b2c3'],
    ['CreateApi', { protocolType: 'HTTP', name: 'orders' }, 'a1b2c3', { name: 'orders', apiId: 'a1b2c3' }],
    ['UpdateRoute', { routeId: 'r1', authorizerId: 'z', apiId: 'a1b2c3' }, 'a1b2c3'],
    ['CreateStage', { deploymentId: 'd1', stageName: 'prod', apiId: 'a1b2c3' }, 'a1b2c3/prod'],
    [
      'CreateApiMapping',
      { apiId: 'a1b2c3', domainName: 'api.example.com', stage: 'prod' },
      'api.example.com',
    ],
    [
      'TagResource',
      { resourceArn: arn('apigateway', '/restapis/a1b2c3/stages/prod', 'eu-west-1', '') },
      'a1b2c3/prod',
    ],
    ['UpdateUsagePlan', { usagePlanId: 'up1', patchOperations: [] }, 'up1'],
  ]),
  ...callsTo('states', [
    ['CreateStateMachine', { roleArn: ROLE, name: 'checkout', definition: '{}' }, 'checkout'],
    ['UpdateStateMachine', { roleArn: ROLE, stateMachineArn: MACHINE }, 'checkout'],
    ['StartExecution', { name: 'run-1', input: '{}', stateMachineArn: `${MACHINE}:live` }, 'checkout'],
    [
      'UpdateStateMachineAlias',
      {
        routingConfiguration: [{ stateMachineVersionArn: `${MACHINE}:2` }],
        stateMachineAliasArn: `${MACHINE}:live`,
      },
      'checkout',
    ],
    [
      'CreateStateMachineAlias',
      {
        name: 'live',
        routingConfiguration: [
          { weight: 100, stateMachineVersionArn: `${MACHINE}:2` },
          { stateMachineVersionArn: `${MACHINE}:1` },
        ],
      },
      'checkout',
    ],
    ['PublishStateMachineVersion', { revisionId: 'r', stateMachineArn: MACHINE }, 'checkout'],
    ['StopExecution', { cause: 'c', executionArn: arn('states', 'execution:checkout:run-1') }, 'checkout'],
    ['DeleteActivity', { activityArn: arn('states', 'activity:approval') }, 'approval'],
  ]),
  ...callsTo('events', [
    [
      'PutRule',
      { roleArn: ROLE, name: 'nightly', scheduleExpression: 'rate(1 day)' },
      'nightly',
      { ruleArn: arn('events', 'rule/nightly') },
    ],
    [
      'PutTargets',
      { targets: [{ id: 't', arn: arn('lambda', 'function:orders') }], rule: 'nightly' },
      'nightly',
    ],
    ['RemoveTargets', { ids: ['t'], eventBusName: 'default', rule: 'nightly' }, 'nightly'],
    ['DisableRule', { name: 'paid', eventBusName: arn('events', 'event-bus/orders') }, 'orders/paid'],
    ['TagResource', { resourceARN: arn('events', 'rule/orders/paid') }, 'orders/paid'],
    ['PutPermission', { statementId: 's', eventBusName: 'orders', principal: '*' }, 'orders'],
    ['CreateEventBus', { eventSourceName: 's', name: 'orders' }, 'orders'],
    ['CreateArchive', { eventSourceArn: arn('events', 'event-bus/orders'), archiveName: 'all' }, 'all'],
    ['UpdateConnection', { name: 'crm', authorizationType: 'API_KEY' }, 'crm'],
  ]),
  ...callsTo('scheduler', [
    ['UpdateSchedule', { target: { arn: 'x', roleArn: ROLE }, name: 'nightly' }, 'nightly'],
    ['UpdateSchedule', { groupName: 'reports', name: 'nightly' }, 'reports/nightly'],
    ['CreateScheduleGroup', { name: 'reports' }, 'reports'],
    ['TagResource', { resourceArn: arn('scheduler', 'schedule-group/reports') }, 'reports'],
  ]),
  ...callsTo('pipes', [
    ['UpdatePipe', { roleArn: ROLE, name: 'orders', target: arn('sqs', 'jobs') }, 'orders'],
  ]),
  ...callsTo('sns', [
    [
      'SetTopicAttributes',
      { attributeName: 'Policy', topicArn: arn('sns', 'alerts'), attributeValue: '{}' },
      'alerts',
    ],
    ['CreateTopic', { attributes: { KmsMasterKeyId: 'alias/app' }, name: 'alerts' }, 'alerts'],
    [
      'Subscribe',
      { endpoint: arn('sqs', 'jobs'), topicArn: arn('sns', 'alerts'), protocol: 'sqs' },
      'alerts',
    ],
    ['Unsubscribe', { subscriptionArn: arn('sns', 'alerts:0a1b2c3d-0000-4000-8000-000000000001') }, 'alerts'],
    ['TagResource', { resourceArn: arn('sns', 'alerts.fifo') }, 'alerts.fifo'],
    ['SetPlatformApplicationAttributes', { platformApplicationArn: arn('sns', 'app/GCM/push') }, 'push'],
  ]),
  ...callsTo('sqs', [
    [
      'SetQueueAttributes',
      { attributes: { Policy: '{}' }, queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
      'jobs',
    ],
    [
      'CreateQueue',
      { queueName: 'jobs' },
      'jobs',
      { queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/jobs' },
    ],
    [
      'StartMessageMoveTask',
      { destinationArn: arn('sqs', 'jobs'), sourceArn: arn('sqs', 'jobs-dead') },
      'jobs-dead',
    ],
  ]),
  ...callsTo('kinesis', [
    [
      'UpdateShardCount',
      { targetShardCount: 2, streamARN: arn('kinesis', 'stream/clicks'), streamName: 'clicks' },
      'clicks',
    ],
  ]),
  ...callsTo('firehose', [
    ['UpdateDestination', { destinationId: 'd', deliveryStreamName: 'clicks' }, 'clicks'],
  ]),
  ...callsTo('elasticloadbalancing', [
    ['CreateLoadBalancer', { subnets: ['subnet-1'], securityGroups: ['sg-1'], name: 'web' }, 'web'],
    ['CreateTargetGroup', { vpcId: 'vpc-1', name: 'web-blue', protocol: 'HTTP' }, 'web-blue'],
    [
      'ModifyLoadBalancerAttributes',
      { loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/web/50dc6c495c0c9188') },
      'web',
    ],
    [
      'ModifyListener',
      {
        defaultActions: [
          { targetGroupArn: arn('elasticloadbalancing', 'targetgroup/web-blue/73e2d6bc24d8a067') },
        ],
        listenerArn: arn('elasticloadbalancing', LISTENER),
      },
      'web',
    ],
    [
      'ModifyRule',
      {
        ruleArn: arn(
          'elasticloadbalancing',
          LISTENER.replace('listener', 'listener-rule').concat('/9683b2d02a6cabee'),
        ),
      },
      'web',
    ],
    [
      'RegisterTargets',
      {
        targets: [{ id: 'i-1' }],
        targetGroupArn: arn('elasticloadbalancing', 'targetgroup/web-blue/73e2d6bc24d8a067'),
      },
      'web-blue',
    ],
    [
      'RegisterInstancesWithLoadBalancer',
      { instances: [{ instanceId: 'i-1' }], loadBalancerName: 'classic' },
      'classic',
    ],
    [
      'AddTags',
      {
        resourceArns: [
          arn('elasticloadbalancing', 'loadbalancer/net/web/50dc'),
          arn('elasticloadbalancing', 'targetgroup/web-blue/73e2'),
        ],
      },
      'web web-blue',
    ],
  ]),
  ...callsTo('cloudfront', [
    [
      'UpdateDistribution',
      { ifMatch: 'E2', distributionConfig: { comment: 'c' }, id: 'E1A2B3' },
      'E1A2B3',
      { distribution: { id: 'E1A2B3' } },
    ],
    [
      'CreateDistribution',
      { distributionConfig: { callerReference: 'r' } },
      'E1A2B3',
      { location: 'l', distribution: { aRN: 'a', id: 'E1A2B3' } },
    ],
    [
      'CreateInvalidation',
      { invalidationBatch: { callerReference: 'r' }, distributionId: 'E1A2B3' },
      'E1A2B3',
      { invalidation: { id: 'I1' } },
    ],
    ['UpdateFunction', { ifMatch: 'E2', name: 'rewrite', functionConfig: { runtime: 'x' } }, 'rewrite'],
    ['TagResource', { tags: {}, resource: 'arn:aws:cloudfront::111122223333:distribution/E1A2B3' }, 'E1A2B3'],
  ]),
  ...callsTo('route53', [
    ['ChangeResourceRecordSets', { changeBatch: { changes: [] }, hostedZoneId: 'Z0A1B2' }, 'Z0A1B2'],
    ['AssociateVPCWithHostedZone', { vPC: { vPCId: 'vpc-1' }, hostedZoneId: '/hostedzone/Z0A1B2' }, 'Z0A1B2'],
    [
      'CreateHostedZone',
      { callerReference: 'r', name: 'example.com.' },
      'Z0A1B2',
      { hostedZone: { name: 'example.com.', id: '/hostedzone/Z0A1B2' } },
    ],
    ['DeleteHostedZone', { id: 'Z0A1B2' }, 'Z0A1B2'],
    ['UpdateHealthCheck', { resourcePath: '/', healthCheckId: '0a1b-2c' }, '0a1b-2c'],
  ]),
  ...callsTo('monitoring', [
    [
      'PutMetricAlarm',
      {
        metricName: 'Errors',
        namespace: 'AWS/Lambda',
        alarmName: 'errors',
        alarmActions: [arn('sns', 'alerts')],
      },
      'errors',
    ],
    ['DeleteAlarms', { alarmNames: ['errors', 'High CPU, prod'] }, 'errors High%20CPU%2C%20prod'],
    ['TagResource', { resourceARN: arn('cloudwatch', 'alarm:errors') }, 'errors'],
    ['DeleteDashboards', { dashboardNames: ['overview'] }, 'overview'],
    ['PutDashboard', { dashboardBody: '{}', dashboardName: 'overview' }, 'overview'],
    [
      'PutMetricStream',
      { roleArn: ROLE, firehoseArn: arn('firehose', 'deliverystream/x'), name: 'all' },
      'all',
    ],
  ]),
  ...callsTo('logs', [
    ['PutRetentionPolicy', { retentionInDays: 7, logGroupName: '/aws/lambda/orders' }, '/aws/lambda/orders'],
    [
      'PutSubscriptionFilter',
      { filterName: 'f', roleArn: ROLE, destinationArn: arn('lambda', 'function:x'), logGroupName: 'app' },
      'app',
    ],
    ['TagResource', { resourceArn: arn('logs', 'log-group:/aws/lambda/orders') }, '/aws/lambda/orders'],
    ['PutIndexPolicy', { policyDocument: '{}', logGroupIdentifier: arn('logs', 'log-group:app:*') }, 'app'],
    [
      'AssociateKmsKey',
      { kmsKeyId: arn('kms', 'key/0a'), resourceIdentifier: arn('logs', 'log-group:app') },
      'app',
    ],
    ['PutDestination', { targetArn: arn('kinesis', 'stream/x'), destinationName: 'central' }, 'central'],
    ['PutResourcePolicy', { policyDocument: '{}', policyName: 'from-dns' }, 'from-dns'],
  ]),
  ...callsTo('cloudtrail', [
    ['StopLogging', { name: arn('cloudtrail', 'trail/org') }, 'org'],
    ['UpdateTrail', { s3BucketName: 'logs', snsTopicName: 'alerts', name: 'org' }, 'org'],
    ['AddTags', { resourceId: arn('cloudtrail', 'trail/org') }, 'org'],
  ]),
  ...callsTo('config', [
    [
      'PutConfigRule',
      { configRule: { source: { sourceIdentifier: 'S3' }, configRuleName: 'no-public' } },
      'no-public',
    ],
    ['StopConfigurationRecorder', { configurationRecorderName: 'default' }, 'default'],
  ]),
  ...callsTo('ec2', [
    [
      'RunInstances',
      { instancesSet: { items: [{ minCount: 2, imageId: 'ami-1' }] }, subnetId: 'subnet-1' },
      'i-1 i-2',
      { instancesSet: { items: [{ imageId: 'ami-1', instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
    ],
    [
      'StopInstances',
      { force: false, instancesSet: { items: [{ instanceId: 'i-1' }, { instanceId: 'i-2' }] } },
      'i-1 i-2',
    ],
    ['ModifyInstanceAttribute', { groupSet: { items: [{ groupId: 'sg-1' }] }, instanceId: 'i-1' }, 'i-1'],
    [
      'AuthorizeSecurityGroupIngress',
      { ipPermissions: { items: [{ groups: { items: [{ groupId: 'sg-2' }] } }] }, groupId: 'sg-1' },
      'sg-1',
    ],
    ['CreateSecurityGroup', { vpcId: 'vpc-1', groupName: 'web' }, 'sg-1', { groupId: 'sg-1' }],
    ['CreateSubnet', { vpcId: 'vpc-1' }, 'subnet-1', { subnet: { vpcId: 'vpc-1', subnetId: 'subnet-1' } }],
    ['CreateSubnet', { vpcId: 'vpc-1' }, '?'],
    [
      'CreateRoute',
      { gatewayId: 'igw-1', routeTableId: 'rtb-1', destinationCidrBlock: '0.0.0.0/0' },
      'rtb-1',
    ],
    ['AttachVolume', { instanceId: 'i-1', volumeId: 'vol-1', device: '/dev/sdf' }, 'vol-1 i-1'],
    ['CreateImage', { instanceId: 'i-1', name: 'golden' }, 'ami-1', { imageId: 'ami-1' }],
    ['CreateImage', { instanceId: 'i-1', name: 'golden' }, '?'],
    [
      'CreateTags',
      {
        tagSet: { items: [{ key: 'a' }] },
        resourcesSet: { items: [{ resourceId: 'vpc-1' }, { resourceId: 'subnet-1' }] },
      },
      'vpc-1 subnet-1',
    ],
    [
      'CreateNatGateway',
      { CreateNatGatewayRequest: { SubnetId: 'subnet-1', AllocationId: 'eipalloc-1' } },
      'nat-1',
      { CreateNatGatewayResponse: { natGateway: { subnetId: 'subnet-1', natGatewayId: 'nat-1' } } },
    ],
    [
      'DeleteVpcEndpoints',
      { DeleteVpcEndpointsRequest: { VpcEndpointId: { tag: 1, content: 'vpce-1' } } },
      'vpce-1',
    ],
    ['ModifyTransitGateway', { ModifyTransitGatewayRequest: { TransitGatewayId: 'tgw-1' } }, 'tgw-1'],
  ]),
];
