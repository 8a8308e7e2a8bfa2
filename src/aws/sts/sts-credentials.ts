import { toVisible } from '../../errors/visible-text.ts';
import { unexpectedAnswer } from '../answers/documented.ts';
import type { StsAnswer } from '../answers/shapes.ts';
import type { AwsCredentials } from '../credentials/keys.ts';

/** The next step after an answer that STS never gives. */
export const STS_HINT = 'check that AWS_ENDPOINT_URL_STS and the proxy lead to AWS';

/**
 * The credentials in an answer of STS.
 *
 * @param operation what answered, for the message
 * @throws DeployMarkerError UNEXPECTED_RESPONSE if they have characters that no credentials have
 */
export function toAwsCredentials({ Credentials: given }: StsAnswer, operation: string): AwsCredentials {
  // A line break in one would be a line of its own in whatever shell, file or log they are left in.
  if ([given.AccessKeyId, given.SecretAccessKey, given.SessionToken].some(text => toVisible(text) !== text)) {
    throw unexpectedAnswer({ operation, hint: STS_HINT }, 'with credentials that hold control characters');
  }
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}
