import type { AwsCredentials } from '../aws/credentials/keys.ts';
import type { Redactor } from '../errors/redactor.ts';

/** Takes credentials before they are used, wherever they come from, so that no later line can show them. */
export function learnerOf({ learn }: Redactor): (credentials: AwsCredentials) => void {
  return ({ secretAccessKey, sessionToken }) => {
    learn(secretAccessKey);
    learn(sessionToken);
  };
}
