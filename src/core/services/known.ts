/**
 * Names of services as `eventSource` has them, without `.amazonaws.com`. It is the prefix of the service's IAM actions, but for those
 * below and a few in {@link EVERYDAY_NAMES}. AWS adds services: a name that is not here may be given in full.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const KNOWN_SERVICES: readonly string[] = `
a2c a4b access-analyzer account account-access acm acm-pca aco-automation action-recommendations
activate agent-registry agentaccess-mcp aidevops aiops airflow airflow-serverless amplify amplifybackend
amplifyuibuilder aoss apigateway app-integrations appconfig appfabric appflow application-autoscaling
application-signals application-signals-mcp application-transformation applicationinsights appmesh
appmesh-preview apprunner appstream appstudio appsync apptest aps arc-region-switch arc-zonal-shift
arsenal artifact athena auditmanager autoscaling autoscaling-plans aws-external-anthropic
aws-marketplace aws-marketplace-management awsconnector b2bi backup backup-gateway backup-search
backup-storage batch bcm-dashboards bcm-data-exports bcm-pricing-calculator bcm-recommended-actions
bedrock bedrock-agentcore bedrock-mantle bedrock-websearch billing billingconductor braket budgets
bugbust cases cassandra ce chatbot chime cleanrooms cleanrooms-ml cloud9 cloudcontrolapi clouddirectory
cloudformation cloudfront cloudfront-keyvaluestore cloudhsm cloudsearch cloudshell cloudtrail
cloudtrail-data codeartifact codebuild codecatalyst codecommit codeconnections codedeploy
codedeploy-commands-secure codeguru codeguru-profiler codeguru-reviewer codeguru-security codepipeline
codestar codestar-connections codestar-notifications codewhisperer cognito-identity cognito-idp
cognito-sync comprehend comprehendmedical compute-optimizer config connect connect-campaigns
consolidatedbilling controlcatalog controltower cost-optimization-hub cur customer-verification databrew
dataexchange datapipeline datasync datazone dax deadline detective devicefarm devops-guru directconnect
discovery dlm dms docdb-elastic drs ds ds-data dsql dynamodb ebs ec2 ec2-instance-connect ec2messages
ecr ecr-public ecs ecs-mcp eks eks-auth eks-mcp elasticache elasticbeanstalk elasticfilesystem
elasticloadbalancing elasticmapreduce elastictranscoder elemental-activations elemental-inference
elemental-support-cases elemental-support-content emr-containers emr-serverless entityresolution es
events eventsbilltoaws evidently evs finops-agent finspace finspace-api firehose fis fms forecast
frauddetector freetier fsx gamelift gameliftstreams geo geo-maps geo-places geo-routes glacier
globalaccelerator glue grafana greengrass groundstation groundtruthlabeling guardduty health
health-agent healthlake honeycode iam identity-sync identitystore identitystore-auth imagebuilder
importexport inspector inspector-scan inspector2 inspector2-telemetry interconnect internetmonitor
invoicing iot iotanalytics iotdata iotdeviceadvisor iotevents iotfleethub iotfleetwise
iotmanagedintegrations iotsitewise iotthingsgraph iottwinmaker iotwireless iq iq-permission ivs ivschat
kafka kafkaconnect kendra kendra-ranking kinesis kinesisanalytics kinesisvideo kms lakeformation lambda
launchwizard lex lexv2 license-manager license-manager-linux-subscriptions
license-manager-user-subscriptions lightsail logs lookoutequipment lookoutmetrics lookoutvision m2
machinelearning macie2 managedblockchain managedblockchain-query mapcredits marketplacecommerceanalytics
mechanicalturk mediaconnect mediaconvert mediaimport medialive mediapackage mediapackage-vod
mediapackagev2 mediastore mediatailor medical-imaging memorydb mgh mgn migrationhub-orchestrator
migrationhub-strategy mobileanalytics mobiletargeting monitoring monitron mpa mq neptune-graph
network-firewall network-security-director network-security-manager networkflowmonitor networkmanager
networkmanager-chat networkmonitor nimble notifications notifications-contacts nova-act oam
observabilityadmin odb omics one opsworks opsworks-cm organizations osis outposts panorama
partnercentral partnercentral-account-management payment-cryptography payments pca-connector-ad
pca-connector-scep pcs personalize pi pipes polly pricing pricingplanmanager private-networks profile
proton purchase-orders q qapps qbusiness qdeveloper qldb quicksight ram rbin rds rdsdata redshift
redshift-data redshift-serverless refactor-spaces rekognition repostspace researchstudio resiliencehub
resource-explorer resource-explorer-2 resource-groups rhelkb robomaker rolesanywhere route53
route53-recovery-cluster route53-recovery-control-config route53-recovery-readiness route53domains
route53globalresolver route53profiles route53resolver rtbfabric rum s3 s3-object-lambda s3-outposts
s3express s3files s3tables s3vectors sagemaker sagemaker-data-science-assistant sagemaker-geospatial
sagemaker-mlflow sagemaker-unified-studio-mcp savingsplans scheduler schemas scn sdb secretsmanager
security-ir securityagent securityhub securitylake serverlessrepo servicecatalog servicediscovery
serviceextract servicequotas ses shield signer signin simspaceweaver sms sms-voice
snow-device-management snowball sns social-messaging sqlworkbench sqs ssm ssm-contacts ssm-guiconnect
ssm-incidents ssm-quicksetup ssm-sap ssmmessages sso sso-directory sso-oauth states storagegateway sts
support support-console supportapp supportauthz supportplans sustainability swf synthetics tagging tax
textract thinclient timestream timestream-influxdb tiros tnb transcribe transfer transform
transform-custom translate trustedadvisor ts user-subscriptions uxc vendor-insights verified-access
verifiedpermissions voiceid vpc-lattice vpc-lattice-svcs vpce waf waf-regional wafv2 wam wellarchitected
wickr wisdom workdocs worklink workmail workmailmessageflow workspaces workspaces-instances
workspaces-web xray
`
  .trim()
  .split(/\s+/);

/**
 * What people call services, prefixes of IAM actions and names of the AWS CLI among it, and the name that `eventSource` has.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-aws-service-specific-topics.html
 */
export const EVERYDAY_NAMES: Readonly<Record<string, string>> = {
  accessanalyzer: 'access-analyzer',
  'acm-private-ca': 'acm-pca',
  alb: 'elasticloadbalancing',
  amazonmq: 'mq',
  amp: 'aps',
  'api-gateway': 'apigateway',
  apigatewayv2: 'apigateway',
  apigw: 'apigateway',
  'app-config': 'appconfig',
  'app-runner': 'apprunner',
  'application-insights': 'applicationinsights',
  asg: 'autoscaling',
  aurora: 'rds',
  'auto-scaling': 'autoscaling',
  'aws-config': 'config',
  beanstalk: 'elasticbeanstalk',
  'bedrock-agent': 'bedrock',
  'bedrock-agentcore-control': 'bedrock-agentcore',
  'certificate-manager': 'acm',
  certificatemanager: 'acm',
  cfn: 'cloudformation',
  'cloud-control': 'cloudcontrolapi',
  'cloud-formation': 'cloudformation',
  'cloud-front': 'cloudfront',
  'cloud-map': 'servicediscovery',
  'cloud-trail': 'cloudtrail',
  cloudcontrol: 'cloudcontrolapi',
  cloudhsmv2: 'cloudhsm',
  cloudmap: 'servicediscovery',
  cloudwatch: 'monitoring',
  'cloudwatch-events': 'events',
  'cloudwatch-logs': 'logs',
  cloudwatchevents: 'events',
  cloudwatchlogs: 'logs',
  'code-build': 'codebuild',
  'code-deploy': 'codedeploy',
  'code-pipeline': 'codepipeline',
  cognito: 'cognito-idp',
  'cognito-user-pools': 'cognito-idp',
  configservice: 'config',
  'cost-explorer': 'ce',
  ddb: 'dynamodb',
  'directory-service': 'ds',
  docdb: 'rds',
  documentdb: 'rds',
  dynamo: 'dynamodb',
  dynamodbstreams: 'dynamodb',
  efs: 'elasticfilesystem',
  'elastic-beanstalk': 'elasticbeanstalk',
  elasticloadbalancingv2: 'elasticloadbalancing',
  elasticsearch: 'es',
  elb: 'elasticloadbalancing',
  'elb-v2': 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  'event-bridge': 'events',
  eventbridge: 'events',
  'eventbridge-pipes': 'pipes',
  'eventbridge-scheduler': 'scheduler',
  'execute-api': 'apigateway',
  fargate: 'ecs',
  'guard-duty': 'guardduty',
  'identity-center': 'sso',
  identitycenter: 'sso',
  'incident-manager': 'ssm-incidents',
  'iot-core': 'iot',
  'iot-data': 'iotdata',
  'kafka-cluster': 'kafka',
  keyspaces: 'cassandra',
  'kinesis-firehose': 'firehose',
  kinesisanalyticsv2: 'kinesisanalytics',
  lambdas: 'lambda',
  layer: 'lambda',
  'lex-models': 'lex',
  'lexv2-models': 'lexv2',
  'load-balancer': 'elasticloadbalancing',
  location: 'geo',
  macie: 'macie2',
  'managed-grafana': 'grafana',
  msk: 'kafka',
  mwaa: 'airflow',
  neptune: 'rds',
  'neptune-db': 'rds',
  'network-manager': 'networkmanager',
  nlb: 'elasticloadbalancing',
  opensearch: 'es',
  'opensearch-serverless': 'aoss',
  opensearchserverless: 'aoss',
  opensearchservice: 'es',
  org: 'organizations',
  orgs: 'organizations',
  'parameter-store': 'ssm',
  parameterstore: 'ssm',
  pinpoint: 'mobiletargeting',
  prometheus: 'aps',
  qconnect: 'wisdom',
  r53: 'route53',
  'rds-data': 'rdsdata',
  'rds-db': 'rds',
  resourcegroupstaggingapi: 'tagging',
  'route-53': 'route53',
  s3control: 's3',
  secretmanager: 'secretsmanager',
  secrets: 'secretsmanager',
  'secrets-manager': 'secretsmanager',
  'security-hub': 'securityhub',
  'service-catalog': 'servicecatalog',
  'service-discovery': 'servicediscovery',
  'service-quotas': 'servicequotas',
  sesv2: 'ses',
  sfn: 'states',
  simpledb: 'sdb',
  'sso-admin': 'sso',
  'sso-oidc': 'sso-oauth',
  stack: 'cloudformation',
  stacks: 'cloudformation',
  'step-functions': 'states',
  stepfunction: 'states',
  stepfunctions: 'states',
  'support-app': 'supportapp',
  'systems-manager': 'ssm',
  systemsmanager: 'ssm',
  tag: 'tagging',
  'timestream-query': 'timestream',
  'timestream-write': 'timestream',
  'transit-gateway': 'ec2',
  'verified-permissions': 'verifiedpermissions',
  'voice-id': 'voiceid',
  vpc: 'ec2',
  'waf-v2': 'wafv2',
  'workspaces-thin-client': 'thinclient',
  'x-ray': 'xray',
};
