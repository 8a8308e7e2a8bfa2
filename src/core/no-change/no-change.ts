import { FALSE_READS, QUIET_READS } from './access-levels.ts';
import { soundsLikeReading } from './reading-verb.ts';

/** All of a service's calls. */
const ALL = 'all';

/**
 * Calls that CloudTrail does not take for reads, the service authorization reference neither, and that change no configuration: people
 * sign in, take a role, or use a key; machines report how they are. Only what certainly changes nothing belongs here; whatever else a
 * service may do stays a change.
 */
const NO_CHANGES: Readonly<Record<string, readonly string[] | typeof ALL>> = {
  // A method is tried out. https://docs.aws.amazon.com/apigateway/latest/api/API_TestInvokeMethod.html
  apigateway: ['TestInvokeAuthorizer', 'TestInvokeMethod'],
  // Queries. Sources: the API references of the two services.
  athena: ['StartQueryExecution', 'StopQueryExecution'],
  cloudtrail: ['StartQuery', 'CancelQuery'],
  // A shell of one's own. https://docs.aws.amazon.com/cloudshell/latest/userguide/logging-and-monitoring.html
  cloudshell: ALL,
  // Users of an app sign in. https://docs.aws.amazon.com/cognito/latest/developerguide/logging-using-cloudtrail.html
  'cognito-identity': ['GetCredentialsForIdentity', 'GetId', 'GetOpenIdToken'],
  'cognito-idp': [
    'AdminInitiateAuth',
    'AdminRespondToAuthChallenge',
    'GetTokensFromRefreshToken',
    'InitiateAuth',
    'RespondToAuthChallenge',
  ],
  // What rules found. https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html
  config: ['DeliverConfigSnapshot', 'PutEvaluations', 'StartConfigRulesEvaluation'],
  // Agents of machines fetch what somebody else asked for.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html
  ec2messages: ALL,
  ssmmessages: ALL,
  // Layers of an image that PutImage makes; https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_InitiateLayerUpload.html
  ecr: ['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload'],
  // Agents tell how tasks are. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_SubmitTaskStateChange.html
  ecs: [
    'DiscoverPollEndpoint',
    'Poll',
    'StartTelemetrySession',
    'SubmitAttachmentStateChanges',
    'SubmitContainerStateChange',
    'SubmitTaskStateChange',
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
  // Credentials, which open nothing that was not open before: Lake Formation's and Redshift's, and below all of STS's.
  // https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
  lakeformation: ['GetDataAccess'],
  redshift: ['GetClusterCredentials', 'GetClusterCredentialsWithIAM'],
  'redshift-serverless': ['GetCredentials'],
  logs: ['CreateLogStream'],
  // Findings of scanners. https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
  securityhub: ['BatchImportFindings'],
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
  // Sessions of people, and what agents report every few minutes.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-cloudtrail-logs.html
  ssm: [
    'PutComplianceItems',
    'PutConfigurePackageResult',
    'PutInventory',
    'ResumeSession',
    'StartSession',
    'TerminateSession',
    'UpdateInstanceAssociationStatus',
    'UpdateInstanceInformation',
  ],
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
  sts: ALL,
  // Cases with AWS's support. https://docs.aws.amazon.com/awssupport/latest/user/cloudtrail-logging.html
  support: ALL,
  trustedadvisor: ['RefreshCheck'],
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Makes a test whether a call changes no configuration, although CloudTrail does not call it a read: it only reads by its access
 * level, or stands in a short list of ours. What is not known is a change.
 */
export function createNoChangeTest(): (service: string, action: string) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  const falseReads = new Map<string, ReadonlySet<string>>();
  return (service, action) => {
    const listed = ownOf(NO_CHANGES, service);
    if (listed === ALL) return true;
    const quiet = remember(known, service, () => [...(listed ?? []), ...wordsOf(QUIET_READS, service)]);
    if (quiet.has(action)) return true;
    return (
      soundsLikeReading(action) &&
      !remember(falseReads, service, () => wordsOf(FALSE_READS, service)).has(action)
    );
  };
}

function ownOf<T>(table: Readonly<Record<string, T>>, service: string): T | undefined {
  return Object.hasOwn(table, service) ? table[service] : undefined;
}

function wordsOf(table: Readonly<Record<string, string>>, service: string): readonly string[] {
  return ownOf(table, service)?.split(' ') ?? [];
}

function remember(
  sets: Map<string, ReadonlySet<string>>,
  service: string,
  words: () => readonly string[],
): ReadonlySet<string> {
  const found = sets.get(service);
  if (found !== undefined) return found;
  const list = words();
  const made = list.length === 0 ? NONE : new Set(list);
  sets.set(service, made);
  return made;
}
