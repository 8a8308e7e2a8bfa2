import { type Place, roleArn } from './place.ts';
import type { Call } from './trail-record.ts';

// Names and fields: the API reference of each service, with CloudTrail's spelling.

/** Two calls to one service that change the same thing, and name it in different ways. */
export interface ServiceCalls {
  /** As the tool that deploys names it, mostly by name; and as another does, mostly by ARN. */
  readonly calls: readonly [Call, Call];
  /** How a marker may name it as well. */
  readonly arn: string;
  readonly isGlobal?: true;
}

/** Calls to services besides Lambda and CloudFormation, each to one thing of its own. */
export function serviceCalls(place: Place, name: (base: string) => string): readonly ServiceCalls[] {
  return [
    ...ofContainers(place, name),
    ...ofMessages(place, name),
    ...ofStores(place, name),
    ...ofAccess(place, name),
  ];
}

/** Builds the calls to a service. */
type Build = (place: Place, name: (base: string) => string) => ServiceCalls[];

function arnOf(service: string, { region, account }: Place, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

function pair(
  component: string,
  arn: string,
  ...calls: readonly [[string, object, object?], [string, object, object?]]
): ServiceCalls {
  const service = component.slice(0, component.indexOf(':'));
  const [one, other] = calls.map(([action, request, response = null]) => ({
    service,
    name: action,
    request,
    response,
    component,
  }));
  if (one === undefined || other === undefined) throw new Error('there are two calls');
  return { calls: [one, other], arn };
}

const ofContainers: Build = (place, name) => {
  const [cluster, service] = [name('prod'), name('web')];
  const serviceArn = arnOf('ecs', place, `service/${cluster}/${service}`);
  const roleToPass = roleArn(place.account, name('app'));
  const repository = `team/${name('app')}`;
  const pipeline = name('release');
  const group = name('asg');
  return [
    pair(
      `ecs:${cluster}/${service}`,
      serviceArn,
      ['UpdateService', { cluster, taskDefinition: `${name('task')}:8`, service, forceNewDeployment: true }],
      [
        'UpdateService',
        { service: serviceArn, cluster: arnOf('ecs', place, `cluster/${cluster}`), desiredCount: 2 },
      ],
    ),
    pair(
      `eks:${cluster}/${name('workers')}`,
      arnOf('eks', place, `nodegroup/${cluster}/${name('workers')}/0ab1c2d3-1111-4222-8333-444455556666`),
      [
        'UpdateNodegroupConfig',
        { scalingConfig: { maxSize: 3 }, nodegroupName: name('workers'), name: cluster },
      ],
      ['CreateNodegroup', { nodeRole: roleToPass, name: cluster, nodegroupName: name('workers') }],
    ),
    pair(
      `ecr:${repository}`,
      arnOf('ecr', place, `repository/${repository}`),
      ['PutImage', { imageTag: 'v1', repositoryName: repository, registryId: place.account }],
      ['TagResource', { tags: [], resourceArn: arnOf('ecr', place, `repository/${repository}`) }],
    ),
    pair(
      `codepipeline:${pipeline}`,
      arnOf('codepipeline', place, pipeline),
      ['UpdatePipeline', { pipeline: { roleArn: roleToPass, name: pipeline, stages: [{ name: 'Source' }] } }],
      ['StartPipelineExecution', { name: pipeline }],
    ),
    pair(
      `autoscaling:${group}`,
      arnOf(
        'autoscaling',
        place,
        `autoScalingGroup:0ab1c2d3-1111-4222-8333-444455556666:autoScalingGroupName/${group}`,
      ),
      [
        'UpdateAutoScalingGroup',
        { launchTemplate: { launchTemplateName: 'lt' }, autoScalingGroupName: group },
      ],
      ['PutScalingPolicy', { policyName: 'cpu', autoScalingGroupName: group }],
    ),
  ];
};

const ofMessages: Build = (place, name) => {
  const machine = arnOf('states', place, `stateMachine:${name('checkout')}`);
  const topic = arnOf('sns', place, name('alerts'));
  const [queue, rule] = [name('jobs'), name('nightly')];
  const ruleArn = arnOf('events', place, `rule/${rule}`);
  const queueUrl = `https://sqs.${place.region}.amazonaws.com/${place.account}/${queue}`;
  const api = name('api').replaceAll('-', '');
  const balancer = `loadbalancer/app/${name('web')}/50dc6c495c0c9188`;
  const balancerArn = arnOf('elasticloadbalancing', place, balancer);
  const role = roleArn(place.account, name('app'));
  return [
    pair(
      `states:${name('checkout')}`,
      machine,
      ['CreateStateMachine', { roleArn: role, name: name('checkout') }, { stateMachineArn: machine }],
      ['UpdateStateMachine', { roleArn: role, stateMachineArn: machine }],
    ),
    pair(
      `sns:${name('alerts')}`,
      topic,
      ['CreateTopic', { name: name('alerts') }, { topicArn: topic }],
      ['SetTopicAttributes', { attributeName: 'Policy', attributeValue: '{}', topicArn: topic }],
    ),
    pair(
      `sqs:${queue}`,
      arnOf('sqs', place, queue),
      ['CreateQueue', { attributes: { KmsMasterKeyId: 'alias/app' }, queueName: queue }, { queueUrl }],
      ['SetQueueAttributes', { attributes: { Policy: '{}' }, queueUrl }],
    ),
    pair(
      `events:${rule}`,
      ruleArn,
      ['PutRule', { roleArn: role, name: rule, scheduleExpression: 'rate(1 day)' }, { ruleArn }],
      ['PutTargets', { targets: [{ id: 't', arn: arnOf('sqs', place, queue) }], rule }],
    ),
    pair(
      `apigateway:${api}`,
      `arn:aws:apigateway:${place.region}::/restapis/${api}`,
      ['PutIntegration', { httpMethod: 'GET', putIntegrationInput: { credentials: role }, restApiId: api }],
      ['UpdateRestApi', { patchOperations: [{ op: 'replace', path: '/name' }], restApiId: api }],
    ),
    pair(
      `elasticloadbalancing:${name('web')}`,
      balancerArn,
      [
        'CreateLoadBalancer',
        { securityGroups: ['sg-0a1b2c3d'], name: name('web') },
        { loadBalancers: [{ loadBalancerArn: balancerArn }] },
      ],
      [
        'ModifyListener',
        {
          listenerArn: arnOf(
            'elasticloadbalancing',
            place,
            `${balancer.replace('loadbalancer', 'listener')}/f2f7dc8efc522ab2`,
          ),
        },
      ],
    ),
  ];
};

const ofStores: Build = (place, name) => {
  const [table, bucket, stream, group, alarm] = ['orders', 'site', 'clicks', 'web', 'errors'].map(name);
  const tableArn = arnOf('dynamodb', place, `table/${table}`);
  const database = name('orders-db');
  const groupArn = arnOf('logs', place, `log-group:/aws/ecs/${group}`);
  const secret = arnOf('secretsmanager', place, `secret:${name('prod/db')}-AbCdEf`);
  const key = `${name('0a1b2c3d-0000-4000-8000')}00000`;
  const parameter = `/${name('shop')}/password`;
  return [
    pair(
      `dynamodb:${table}`,
      tableArn,
      ['UpdateTable', { billingMode: 'PAY_PER_REQUEST', tableName: table }],
      ['TagResource', { tags: [], resourceArn: tableArn }],
    ),
    pair(
      `s3:${bucket}`,
      `arn:aws:s3:::${bucket}`,
      ['PutBucketPolicy', { host: 's3.amazonaws.com', bucketPolicy: {}, bucketName: bucket }],
      ['PutBucketTagging', { tagging: '', bucketName: bucket }],
    ),
    pair(
      `rds:${database}`,
      arnOf('rds', place, `db:${database}`),
      ['ModifyDBInstance', { dBParameterGroupName: 'pg15', dBInstanceIdentifier: database.toUpperCase() }],
      ['AddTagsToResource', { tags: [], resourceName: arnOf('rds', place, `db:${database}`) }],
    ),
    pair(
      `kinesis:${stream}`,
      arnOf('kinesis', place, `stream/${stream}`),
      ['UpdateShardCount', { targetShardCount: 2, streamName: stream }],
      [
        'StartStreamEncryption',
        { keyId: 'alias/app', streamARN: arnOf('kinesis', place, `stream/${stream}`) },
      ],
    ),
    pair(
      `logs:/aws/ecs/${group}`,
      `${groupArn}:*`,
      ['PutRetentionPolicy', { retentionInDays: 30, logGroupName: `/aws/ecs/${group}` }],
      ['TagResource', { tags: {}, resourceArn: groupArn }],
    ),
    pair(
      `monitoring:${alarm}`,
      arnOf('cloudwatch', place, `alarm:${alarm}`),
      ['PutMetricAlarm', { metricName: 'Errors', namespace: 'AWS/Lambda', alarmName: alarm }],
      ['DeleteAlarms', { alarmNames: [alarm] }],
    ),
    pair(
      `secretsmanager:${name('prod/db')}`,
      secret,
      ['CreateSecret', { kmsKeyId: 'alias/app', name: name('prod/db') }, { arn: secret }],
      ['PutSecretValue', { clientRequestToken: 'x', secretId: secret }],
    ),
    pair(
      `ssm:${parameter}`,
      arnOf('ssm', place, `parameter${parameter}`),
      ['PutParameter', { keyId: 'alias/app', type: 'SecureString', name: parameter }],
      ['DeleteParameters', { names: [parameter] }],
    ),
    pair(
      `kms:${key}`,
      arnOf('kms', place, `key/${key}`),
      ['PutKeyPolicy', { policyName: 'default', keyId: key }],
      ['EnableKeyRotation', { keyId: arnOf('kms', place, `key/${key}`) }],
    ),
  ];
};

const ofAccess: Build = ({ account }, name) => {
  const role = name('exec');
  const distribution = name('E1A2B3C4').toUpperCase();
  const zone = name('Z0A1B2C3').toUpperCase().replaceAll('-', '');
  return [
    {
      ...pair(
        `iam:${role}`,
        roleArn(account, role),
        ['AttachRolePolicy', { policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess', roleName: role }],
        ['PutRolePolicy', { policyName: 'inline', policyDocument: '{}', roleName: role }],
      ),
      isGlobal: true,
    },
    {
      ...pair(
        `cloudfront:${distribution}`,
        `arn:aws:cloudfront::${account}:distribution/${distribution}`,
        ['UpdateDistribution', { ifMatch: 'X', distributionConfig: { webACLId: '' }, id: distribution }],
        ['CreateInvalidation', { invalidationBatch: {}, distributionId: distribution }],
      ),
      isGlobal: true,
    },
    {
      ...pair(
        `route53:${zone}`,
        `arn:aws:route53:::hostedzone/${zone}`,
        [
          'ChangeResourceRecordSets',
          { changeBatch: { changes: [{ action: 'UPSERT' }] }, hostedZoneId: zone },
        ],
        ['ChangeResourceRecordSets', { changeBatch: {}, hostedZoneId: `/hostedzone/${zone}` }],
      ),
      isGlobal: true,
    },
  ];
};
