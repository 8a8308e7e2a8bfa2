import type { Service } from '../service.ts';

/** What calls and messages go through. */
export const INTEGRATION_SERVICES: readonly Service[] = [
  {
    name: 'apigateway',
    things: [
      {
        what: 'stage',
        like: 'apigateway:a1b2c3d4e5/prod',
        calls: /Stage|^CreateDeployment$/,
        at: ['stageName', 'createStageInput.stageName', 'createDeploymentInput.stageName'],
        in: ['restApiId', 'apiId'],
        arn: /^\/(?:restapis|apis)\/(?<in>\w+)\/stages\/(?<name>[^/]+)/,
      },
      // A mapping belongs to the domain name, whatever it leads to.
      { calls: /Mapping|DomainName|RoutingRule/, at: ['domainName', 'createDomainNameInput.domainName'] },
      {
        what: 'API',
        like: 'apigateway:a1b2c3d4e5',
        at: ['restApiId', 'apiId', 'answer.restapiUpdate.restApiId'],
        arn: /^\/(?:restapis|apis)\/(?<name>\w+)/,
      },
      {
        calls: /^(?:Create|Import)(?:RestApi|Api)$/,
        at: ['answer.apiId', 'answer.id', 'createRestApiInput.name', 'name'],
      },
      {
        what: 'usage plan, domain name, key, link',
        like: 'apigateway:api.example.com',
        at: [
          'usagePlanId',
          'apiKey',
          'apiKeyId',
          'vpcLinkId',
          'clientCertificateId',
          'answer.id',
          'answer.vpcLinkId',
        ],
        arn: /^\/(?:domainnames|usageplans|apikeys|vpclinks|clientcertificates)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'states',
    things: [
      {
        what: 'state machine',
        like: 'states:checkout',
        at: [
          'stateMachineArn',
          'stateMachineAliasArn',
          'stateMachineVersionArn',
          'answer.stateMachineAliasArn',
          'routingConfiguration.stateMachineVersionArn',
          'answer.stateMachineArn',
          'executionArn',
          'mapRunArn',
        ],
        arn: /^(?:stateMachine|execution|express|mapRun):(?<name>[^:/]+)/,
      },
      { what: 'activity', like: 'states:approval', at: ['activityArn'], arn: /^activity:(?<name>[^:/]+)$/ },
      { calls: /^Create(?:StateMachine|Activity)$/, at: ['name'] },
    ],
  },
  {
    name: 'events',
    things: [
      {
        what: 'rule',
        like: 'events:nightly',
        at: ['rule'],
        in: ['eventBusName'],
        inPlain: 'default',
        arn: /^rule\/(?:(?<in>.+)\/)?(?<name>[^/]+)$/,
      },
      {
        what: 'rule of another bus',
        like: 'events:orders/paid',
        calls: /Rule$/,
        at: ['name'],
        in: ['eventBusName'],
        inPlain: 'default',
      },
      {
        what: 'bus, archive, connection, destination',
        like: 'events:orders',
        at: ['archiveName', 'replayName', 'name', 'eventBusName'],
        arn: /^(?:event-bus|archive|replay|connection|api-destination|endpoint)\/(?<name>.+?)(?:\/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})?$/,
      },
    ],
  },
  {
    name: 'scheduler',
    things: [
      {
        what: 'group',
        like: 'scheduler:reports',
        calls: /ScheduleGroup$/,
        at: ['name'],
        arn: /^schedule-group\/(?<name>[^/]+)$/,
      },
      {
        what: 'schedule',
        like: 'scheduler:nightly',
        at: ['name'],
        in: ['groupName'],
        inPlain: 'default',
        arn: /^schedule\/(?<in>[^/]+)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'pipes',
    things: [{ what: 'pipe', like: 'pipes:orders', at: ['name'], arn: /^pipe\/(?<name>[^/]+)$/ }],
  },
  {
    name: 'sns',
    things: [
      {
        what: 'topic',
        like: 'sns:alerts',
        at: ['topicArn', 'subscriptionArn', 'answer.topicArn'],
        arn: /^(?<name>[\w.-]+)(?::[\w-]+)?$/,
      },
      { calls: /^CreateTopic$/, at: ['name'] },
      {
        what: 'platform application',
        like: 'sns:push',
        at: ['platformApplicationArn', 'endpointArn', 'name'],
        arn: /^(?:app|endpoint)\/\w+\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'sqs',
    things: [
      {
        what: 'queue',
        like: 'sqs:jobs',
        at: ['queueUrl', 'queueName', 'answer.queueUrl', 'sourceArn'],
        name: /([^/]+)\/?$/,
        arn: /^(?<name>[\w.-]+)$/,
      },
    ],
  },
  {
    name: 'kinesis',
    things: [
      {
        what: 'stream',
        like: 'kinesis:clicks',
        at: ['streamName', 'streamARN', 'consumerARN'],
        arn: /^stream\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'firehose',
    things: [
      {
        what: 'delivery stream',
        like: 'firehose:clicks',
        at: ['deliveryStreamName', 'deliveryStreamARN'],
        arn: /^deliverystream\/(?<name>[^/]+)$/,
      },
    ],
  },
];
