import { DeployMarkerError, isDeployMarkerError } from '../../errors/deploy-marker-error.ts';
import { COMMON_ERRORS, type ErrorMeaning, isKeyFetchFault, KEY_FETCH_FAULT } from './error-table.ts';
import { OPERATION_ERRORS, type OperationName } from './operation-errors.ts';
import { DEVELOPER_HINT, isNetworkFault, readSdkError, type SdkError } from './sdk-error.ts';

/** What the failed call was. */
export interface AwsErrorContext {
  readonly operation: OperationName;
  /** The signal the call was given; its reason tells a deadline from a cancellation. */
  readonly signal?: AbortSignal | undefined;
  /** Text that must not be shown, wherever the service repeats it. */
  readonly secrets?: readonly string[];
}

/**
 * Turns whatever a call of an AWS client threw into our error, by one table.
 *
 * The message has AWS's own words, the HTTP status and the request id. Neither it nor anything reachable through
 * `cause` holds the request, `secrets`, or what looks like a token or key.
 */
export function toAwsError(error: unknown, context: AwsErrorContext): DeployMarkerError {
  const own = findOwnError(error, context.signal);
  if (own !== undefined) return own;
  const read = readSdkError(error, context.secrets ?? []);
  if (read.name === 'AbortError') {
    return new DeployMarkerError('CANCELLED', `${context.operation} was aborted`, { cause: read.safe });
  }
  const operation = findOperation(read, context.operation);
  const meaning = findMeaning(read, operation);
  return new DeployMarkerError(meaning.code, describe(read, operation, meaning), {
    cause: read.safe,
    ...(meaning.hint === undefined ? {} : { hint: meaning.hint }),
  });
}

/** The SDK passes our own errors through, or puts the reason of an abort into the cause of its AbortError. */
function findOwnError(error: unknown, signal: AbortSignal | undefined): DeployMarkerError | undefined {
  if (isDeployMarkerError(error)) return inOwnWords(error);
  if (!(error instanceof Error) || error.name !== 'AbortError') return undefined;
  if (isDeployMarkerError(error.cause)) return error.cause;
  return isDeployMarkerError(signal?.reason) ? signal.reason : undefined;
}

/** To what fails while it reads a body the SDK adds a hint for developers, and the whole answer. */
function inOwnWords(error: DeployMarkerError): DeployMarkerError {
  const { code, message, hint, problems, cause } = error;
  const [told = ''] = message.split(DEVELOPER_HINT);
  return told === message ? error : new DeployMarkerError(code, told, { hint, problems, cause });
}

/** Where the SDK gets the credentials of a role by itself, what STS refuses appears under the call that they were for. */
function findOperation({ message }: SdkError, asked: OperationName): OperationName {
  const [, refused] = /perform: sts:(AssumeRole(?:WithWebIdentity)?)\b/.exec(message) ?? [];
  return refused === 'AssumeRole' || refused === 'AssumeRoleWithWebIdentity' ? refused : asked;
}

function findMeaning(read: SdkError, operation: OperationName): ErrorMeaning {
  const { name, status } = read;
  if (read.fromService) {
    if (isKeyFetchFault(read)) return KEY_FETCH_FAULT;
    if (TOO_LONG.test(read.message)) {
      const hint =
        "pass a shorter --duration, or raise the role's MaxSessionDuration (a chained role gives one hour)";
      return { code: 'AWS_REJECTED', hint };
    }
    if (WRONG_REGION.test(read.message)) return { code: 'ACCESS_DENIED', hint: 'check --region' };
    const ofStore = findStoreMeaning(read, operation);
    if (ofStore !== undefined) return ofStore;
    const listed =
      OPERATION_ERRORS[operation].get(name) ??
      COMMON_ERRORS.get(name) ??
      OPERATION_ERRORS.AssumeRoleWithWebIdentity.get(name);
    return listed ?? meaningOfStatus(status);
  }
  const listed = COMMON_ERRORS.get(name);
  if (listed !== undefined) return listed;
  if (status !== undefined) {
    // An answer that could not be read: a proxy's or load balancer's page tells only its status.
    const meaning = meaningOfStatus(status);
    return meaning.code === 'AWS_REJECTED' ? { code: 'UNEXPECTED_RESPONSE' } : meaning;
  }
  if (isNetworkFault(read)) {
    return {
      code: 'NETWORK',
      hint: 'check the network, HTTPS_PROXY, AWS_CA_BUNDLE and the endpoint variables',
    };
  }
  if (name === 'SyntaxError') return { code: 'UNEXPECTED_RESPONSE' };
  if (CONFIG_FAULT.test(read.message) || read.code === 'ERR_INVALID_URL') {
    return {
      code: 'CONFIG_INVALID',
      hint: "correct AWS_ENDPOINT_URL and its variants (each a whole URL), AWS's other variables or its configuration files",
    };
  }
  return { code: 'INTERNAL' };
}

// What AWS says of a signature for a Region that is not its own. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
const WRONG_REGION = /scoped to (?:a valid|correct) region/i;

// What STS says of a duration over the role's maximum, or over the hour of a chained role.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
const TOO_LONG = /DurationSeconds exceeds/;

// How the SDK begins the messages of plain errors about its settings.
const CONFIG_FAULT =
  /^(Invalid Configuration|Region (is missing|not accepted)|FIPS |DualStack |Environment variable AWS_|Shared config file|The services section|Cannot load )/;

// What the SDK says at the end of all places that it looks for credentials in.
const NO_CREDENTIALS = /^Could not load credentials from any providers/;

// S3 passes on what KMS says, under a name of its own or as a denied access; who pays stands in the message alone.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
const OF_KEY = /^KMS\.|\bkms:\w+/;
const OF_PAYER = /request(?:er)?[- ]?pay/i;
const S3_CALLS: readonly OperationName[] = ['GetObject', 'ListObjectsV2', 'PutObject'];

/** Why an object cannot be read or written, where neither the bucket nor the object is at fault. */
function findStoreMeaning({ name, message }: SdkError, operation: OperationName): ErrorMeaning | undefined {
  if (!S3_CALLS.includes(operation)) return undefined;
  if (OF_KEY.test(name) || OF_KEY.test(message)) {
    return {
      code: 'ACCESS_DENIED',
      because: 'the object is encrypted with a key of KMS that may not be used',
      hint: `allow ${operation === 'PutObject' ? 'kms:GenerateDataKey' : 'kms:Decrypt'} on the key, in the role's policies and in the key's own`,
    };
  }
  if (OF_PAYER.test(message)) {
    return {
      code: 'ACCESS_DENIED',
      because: 'the bucket lets its requesters pay, which deploy-marker does not offer',
      hint: 'read with a role of the account that the bucket belongs to, or copy the logs',
    };
  }
  return undefined;
}

function meaningOfStatus(status: number | undefined): ErrorMeaning {
  if (status === undefined || status < 400) return { code: 'UNEXPECTED_RESPONSE' };
  if (status === 413) return { code: 'EVENT_TOO_LARGE', hint: 'send smaller events' };
  if (status === 429) return { code: 'AWS_THROTTLED' };
  return { code: status >= 500 || status === 408 ? 'AWS_UNAVAILABLE' : 'AWS_REJECTED' };
}

function describe(read: SdkError, operation: OperationName, meaning: ErrorMeaning): string {
  const where = [
    ...(read.status === undefined ? [] : [`HTTP ${read.status}`]),
    ...(read.requestId === undefined ? [] : [`request id ${read.requestId}`]),
    ...(read.attempts === undefined || read.attempts < 2 ? [] : [`${read.attempts} attempts`]),
  ].join(', ');
  const told = [read.name, read.message].filter(part => part !== '' && part !== 'Error').join(': ');
  const what = NO_CREDENTIALS.test(read.message) ? 'no AWS credentials were found' : told;
  const because = meaning.because === undefined ? '' : `; ${meaning.because}`;
  return `${operation} failed: ${what}${because}${where === '' ? '' : ` (${where})`}`;
}
