import type { ErrorCode } from '../../errors/codes.ts';

/** What an error of the service is for us. */
export interface ErrorMeaning {
  readonly code: ErrorCode;
  /** What AWS's message leaves out. */
  readonly because?: string;
  readonly hint?: string;
}

/** Names that mean one thing. */
export type ErrorRow = readonly [names: readonly string[], meaning: ErrorMeaning];

/** Errors by name. */
export function toTable(rows: readonly ErrorRow[]): ReadonlyMap<string, ErrorMeaning> {
  return new Map(rows.flatMap(([names, meaning]) => names.map(name => [name, meaning] as const)));
}

/** What IAM does not allow. */
export function denied(what: string): ErrorRow {
  return [['AccessDeniedException', 'AccessDenied'], { code: 'ACCESS_DENIED', hint: `allow ${what}` }];
}

/** Hint for what passes by itself. */
export const TRY_LATER = 'try again later';

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
      'InvalidAccessKeyId',
      'InvalidToken',
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
  // Of ours, where the bytes of an object are not those that S3 has a checksum of.
  [['ChecksumMismatch'], { code: 'UNEXPECTED_RESPONSE', hint: TRY_LATER }],
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
