import type { ErrorCode } from '../../errors/codes.ts';

/** What an error of the service is for us. */
export interface ErrorMeaning {
  readonly code: ErrorCode;
  /** What AWS's message leaves out. */
  readonly because?: string;
  /** The next step, where it is another one than that of the code. */
  readonly hint?: string;
}

/** Names that mean one thing. */
export type ErrorRow = readonly [names: readonly string[], meaning: ErrorMeaning];

/** Errors by name. */
export function toTable(rows: readonly ErrorRow[]): ReadonlyMap<string, ErrorMeaning> {
  return new Map(rows.flatMap(([names, meaning]) => names.map(name => [name, meaning] as const)));
}

/** What a refusal for want of a permission means. @param what is allowed, and on what */
export function denied(what: string): ErrorRow {
  return [['AccessDeniedException', 'AccessDenied'], { code: 'ACCESS_DENIED', hint: `allow ${what}` }];
}

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
  [['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'], { code: 'CREDENTIALS_EXPIRED' }],
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
    { code: 'AWS_THROTTLED' },
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
    { code: 'AWS_UNAVAILABLE' },
  ],
  // Of ours, where the bytes of an object are not those that S3 has a checksum of.
  [['ChecksumMismatch'], { code: 'UNEXPECTED_RESPONSE', hint: 'try again later' }],
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
};
