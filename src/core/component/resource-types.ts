import { spellName } from '../services/thing-name.ts';
import { isComponent } from './component.ts';
import { componentKey } from './key.ts';

/**
 * Types of CloudFormation's resources by the kind of their components. What a template adds to something else, as a policy to a role or
 * a permission to a function, is no thing of its own, and CloudTrail names the other.
 * Source: "Return values" (Ref) of each type in the CloudFormation template reference.
 */
const TYPES_OF_KINDS: Readonly<Record<string, string>> = {
  lambda: 'Lambda::Function Lambda::Alias Lambda::Version Lambda::CodeSigningConfig',
  layer: 'Lambda::LayerVersion',
  stack: 'CloudFormation::Stack',
  cloudformation: 'CloudFormation::StackSet',
  codebuild: 'CodeBuild::Project',
  codedeploy: 'CodeDeploy::Application CodeDeploy::DeploymentConfig CodeDeploy::DeploymentGroup',
  codepipeline: 'CodePipeline::Pipeline CodePipeline::Webhook',
  appconfig:
    'AppConfig::Application AppConfig::ConfigurationProfile AppConfig::DeploymentStrategy AppConfig::Environment',
  ecs: 'ECS::CapacityProvider ECS::Cluster ECS::Service ECS::TaskDefinition',
  eks: 'EKS::Addon EKS::Cluster EKS::FargateProfile EKS::Nodegroup',
  ecr: 'ECR::Repository',
  apprunner: 'AppRunner::Service',
  elasticbeanstalk: 'ElasticBeanstalk::Application ElasticBeanstalk::Environment',
  autoscaling: 'AutoScaling::AutoScalingGroup AutoScaling::LaunchConfiguration',
  'application-autoscaling': 'ApplicationAutoScaling::ScalableTarget',
  apigateway:
    'ApiGateway::ApiKey ApiGateway::DomainName ApiGateway::RestApi ApiGateway::Stage ApiGateway::UsagePlan ApiGateway::VpcLink ApiGatewayV2::Api ApiGatewayV2::DomainName ApiGatewayV2::Stage ApiGatewayV2::VpcLink',
  states: 'StepFunctions::Activity StepFunctions::StateMachine StepFunctions::StateMachineAlias',
  events: 'Events::ApiDestination Events::Archive Events::Connection Events::EventBus Events::Rule',
  scheduler: 'Scheduler::Schedule Scheduler::ScheduleGroup',
  pipes: 'Pipes::Pipe',
  sns: 'SNS::Topic',
  sqs: 'SQS::Queue',
  kinesis: 'Kinesis::Stream',
  firehose: 'KinesisFirehose::DeliveryStream',
  s3: 'S3::AccessPoint S3::Bucket S3::BucketPolicy',
  dynamodb: 'DynamoDB::GlobalTable DynamoDB::Table',
  rds: 'RDS::DBCluster RDS::DBClusterParameterGroup RDS::DBInstance RDS::DBParameterGroup RDS::DBProxy RDS::DBSubnetGroup RDS::EventSubscription RDS::GlobalCluster RDS::OptionGroup',
  elasticache:
    'ElastiCache::CacheCluster ElastiCache::ParameterGroup ElastiCache::ReplicationGroup ElastiCache::ServerlessCache ElastiCache::SubnetGroup ElastiCache::User ElastiCache::UserGroup',
  redshift: 'Redshift::Cluster Redshift::ClusterParameterGroup Redshift::ClusterSubnetGroup',
  es: 'Elasticsearch::Domain OpenSearchService::Domain',
  elasticfilesystem: 'EFS::AccessPoint EFS::FileSystem',
  iam: 'IAM::Group IAM::InstanceProfile IAM::ManagedPolicy IAM::OIDCProvider IAM::Role IAM::SAMLProvider IAM::User',
  kms: 'KMS::Alias KMS::Key KMS::ReplicaKey',
  secretsmanager: 'SecretsManager::Secret',
  ssm: 'SSM::Association SSM::Document SSM::MaintenanceWindow SSM::Parameter SSM::PatchBaseline',
  acm: 'CertificateManager::Certificate',
  'cognito-idp': 'Cognito::UserPool',
  wafv2: 'WAFv2::IPSet WAFv2::RegexPatternSet WAFv2::RuleGroup WAFv2::WebACL',
  organizations: 'Organizations::Account Organizations::OrganizationalUnit Organizations::Policy',
  elasticloadbalancing:
    'ElasticLoadBalancing::LoadBalancer ElasticLoadBalancingV2::Listener ElasticLoadBalancingV2::ListenerRule ElasticLoadBalancingV2::LoadBalancer ElasticLoadBalancingV2::TargetGroup',
  cloudfront:
    'CloudFront::CachePolicy CloudFront::CloudFrontOriginAccessIdentity CloudFront::Distribution CloudFront::Function CloudFront::KeyGroup CloudFront::OriginAccessControl CloudFront::OriginRequestPolicy CloudFront::PublicKey CloudFront::ResponseHeadersPolicy',
  route53: 'Route53::HealthCheck Route53::HostedZone',
  monitoring: 'CloudWatch::Alarm CloudWatch::CompositeAlarm CloudWatch::Dashboard CloudWatch::MetricStream',
  logs: 'Logs::Destination Logs::LogGroup Logs::QueryDefinition',
  cloudtrail: 'CloudTrail::Channel CloudTrail::EventDataStore CloudTrail::Trail',
  amplify: 'Amplify::App Amplify::Branch',
  appsync: 'AppSync::Api AppSync::GraphQLApi',
  servicediscovery:
    'ServiceDiscovery::HttpNamespace ServiceDiscovery::PrivateDnsNamespace ServiceDiscovery::PublicDnsNamespace ServiceDiscovery::Service',
  'cognito-identity': 'Cognito::IdentityPool',
  ses: 'SES::ConfigurationSet SES::ContactList SES::EmailIdentity',
  codeartifact: 'CodeArtifact::Domain CodeArtifact::Repository',
  codeconnections: 'CodeConnections::Connection',
  'codestar-connections': 'CodeStarConnections::Connection',
  backup: 'Backup::BackupPlan Backup::BackupVault',
  transfer: 'Transfer::Server',
  mq: 'AmazonMQ::Broker AmazonMQ::Configuration',
  memorydb: 'MemoryDB::ACL MemoryDB::Cluster MemoryDB::User',
  fsx: 'FSx::FileSystem FSx::Volume',
  globalaccelerator: 'GlobalAccelerator::Accelerator',
  guardduty: 'GuardDuty::Detector',
  synthetics: 'Synthetics::Canary',
  airflow: 'MWAA::Environment',
  glue: 'Glue::Crawler Glue::Database Glue::Job Glue::Table Glue::Trigger Glue::Workflow',
  athena: 'Athena::DataCatalog Athena::NamedQuery Athena::WorkGroup',
  elasticmapreduce: 'EMR::Cluster EMR::Studio',
  'emr-serverless': 'EMRServerless::Application',
  kafka: 'MSK::Cluster MSK::Configuration MSK::ServerlessCluster',
  kinesisanalytics: 'KinesisAnalyticsV2::Application',
  'redshift-serverless': 'RedshiftServerless::Namespace RedshiftServerless::Workgroup',
  sagemaker: 'SageMaker::Endpoint SageMaker::EndpointConfig SageMaker::Model SageMaker::NotebookInstance',
  aoss: 'OpenSearchServerless::Collection',
  batch: 'Batch::ComputeEnvironment Batch::JobDefinition Batch::JobQueue Batch::SchedulingPolicy',
  bedrock: 'Bedrock::Agent Bedrock::Guardrail Bedrock::KnowledgeBase',
  config: 'Config::ConfigRule Config::ConformancePack',
  ec2: 'EC2::Instance EC2::InternetGateway EC2::LaunchTemplate EC2::NatGateway EC2::NetworkAcl EC2::NetworkInterface EC2::RouteTable EC2::SecurityGroup EC2::Subnet EC2::VPC EC2::VPCEndpoint EC2::Volume',
};

const KINDS: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES_OF_KINDS).flatMap(([kind, types]) =>
    types.split(' ').map(type => [`AWS::${type}`, kind] as const),
  ),
);

/** The name with which the ids of these begin; what follows are other properties. */
const BEGINNINGS: Readonly<Record<string, RegExp>> = {
  'application-autoscaling': /^([^|]+)/,
  cloudformation: /^([^:]+)/,
  wafv2: /^([^|]+)/,
};

/** A resource of a stack, by what it is called in AWS. */
export interface Member {
  /** `lambda:<name>`, for example. */
  readonly component: string;
  /** Version number of a layer. */
  readonly version?: string;
}

/**
 * What a resource of a stack is, by its type and physical id; undefined for types that the table of services does not have, and for
 * ids that name nothing of theirs.
 */
export function memberOf(type: string, id: string): Member | undefined {
  const kind = KINDS.get(type);
  if (kind === undefined) return undefined;
  const component = componentKey(id.startsWith('arn:') ? id : `${kind}:${spellName(nameIn(kind, id))}`);
  if (component.startsWith('arn:') || !isComponent(component)) return undefined;
  if (kind !== 'layer') return { component };
  const [, version] = /:layer:[^:]+:(\d+)$/.exec(id) ?? [];
  return version === undefined ? undefined : { component, version };
}

/** Ids are names, URLs that end with them, or what a thing lies in and its name with a bar between them. */
function nameIn(kind: string, id: string): string {
  const beginning = BEGINNINGS[kind];
  if (beginning !== undefined) return beginning.exec(id)?.[1] ?? id;
  if (/^https?:/.test(id)) return id.slice(id.lastIndexOf('/') + 1);
  return id.replace(/^default\|/, '').replace('|', '/');
}
