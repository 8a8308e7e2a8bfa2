import type { Service } from '../service.ts';

/** What data is worked on with. */
export const ANALYTICS_SERVICES: readonly Service[] = [
  {
    name: 'glue',
    things: [
      {
        what: 'table',
        like: 'glue:sales/orders',
        calls: /Table|Partition/,
        at: ['tableInput.name', 'tableName', 'name', 'tablesToDelete'],
        in: ['databaseName'],
        arn: /^table\/(?<in>[^/]+)\/(?<name>[^/]+)$/,
      },
      { calls: /Database$/, at: ['databaseInput.name', 'name'] },
      { calls: /Connection$/, at: ['connectionInput.name', 'connectionName', 'connectionNameList', 'name'] },
      {
        what: 'job, crawler, trigger, workflow, database, connection',
        like: 'glue:etl',
        at: ['jobName', 'crawlerName', 'triggerName', 'name'],
        arn: /^(?:job|crawler|trigger|workflow|database|connection|devEndpoint|mlTransform|registry)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'athena',
    things: [
      { calls: /NamedQuery$/, at: ['namedQueryId', 'answer.namedQueryId', 'name'] },
      { calls: /PreparedStatement$/, at: ['statementName'] },
      {
        what: 'work group, data catalog',
        like: 'athena:reports',
        at: ['name', 'workGroup'],
        arn: /^(?:workgroup|datacatalog|capacity-reservation)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'elasticmapreduce',
    things: [
      {
        what: 'cluster, studio',
        like: 'elasticmapreduce:j-1A2B3C4D5E6F7',
        at: [
          'jobFlowId',
          'jobFlowIds',
          'clusterId',
          'answer.jobFlowId',
          'studioId',
          'answer.studioId',
          'resourceId',
        ],
        arn: /^(?:cluster|studio|editor)\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'emr-serverless',
    things: [
      {
        what: 'application',
        like: 'emr-serverless:00f1a2b3c4d5e6f7',
        at: ['applicationId', 'answer.applicationId', 'name'],
        arn: /^\/applications\/(?<name>\w+)/,
      },
    ],
  },
  {
    name: 'kafka',
    things: [
      {
        what: 'cluster, configuration',
        like: 'kafka:events',
        at: [
          'clusterArn',
          'clusterName',
          'replicatorArn',
          'replicatorName',
          'answer.vpcConnectionArn',
          'arn',
          'name',
        ],
        arn: /^(?:cluster|configuration|replicator|topic|group|vpc-connection)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'kinesisanalytics',
    things: [
      {
        what: 'application',
        like: 'kinesisanalytics:sessions',
        at: ['applicationName'],
        arn: /^application\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'redshift-serverless',
    things: [
      { what: 'work group', like: 'redshift-serverless:reports', calls: /Workgroup$/, at: ['workgroupName'] },
      {
        what: 'namespace',
        like: 'redshift-serverless:warehouse',
        calls: /Namespace$/,
        at: ['namespaceName'],
      },
    ],
  },
  {
    name: 'sagemaker',
    // Its calls name things after their own nouns: `endpointName` of UpdateEndpoint.
    things: [
      {
        what: 'endpoint, model, notebook',
        like: 'sagemaker:ranking',
        at: [],
        arn: /^[\w-]+\/(?<name>[^/]+)$/,
      },
    ],
  },
  {
    name: 'aoss',
    things: [
      {
        what: 'collection, policy',
        like: 'aoss:0a1b2c3d4e5f6g7h8i9j',
        at: ['id', 'answer.createCollectionDetail.id', 'name'],
        arn: /^collection\/(?<name>\w+)$/,
      },
    ],
  },
  {
    name: 'batch',
    things: [
      {
        what: 'job definition',
        like: 'batch:nightly',
        at: ['jobDefinitionName', 'jobDefinition'],
        name: /^([^:/]+)(?::\d+)?$/,
        arn: /^job-definition\/(?<name>[^:/]+)(?::\d+)?$/,
      },
      {
        what: 'queue, compute environment',
        like: 'batch:spot',
        calls: /JobQueue$|ComputeEnvironment$|SchedulingPolicy$/,
        at: ['jobQueueName', 'jobQueue', 'computeEnvironmentName', 'computeEnvironment', 'name', 'arn'],
        arn: /^(?:job-queue|compute-environment|scheduling-policy)\/(?<name>[^/]+)$/,
      },
      { calls: /Job$/, at: ['jobId'], arn: /^job\/(?<name>[\w-]+)/ },
    ],
  },
  {
    name: 'bedrock',
    things: [
      {
        what: 'agent, knowledge base, guardrail',
        like: 'bedrock:A1B2C3D4E5',
        at: [
          'agentId',
          'answer.agent.agentId',
          'knowledgeBaseId',
          'answer.knowledgeBase.knowledgeBaseId',
          'guardrailIdentifier',
          'answer.guardrailId',
          'flowIdentifier',
          'answer.id',
        ],
        arn: /^(?:agent|agent-alias|knowledge-base|guardrail|flow|prompt)\/(?<name>\w+)/,
      },
    ],
  },
  {
    name: 'airflow',
    things: [
      { what: 'environment', like: 'airflow:etl', at: ['name'], arn: /^environment\/(?<name>[^/]+)$/ },
    ],
  },
];
