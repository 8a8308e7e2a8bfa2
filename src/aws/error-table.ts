import type { ErrorCode } from '../errors/codes.ts';

/** The calls whose errors are told apart. */
export type OperationName =
  | 'PutAuditEvents'
  | 'PutLogEvents'
  | 'CreateLogStream'
  | 'AssumeRole'
  | 'AssumeRoleWithWebIdentity';

/** What an error of the service is for us. */
export interface ErrorMeaning {
  readonly code: ErrorCode;
  /** What AWS's message leaves out. */
  readonly because?: string;
  readonly hint?: string;
}

type Row = readonly [names: readonly string[], meaning: ErrorMeaning];

function toTable(rows: readonly Row[]): ReadonlyMap<string, ErrorMeaning> {
  return new Map(rows.flatMap(([names, meaning]) => names.map(name => [name, meaning] as const)));
}

const TRY_LATER = 'try again later';

/**
 * Errors that mean the same for every call: AWS's common errors in the forms of both protocols, and the SDK's own.
 *
 * @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/CommonErrors.html
 */
export const COMMON_ERRORS: ReadonlyMap<string, ErrorMeaning> = toTable([
  [
    [
      'CredentialsProviderError',
      'TokenProviderError',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
    ],
    {
      code: 'CREDENTIALS_MISSING',
      hint: 'run `deploy-marker assume-role` before this step, or set AWS credentials',
    },
  ],
  [
    ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'],
    { code: 'CREDENTIALS_EXPIRED', hint: 'run `deploy-marker assume-role` again before this step' },
  ],
  [
    [
      'AccessDenied',
      'AccessDeniedException',
      'NotAuthorized',
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'IncompleteSignature',
      'IncompleteSignatureException',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'RequestTimeTooSkewed',
    ],
    { code: 'ACCESS_DENIED', hint: 'check the credentials and the policies of their role' },
  ],
  [
    [
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'RequestLimitExceeded',
      'TooManyRequestsException',
      'SlowDown',
    ],
    { code: 'AWS_THROTTLED', hint: TRY_LATER },
  ],
  [
    [
      'InternalFailure',
      'InternalError',
      'InternalServerError',
      'InternalServerException',
      'ServiceUnavailable',
      'ServiceUnavailableException',
      'RequestTimeout',
      'RequestTimeoutException',
    ],
    { code: 'AWS_UNAVAILABLE', hint: TRY_LATER },
  ],
  [['RequestEntityTooLargeException'], { code: 'EVENT_TOO_LARGE', hint: 'send smaller events' }],
]);

/**
 * Whether STS says that it could not get the identity provider's keys. It has the name of a bad token's error, so that only
 * the message tells that the token is not at fault.
 */
export function isKeyFetchFault({
  name,
  message,
}: {
  readonly name: string;
  readonly message: string;
}): boolean {
  return (
    /^InvalidIdentityToken(Exception)?$/.test(name) && /couldn.t retrieve verification key/i.test(message)
  );
}

/** What {@link isKeyFetchFault} means: nothing about the token. */
export const KEY_FETCH_FAULT: ErrorMeaning = {
  code: 'AWS_UNAVAILABLE',
  because: "STS could not get the identity provider's keys",
  hint: TRY_LATER,
};

const CLOSED_HINT = 'use --sink logs (CloudWatch Logs) in this account';

/** Errors that are told by the call that met them. */
export const OPERATION_ERRORS: Readonly<Record<OperationName, ReadonlyMap<string, ErrorMeaning>>> = {
  // https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
  PutAuditEvents: toTable([
    [
      ['ChannelNotFound'],
      { code: 'CHANNEL_NOT_FOUND', hint: 'check Region, account and id in the channel ARN' },
    ],
    [
      ['InvalidChannelARN'],
      { code: 'ARN_INVALID', hint: 'copy the channel ARN from `aws cloudtrail list-channels`' },
    ],
    [
      ['ChannelInsufficientPermission'],
      {
        code: 'CHANNEL_CLOSED',
        because: "the channel takes events of its owner's account, or of whom its resource policy allows",
        hint: "use credentials of the channel's account, or extend the resource policy of the channel",
      },
    ],
    [
      ['UnsupportedOperationException', 'OptInRequired', 'SubscriptionRequiredException'],
      {
        code: 'CHANNEL_CLOSED',
        because: 'CloudTrail Lake takes no new customers since 2026-05-31, and is not in every Region',
        hint: CLOSED_HINT,
      },
    ],
    [
      ['ChannelUnsupportedSchema'],
      {
        code: 'CHANNEL_CLOSED',
        because: 'the channel is not for events of one’s own',
        hint: 'use a channel whose source is Custom',
      },
    ],
    [['DuplicatedAuditEventId'], { code: 'INTERNAL' }],
    [
      ['AccessDeniedException', 'AccessDenied'],
      { code: 'ACCESS_DENIED', hint: 'allow cloudtrail-data:PutAuditEvents on the ARN of the channel' },
    ],
  ]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
  PutLogEvents: toTable([
    [
      ['AccessDeniedException', 'AccessDenied'],
      { code: 'ACCESS_DENIED', hint: 'allow logs:PutLogEvents on the log group' },
    ],
  ]),
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
  CreateLogStream: toTable([
    [['ResourceNotFoundException'], { code: 'LOG_GROUP_NOT_FOUND' }],
    [
      ['AccessDeniedException', 'AccessDenied'],
      { code: 'ACCESS_DENIED', hint: 'allow logs:CreateLogStream on the log group' },
    ],
  ]),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  AssumeRole: toTable([
    [
      ['AccessDenied', 'AccessDeniedException'],
      {
        code: 'ACCESS_DENIED',
        hint: 'allow sts:AssumeRole on the role of --sink-role-arn, and let that role trust the caller',
      },
    ],
  ]),
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html; the SDK appends `Exception`
  // to the names that do not have it on the wire.
  AssumeRoleWithWebIdentity: toTable([
    [
      ['AccessDenied', 'AccessDeniedException'],
      {
        code: 'ASSUME_ROLE_DENIED',
        hint: "compare iss, aud and sub with the role's trust policy, and the session name with its conditions",
      },
    ],
    [
      [
        'InvalidIdentityToken',
        'InvalidIdentityTokenException',
        'IDPRejectedClaim',
        'IDPRejectedClaimException',
      ],
      {
        code: 'OIDC_TOKEN_REJECTED',
        hint: "check that IAM has an identity provider for the token's issuer and audience",
      },
    ],
    [
      ['ExpiredToken', 'ExpiredTokenException'],
      {
        code: 'OIDC_TOKEN_EXPIRED',
        hint: 'get a new token from the CI system, or assume the role earlier in the job',
      },
    ],
    [
      ['IDPCommunicationError', 'IDPCommunicationErrorException'],
      { code: 'AWS_UNAVAILABLE', because: 'STS could not reach the identity provider', hint: TRY_LATER },
    ],
    [
      ['RegionDisabledException'],
      { code: 'AWS_REJECTED', hint: 'activate STS for the Region, or choose another with --region' },
    ],
  ]),
};
