import type { Service } from '../service.ts';

/** Containers and what runs them. */
export const CONTAINER_SERVICES: readonly Service[] = [
  {
    name: 'ecs',
    things: [
      {
        what: 'service',
        like: 'ecs:prod/web',
        // A task of a service says so by its group.
        at: ['service', 'serviceName', 'serviceArn', 'serviceDeploymentArn', 'answer.task.group'],
        name: /^(?:service:)?([^:/]+)$/,
        in: ['cluster'],
        // Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html (cluster)
        inDefault: 'default',
        arn: /^(?:service|task-set|service-deployment|service-revision)\/(?:(?<in>[^/]+)\/)?(?<name>[^/]+)(?:\/[\w-]+)?$/,
      },
      {
        what: 'task definition',
        like: 'ecs:web',
        at: ['family', 'taskDefinition', 'taskDefinitions', 'answer.task.taskDefinitionArn'],
        name: /^([^:/]+)(?::\d+)?$/,
        arn: /^task-definition\/(?<name>[^:/]+)(?::\d+)?$/,
      },
      {
        what: 'capacity provider',
        like: 'ecs:spot',
        calls: /CapacityProvider$/,
        at: ['name', 'capacityProvider'],
        arn: /^capacity-provider\/(?<name>[^/]+)$/,
      },
      {
        what: 'cluster',
        like: 'ecs:prod',
        at: ['cluster', 'clusterName'],
        arn: /^(?:cluster|task|container-instance)\/(?<name>[^/]+)(?:\/[^/]+)?$/,
      },
    ],
  },
  {
    name: 'eks',
    things: [
      {
        what: 'node group, add-on, Fargate profile',
        like: 'eks:prod/workers',
        at: ['nodegroupName', 'addonName', 'fargateProfileName'],
        in: ['clusterName', 'name'],
        arn: /^(?:nodegroup|addon|fargateprofile)\/(?<in>[^/]+)\/(?<name>[^/]+)(?:\/[\w-]+)?$/,
      },
      {
        what: 'cluster',
        like: 'eks:prod',
        at: ['clusterName', 'name'],
        arn: /^(?:cluster|access-entry|podidentityassociation|identityproviderconfig)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'ecr',
    things: [
      {
        what: 'repository',
        like: 'ecr:team/app',
        at: ['repositoryName'],
        arn: /^repository\/(?<name>.+)$/,
      },
      { what: 'rule of the registry', like: 'ecr:mirror', at: ['ecrRepositoryPrefix', 'prefix'] },
    ],
  },
  {
    name: 'apprunner',
    things: [
      {
        what: 'service',
        like: 'apprunner:web',
        at: ['serviceArn', 'serviceName'],
        arn: /^service\/(?<name>[^/]+)(?:\/\w+)?$/,
      },
      {
        what: 'configuration, connection',
        like: 'apprunner:small',
        at: [
          'autoScalingConfigurationName',
          'autoScalingConfigurationArn',
          'connectionName',
          'connectionArn',
          'vpcConnectorName',
          'vpcConnectorArn',
          'observabilityConfigurationName',
          'observabilityConfigurationArn',
        ],
        arn: /^(?:autoscalingconfiguration|connection|vpcconnector|observabilityconfiguration)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'elasticbeanstalk',
    things: [
      // How a green environment takes the place of a blue one: each gets the address of the other.
      {
        calls: /^SwapEnvironmentCNAMEs$/,
        at: [
          'sourceEnvironmentName',
          'destinationEnvironmentName',
          'sourceEnvironmentId',
          'destinationEnvironmentId',
        ],
        isEach: true,
      },
      {
        what: 'environment',
        like: 'elasticbeanstalk:shop-prod',
        calls: /^(?!(?:Create|Update)ConfigurationTemplate$)/,
        at: ['environmentName', 'answer.environmentName', 'environmentId'],
        arn: /^environment\/[^/]+\/(?<name>[^/]+)$/,
      },
      {
        what: 'application',
        like: 'elasticbeanstalk:shop',
        at: ['applicationName'],
        arn: /^(?:application|applicationversion|configurationtemplate)\/(?<name>[^/]+)/,
      },
    ],
  },
  {
    name: 'autoscaling',
    things: [
      // Called by an instance, it may leave the group with one fewer.
      {
        calls: /^TerminateInstanceInAutoScalingGroup$/,
        at: ['answer.activity.autoScalingGroupName', 'instanceId'],
        isEach: true,
      },
      {
        what: 'group',
        like: 'autoscaling:web',
        at: ['autoScalingGroupName', 'tags.resourceId'],
        arn: /^(?:autoScalingGroup|scalingPolicy):[\w-]+:autoScalingGroupName\/(?<name>[^:]+)/,
      },
      {
        what: 'launch configuration',
        like: 'autoscaling:web-1',
        at: ['launchConfigurationName'],
        arn: /^launchConfiguration:[\w-]+:launchConfigurationName\/(?<name>.+)$/,
      },
    ],
  },
  {
    name: 'application-autoscaling',
    // What it scales belongs to another service: `service/prod/web`, `table/orders`.
    things: [
      { what: 'what it scales', like: 'application-autoscaling:service/prod/web', at: ['resourceId'] },
    ],
  },
];
