/** All of a service's calls. */
const ALL = 'all';

/**
 * Calls that CloudTrail does not take for reads, and that change no configuration: people sign in, look something up, take a
 * role, or use a key. Only what certainly changes nothing belongs here; whatever else a service may do stays a change.
 */
const NO_CHANGES: Readonly<Record<string, readonly string[] | typeof ALL>> = {
  // Queries. Sources: the API references of the three services.
  athena: ['StartQueryExecution', 'StopQueryExecution'],
  cloudtrail: ['StartQuery', 'CancelQuery'],
  // Drift detection and checks of templates read stacks; source:
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DetectStackDrift.html
  cloudformation: [
    'DetectStackDrift',
    'DetectStackResourceDrift',
    'DetectStackSetDrift',
    'EstimateTemplateCost',
    'ValidateTemplate',
  ],
  // A shell of one's own. https://docs.aws.amazon.com/cloudshell/latest/userguide/logging-and-monitoring.html
  cloudshell: ALL,
  // Layers of an image that PutImage makes; https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html
  ecr: ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'],
  iam: [
    'GenerateCredentialReport',
    'GenerateOrganizationsAccessReport',
    'GenerateServiceLastAccessedDetails',
    'SimulateCustomPolicy',
    'SimulatePrincipalPolicy',
  ],
  // A key is used, and stays what it is. https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
  kms: [
    'Decrypt',
    'DeriveSharedSecret',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'GenerateRandom',
    'ReEncrypt',
    'RetireGrant',
    'Sign',
    'Verify',
    'VerifyMac',
  ],
  logs: ['CreateLogStream', 'StartLiveTail', 'StartQuery', 'StopQuery'],
  // Signing in; that a password or an address of the root user was changed stays a change.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html
  signin: [
    'CheckMfa',
    'ConsoleLogin',
    'CreateOAuth2Token',
    'CredentialChallenge',
    'CredentialVerification',
    'ExitRole',
    'GetSigninToken',
    'Logout',
    'RenewRole',
    'SwitchRole',
    'UserAuthentication',
  ],
  // https://docs.aws.amazon.com/singlesignon/latest/userguide/logging-using-cloudtrail.html
  sso: ['Authenticate', 'Federate', 'GetRoleCredentials', 'Logout'],
  'sso-oauth': ['CreateToken', 'CreateTokenWithIAM', 'StartDeviceAuthorization'],
  ssm: ['ResumeSession', 'StartSession', 'TerminateSession'],
  // Credentials, which open nothing that was not open before. https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
  sts: ALL,
  // Cases with AWS's support. https://docs.aws.amazon.com/awssupport/latest/user/cloudtrail-logging.html
  support: ALL,
  trustedadvisor: ['RefreshCheck'],
};

const BY_SERVICE: ReadonlyMap<string, ReadonlySet<string> | typeof ALL> = new Map(
  Object.entries(NO_CHANGES).map(([service, actions]) => [service, actions === ALL ? ALL : new Set(actions)]),
);

/** Whether the call changes no configuration, although CloudTrail does not call it a read. */
export function changesNothing(service: string, action: string): boolean {
  const actions = BY_SERVICE.get(service);
  return actions !== undefined && (actions === ALL || actions.has(action));
}
