import { functionKey, layerKey, stackKey } from '../name-or-arn.ts';
import type { Service } from '../service.ts';

/** Functions and stacks, and what else code is deployed by. */
export const CODE_SERVICES: readonly Service[] = [
  {
    name: 'lambda',
    things: [
      {
        what: 'function',
        like: 'lambda:resize-image',
        at: ['answer.functionName', 'functionName', 'answer.functionArn'],
        arn: /^function:(?<name>[^:]+)/,
        read: functionKey,
      },
      {
        what: 'layer',
        like: 'layer:deps',
        kind: 'layer',
        at: ['answer.layerArn', 'layerName'],
        arn: /^layer:(?<name>[^:]+)/,
        read: layerKey,
      },
      {
        what: 'code signing configuration',
        like: 'lambda:csc-0a1b2c3d4e5f67890',
        at: ['codeSigningConfigArn', 'answer.codeSigningConfig.codeSigningConfigArn'],
        arn: /^code-signing-config:(?<name>csc-\w+)$/,
      },
    ],
  },
  {
    name: 'cloudformation',
    things: [
      {
        what: 'stack',
        like: 'stack:billing',
        kind: 'stack',
        at: ['answer.stackId', 'stackName'],
        arn: /^stack\/(?<name>[^/]+)/,
        read: stackKey,
      },
      {
        what: 'stack set',
        like: 'cloudformation:baseline',
        at: ['stackSetName', 'answer.stackSetId'],
        // Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html (StackSetId)
        name: /^([A-Za-z][A-Za-z0-9-]*)(?::[\w-]+)?$/,
        arn: /^stackset(?:-target)?\/(?<name>[^:/]+)/,
      },
    ],
  },
  {
    name: 'codebuild',
    things: [
      {
        what: 'project',
        like: 'codebuild:build-shop',
        at: ['projectName', 'name', 'answer.project.name'],
        arn: /^(?:project|report-group|fleet)\/(?<name>[^:/]+)/,
      },
      { at: ['id', 'ids'], name: /^([^:]+):/, arn: /^build(?:-batch)?\/(?<name>[^:/]+)/ },
    ],
  },
  {
    name: 'codedeploy',
    things: [
      {
        what: 'deployment group',
        like: 'codedeploy:shop/prod',
        at: ['deploymentGroupName', 'currentDeploymentGroupName'],
        in: ['applicationName'],
        arn: /^deploymentgroup:(?<in>[^/]+)\/(?<name>[^/]+)$/,
      },
      {
        what: 'application',
        like: 'codedeploy:shop',
        at: ['applicationName'],
        arn: /^application:(?<name>[^/]+)$/,
      },
      { what: 'deployment', like: 'codedeploy:d-A1B2C3D4E', at: ['deploymentId'] },
      {
        what: 'deployment configuration',
        like: 'codedeploy:canary',
        at: ['deploymentConfigName'],
        arn: /^deploymentconfig:(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'codepipeline',
    things: [
      {
        what: 'pipeline',
        like: 'codepipeline:release',
        at: ['pipeline.name', 'pipelineName', 'name'],
        arn: /^(?<name>[\w.@-]+)(?:\/.+)?$/,
      },
      {
        what: 'webhook',
        like: 'codepipeline:on-push',
        at: ['webhook.name', 'webhookName'],
        arn: /^webhook:(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'appconfig',
    things: [
      {
        what: 'configuration profile',
        like: 'appconfig:a1b2c3d/e4f5g6h',
        at: ['configurationProfileId'],
        in: ['applicationId'],
        arn: /^application\/(?<in>\w+)\/configurationprofile\/(?<name>\w+)/,
      },
      {
        calls: /^CreateConfigurationProfile$/,
        at: ['answer.id'],
        in: ['applicationId'],
      },
      {
        what: 'environment',
        like: 'appconfig:a1b2c3d/i7j8k9l',
        at: ['environmentId'],
        in: ['applicationId'],
        arn: /^application\/(?<in>\w+)\/environment\/(?<name>\w+)/,
      },
      {
        calls: /^CreateEnvironment$/,
        at: ['answer.id'],
        in: ['applicationId'],
      },
      {
        what: 'application',
        like: 'appconfig:a1b2c3d',
        at: ['applicationId'],
        arn: /^application\/(?<name>\w+)$/,
      },
      {
        what: 'deployment strategy, extension',
        like: 'appconfig:m1n2o3p',
        at: ['deploymentStrategyId', 'extensionAssociationId', 'extensionIdentifier', 'answer.id'],
        arn: /^(?:deploymentstrategy|extension|extensionassociation)\/(?<name>\w+)/,
      },
    ],
  },
];
