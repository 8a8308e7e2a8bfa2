import type { Credentials } from '@aws-sdk/client-sts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import type { AwsCredentials } from './aws-credentials.ts';

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * The credentials in an answer of STS.
 *
 * @param operation what answered, for the message
 * @throws DeployMarkerError UNEXPECTED_RESPONSE if one part is missing, or has characters that no credentials have
 */
export function readStsCredentials(given: Credentials | undefined, operation: string): AwsCredentials {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  const isTime = Expiration !== undefined && !Number.isNaN(Expiration.getTime());
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || !isTime) {
    throw unexpectedFromSts(`${operation} answered without complete credentials`);
  }
  // A line break in one would be a line of its own in whatever shell, file or log they are left in.
  if ([AccessKeyId, SecretAccessKey, SessionToken].some(text => UNSEEN.test(text))) {
    throw unexpectedFromSts(`${operation} answered with credentials that hold control characters`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}

/** An answer that STS never gives. */
export function unexpectedFromSts(message: string): DeployMarkerError {
  return new DeployMarkerError('UNEXPECTED_RESPONSE', message, {
    hint: 'check that AWS_ENDPOINT_URL_STS and the proxy lead to AWS',
  });
}
