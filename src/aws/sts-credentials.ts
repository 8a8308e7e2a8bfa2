import type { StsAnswer } from './answer-shapes.ts';
import type { AwsCredentials } from './aws-credentials.ts';

/** The next step after an answer that STS never gives. */
export const STS_HINT = 'check that AWS_ENDPOINT_URL_STS and the proxy lead to AWS';

/** The credentials in an answer of STS. */
export function toAwsCredentials({ Credentials: given }: StsAnswer): AwsCredentials {
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    sessionToken: given.SessionToken,
    expiration: given.Expiration,
  };
}
