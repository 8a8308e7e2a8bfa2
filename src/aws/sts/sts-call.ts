import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parseRoleArn } from '../../core/base/arn.ts';
import { checkPartition, checkRegion } from '../../core/base/region.ts';
import type { Env } from '../../io/io.ts';
import { readAnswer } from '../answers/documented.ts';
import { ASSUME_ROLE } from '../answers/shapes.ts';
import { withinDeadline } from '../client/call-deadline.ts';
import { createEndpointGuard } from '../client/endpoint-guard.ts';
import type { AwsRequestHandler } from '../client/request-handler.ts';
import { silenceNodeVersionWarning } from '../client/sdk-warnings.ts';
import type { CredentialsProvider } from '../credentials/credentials.ts';
import type { AwsCredentials } from '../credentials/keys.ts';
import { STS_HINT, toAwsCredentials } from './sts-credentials.ts';

/** Which role to assume with which credentials. */
export interface AssumeRoleCall {
  readonly roleArn: string;
  readonly sessionName: string;
  readonly region: string;
  readonly env: Env;
  readonly requestHandler: AwsRequestHandler;
  readonly credentials: CredentialsProvider;
}

/** AssumeRole, for an hour: the most that a role assumed by another one gives. */
export async function callAssumeRole(call: AssumeRoleCall): Promise<AwsCredentials> {
  silenceNodeVersionWarning();
  const { roleArn, sessionName, region, env, requestHandler, credentials } = call;
  checkPartition(parseRoleArn(roleArn), checkRegion(region));
  const client = new STSClient({ region, requestHandler, credentials });
  client.middlewareStack.use(createEndpointGuard('STS', env));
  const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName });
  const output = await withinDeadline({ operation: 'AssumeRole', signal: undefined }, abortSignal =>
    client.send(command, { abortSignal }),
  );
  const rules = { operation: `AssumeRole of ${roleArn}`, shape: ASSUME_ROLE, hint: STS_HINT };
  return toAwsCredentials(readAnswer(rules, output), 'AssumeRole');
}
