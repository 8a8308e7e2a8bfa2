import { partitionOf } from '../base/region.ts';

/** An account and a Region. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** A type of AWS Config, and how ids of its resources are spelled. */
export interface ConfigType {
  /** As Config and CloudFormation call it. */
  readonly type: string;
  /** Config's resource id of a name; undefined where only Config knows it, and has to be asked by the name. */
  readonly id?: (name: string, place: Place) => string;
  /** What CloudFormation knows the resource by; the same as `id` by default, else the name. */
  readonly physicalId?: (name: string, place: Place) => string;
  /** Which names of the kind are of this type; all by default. */
  readonly fits?: RegExp;
}

const itself = (name: string): string => name;
/** What lies in something goes by its own name alone. */
const ownName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

function arnOf(service: string, toResource: (name: string) => string) {
  return (name: string, { account, region }: Place): string =>
    `arn:${partitionOf(region)}:${service}:${region}:${account}:${toResource(name)}`;
}

function queueUrl(name: string, { account, region }: Place): string {
  const end = region.startsWith('cn-') ? '.cn' : '';
  return `https://sqs.${region}.amazonaws.com${end}/${account}/${name}`;
}

/**
 * By the kind of a component: the types that its things can have, the likeliest first.
 *
 * Sources: https://docs.aws.amazon.com/config/latest/developerguide/resource-config-reference.html (types), and "Return values" of each
 * type in https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/ (physical ids)
 */
const TYPES: Readonly<Record<string, readonly ConfigType[]>> = {
  lambda: [
    { type: 'AWS::Lambda::CodeSigningConfig', fits: /^csc-/ },
    { type: 'AWS::Lambda::Function', id: itself },
  ],
  layer: [{ type: 'AWS::Lambda::LayerVersion', id: arnOf('lambda', name => `layer:${name}`) }],
  stack: [{ type: 'AWS::CloudFormation::Stack', physicalId: itself }],
  iam: [
    { type: 'AWS::IAM::Role' },
    { type: 'AWS::IAM::User' },
    { type: 'AWS::IAM::Policy' },
    { type: 'AWS::IAM::Group' },
  ],
  dynamodb: [{ type: 'AWS::DynamoDB::Table', id: itself }],
  sqs: [{ type: 'AWS::SQS::Queue', id: queueUrl }],
  s3: [{ type: 'AWS::S3::Bucket', id: itself }],
  ecs: [
    { type: 'AWS::ECS::Service', id: arnOf('ecs', name => `service/${name}`), fits: /\// },
    { type: 'AWS::ECS::Cluster', id: arnOf('ecs', name => `cluster/${name}`), physicalId: itself },
    { type: 'AWS::ECS::TaskDefinition' },
  ],
  sns: [{ type: 'AWS::SNS::Topic', id: arnOf('sns', itself) }],
  states: [{ type: 'AWS::StepFunctions::StateMachine', id: arnOf('states', name => `stateMachine:${name}`) }],
  events: [
    { type: 'AWS::Events::Rule', physicalId: ownName },
    { type: 'AWS::Events::EventBus', physicalId: itself },
  ],
  rds: [{ type: 'AWS::RDS::DBInstance' }, { type: 'AWS::RDS::DBCluster' }],
  kms: [
    { type: 'AWS::KMS::Alias', fits: /^alias\// },
    { type: 'AWS::KMS::Key', id: itself },
  ],
  secretsmanager: [{ type: 'AWS::SecretsManager::Secret' }],
  kinesis: [{ type: 'AWS::Kinesis::Stream', physicalId: itself }],
  firehose: [{ type: 'AWS::KinesisFirehose::DeliveryStream', physicalId: itself }],
  codebuild: [{ type: 'AWS::CodeBuild::Project', physicalId: itself }],
  codepipeline: [{ type: 'AWS::CodePipeline::Pipeline', id: itself }],
  ecr: [{ type: 'AWS::ECR::Repository' }],
  eks: [{ type: 'AWS::EKS::Cluster' }],
  autoscaling: [{ type: 'AWS::AutoScaling::AutoScalingGroup', physicalId: itself }],
  elasticloadbalancing: [
    { type: 'AWS::ElasticLoadBalancingV2::LoadBalancer' },
    { type: 'AWS::ElasticLoadBalancingV2::TargetGroup' },
  ],
  apigateway: [{ type: 'AWS::ApiGateway::RestApi' }, { type: 'AWS::ApiGatewayV2::Api' }],
  cloudfront: [{ type: 'AWS::CloudFront::Distribution', physicalId: itself }],
  monitoring: [{ type: 'AWS::CloudWatch::Alarm', physicalId: itself }],
  es: [{ type: 'AWS::OpenSearch::Domain' }],
  elasticfilesystem: [{ type: 'AWS::EFS::FileSystem', id: itself }],
  redshift: [{ type: 'AWS::Redshift::Cluster' }],
  ec2: [
    { type: 'AWS::EC2::SecurityGroup', id: itself, fits: /^sg-/ },
    { type: 'AWS::EC2::Instance', id: itself, fits: /^i-/ },
    { type: 'AWS::EC2::Volume', id: itself, fits: /^vol-/ },
    { type: 'AWS::EC2::Subnet', id: itself, fits: /^subnet-/ },
    { type: 'AWS::EC2::VPC', id: itself, fits: /^vpc-/ },
    { type: 'AWS::EC2::RouteTable', id: itself, fits: /^rtb-/ },
    { type: 'AWS::EC2::NetworkInterface', id: itself, fits: /^eni-/ },
  ],
};

/** A component as Config and CloudFormation know it. */
export interface ConfigSubject {
  readonly type: string;
  /** The thing's own name, which Config can be asked by. */
  readonly name: string;
  /** Undefined where Config has to be asked for it. */
  readonly resourceId: string | undefined;
  readonly physicalId: string;
}

/**
 * What a component is in Config, the likeliest type first; nothing where it records no such thing.
 *
 * @param component in the spelling that changes have
 */
export function subjectsOf(component: string, place: Place): ConfigSubject[] {
  const end = component.indexOf(':');
  const [kind, name] = [component.slice(0, end), component.slice(end + 1)];
  const types = TYPES[kind] ?? [];
  const close = types.filter(({ fits }) => fits?.test(name) ?? false);
  const fitting = close.length > 0 ? close : types.filter(({ fits }) => fits === undefined);
  return fitting.map(({ type, id, physicalId = id ?? ownName }) => ({
    type,
    name: ownName(name),
    resourceId: id?.(name, place),
    physicalId: physicalId(name, place),
  }));
}
