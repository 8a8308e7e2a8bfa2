import { AwsRefusal, type Protocol } from './aws-refusal.ts';

/** Why a caller is refused. */
export type AuthReason = 'missing' | 'incomplete' | 'mismatch' | 'payload' | 'skewed' | 'unknown' | 'expired';

// The same failure has one name in JSON services, another in the older query protocol, and one more in S3.
const NAMES: Readonly<Record<AuthReason, Readonly<Record<'json' | 'query' | 'rest-xml', string>>>> = {
  missing: {
    json: 'MissingAuthenticationTokenException',
    query: 'MissingAuthenticationToken',
    'rest-xml': 'AccessDenied',
  },
  incomplete: {
    json: 'IncompleteSignatureException',
    query: 'IncompleteSignature',
    'rest-xml': 'AuthorizationHeaderMalformed',
  },
  mismatch: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    'rest-xml': 'SignatureDoesNotMatch',
  },
  payload: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    'rest-xml': 'XAmzContentSHA256Mismatch',
  },
  skewed: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    'rest-xml': 'RequestTimeTooSkewed',
  },
  unknown: {
    json: 'UnrecognizedClientException',
    query: 'InvalidClientTokenId',
    'rest-xml': 'InvalidAccessKeyId',
  },
  expired: { json: 'ExpiredTokenException', query: 'ExpiredToken', 'rest-xml': 'ExpiredToken' },
};

// An expired or unknown key, or a wrong clock, can happen to a correct client; the rest cannot.
const EXCUSED: readonly AuthReason[] = ['unknown', 'expired', 'skewed'];

/** The HTTP status of a refused caller: services with awsJson answer every error of the client with 400. */
export function refusalStatus(protocol: Protocol): 400 | 403 {
  return protocol === 'aws-json' ? 400 : 403;
}

/** The refusal of a caller, as the services with `protocol` name it. */
export function refuseCaller(protocol: Protocol, reason: AuthReason, message: string): AwsRefusal {
  const column = protocol === 'query' || protocol === 'rest-xml' ? protocol : 'json';
  // S3 answers these two with 400: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  const isBadRequest = protocol === 'rest-xml' && (reason === 'expired' || reason === 'payload');
  return new AwsRefusal(isBadRequest ? 400 : refusalStatus(protocol), NAMES[reason][column], message, {
    violation: !EXCUSED.includes(reason),
  });
}
