import type { Service } from '../service.ts';

/** What traffic and operators meet first. */
export const NETWORK_SERVICES: readonly Service[] = [
  {
    name: 'elasticloadbalancing',
    things: [
      {
        what: 'load balancer, with its listeners and rules',
        like: 'elasticloadbalancing:web',
        at: [
          'loadBalancerArn',
          'loadBalancerName',
          'listenerArn',
          'ruleArn',
          'rulePriorities.ruleArn',
          'loadBalancerNames',
        ],
        // A hash ends the ARNs of all but classic ones.
        // Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-authentication-access-control.html
        arn: /^(?:loadbalancer|listener|listener-rule)\/(?:(?:app|net|gwy)\/)?(?<name>[^/]+)/,
      },
      {
        what: 'target group',
        like: 'elasticloadbalancing:web-blue',
        at: ['targetGroupArn', 'trustStoreArn', 'name', 'resourceArns'],
        arn: /^(?:targetgroup|truststore)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'cloudfront',
    things: [
      { calls: /DistributionTenant$/, at: ['id', 'answer.distributionTenant.id', 'name'] },
      {
        what: 'distribution, policy',
        like: 'cloudfront:E1A2B3C4D5E6F7',
        at: [
          'distributionId',
          'targetDistributionId',
          'id',
          'answer.distribution.id',
          'answer.cachePolicy.id',
          'answer.originRequestPolicy.id',
          'answer.responseHeadersPolicy.id',
          'answer.originAccessControl.id',
          'answer.cloudFrontOriginAccessIdentity.id',
          'answer.keyGroup.id',
          'answer.streamingDistribution.id',
          'answer.continuousDeploymentPolicy.id',
          'answer.vpcOrigin.id',
          'answer.publicKey.id',
          'answer.id',
        ],
        arn: /^(?:distribution|cache-policy|origin-request-policy|response-headers-policy|origin-access-control|origin-access-identity|key-group|public-key|streaming-distribution)\/(?<name>\w[\w-]*)$/,
      },
      {
        what: 'function',
        like: 'cloudfront:rewrite',
        at: ['name'],
        arn: /^(?:function|key-value-store)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'route53',
    things: [
      {
        what: 'hosted zone',
        like: 'route53:Z0A1B2C3D4E5F6',
        at: ['hostedZoneId', 'answer.hostedZone.id'],
        name: /^(?:\/?hostedzone\/)?(\w+)$/,
        arn: /^hostedzone\/(?<name>\w+)$/,
      },
      {
        what: 'health check',
        like: 'route53:0a1b2c3d-0000-4000-8000-000000000001',
        at: [
          'healthCheckId',
          'answer.healthCheck.id',
          'delegationSetId',
          'trafficPolicyInstanceId',
          'answer.trafficPolicy.id',
          'answer.delegationSet.id',
          'answer.collection.id',
          'resourceId',
          'id',
        ],
        name: /^(?:\/?(?:hostedzone|healthcheck|delegationset)\/)?([\w-]+)$/,
        arn: /^(?:healthcheck|delegationset|trafficpolicy|trafficpolicyinstance)\/(?<name>[\w-]+)$/,
      },
    ],
  },
  {
    name: 'monitoring',
    arnName: 'cloudwatch',
    things: [
      {
        what: 'alarm',
        like: 'monitoring:errors',
        at: ['alarmName', 'alarmNames'],
        arn: /^alarm:(?<name>.+)$/,
      },
      {
        what: 'dashboard, metric stream',
        like: 'monitoring:overview',
        at: ['dashboardName', 'dashboardNames', 'ruleName', 'ruleNames', 'name', 'names'],
        arn: /^(?:dashboard|metric-stream|insight-rule)\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'logs',
    things: [
      // Both name the groups that they look at.
      {
        calls: /ScheduledQuery$|LogAnomalyDetector$/,
        at: ['name', 'identifier', 'anomalyDetectorArn', 'answer.anomalyDetectorArn', 'detectorName'],
      },
      {
        what: 'log group',
        like: 'logs:/aws/lambda/resize-image',
        at: [
          'logGroupName',
          'logGroupIdentifier',
          'resourceIdentifier',
          'logGroupArnList',
          'logGroupIdentifiers',
        ],
        arn: /^log-group:(?<name>[^:]+)(?::.*)?$/,
      },
      {
        what: 'destination, delivery, resource policy',
        like: 'logs:central',
        at: [
          'destinationName',
          'policyName',
          'queryDefinitionId',
          'answer.queryDefinitionId',
          'name',
          'deliverySourceName',
          'anomalyDetectorArn',
          'id',
        ],
        arn: /^(?:destination|delivery|delivery-source|delivery-destination|anomaly-detector|query-definition):(?<name>[^:]+)$/,
      },
    ],
  },
  {
    name: 'cloudtrail',
    things: [
      {
        what: 'trail, event data store',
        like: 'cloudtrail:org',
        at: [
          'trailName',
          'eventDataStore',
          'channel',
          'answer.eventDataStoreArn',
          'answer.channelArn',
          'dashboardId',
          'name',
          'resourceId',
          'resourceIdList',
        ],
        arn: /^(?:trail|eventdatastore|channel|dashboard)\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'config',
    things: [
      {
        what: 'rule, recorder',
        like: 'config:no-public-buckets',
        at: [
          'configRule.configRuleName',
          'configRuleName',
          'configRuleNames',
          'remediationConfigurations.configRuleName',
          'storedQuery.queryName',
          'conformancePackName',
          'organizationConfigRuleName',
          'configurationRecorder.name',
          'configurationRecorderName',
          'deliveryChannel.name',
          'deliveryChannelName',
          'configurationAggregatorName',
        ],
        // The ARN of a rule holds an id, and not its name.
        arn: /^conformance-pack\/(?<name>[^/]+)/,
      },
    ],
  },
];
