import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { importTypeScript } from '../import-typescript.mjs';

const OURS = `
  export { CloudTrailDataClient } from './src/aws/cloudtrail-data/client.ts';
  export { openConnection } from './src/aws/client/connection.ts';
  export { silenceNodeVersionWarning } from './src/aws/client/sdk-warnings.ts';`;

/**
 * One client a service, of the SDK but with the connection that the command line has: keys, profiles, proxies, certificates and time limits.
 * The latter are short enough that Ctrl-C need not break into a request, so that it is known what a request made before we clean up.
 */
export async function openClients(region, warn) {
  const { CloudTrailDataClient, openConnection, silenceNodeVersionWarning } = await importTypeScript(OURS);
  silenceNodeVersionWarning();
  const env = { ...process.env, AWS_REGION: region };
  const { requestHandler, credentials } = openConnection({ env, warn });
  const options = { region, requestHandler, credentials: credentials.provider };
  // Buckets of an endpoint on a bare address have no host of their own.
  const forcePathStyle = Boolean(env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_S3']);
  const data = new CloudTrailDataClient({ ...options, env });
  return {
    region,
    athena: new AthenaClient(options),
    cloudformation: new CloudFormationClient(options),
    cloudtrail: new CloudTrailClient(options),
    iam: new IAMClient(options),
    logs: new CloudWatchLogsClient(options),
    s3: new S3Client({ ...options, forcePathStyle }),
    sts: new STSClient(options),
    // With one attempt, for how much is refused is a question, too.
    impatient: {
      cloudtrail: new CloudTrailClient({ ...options, maxAttempts: 1 }),
      logs: new CloudWatchLogsClient({ ...options, maxAttempts: 1 }),
    },
    /** CloudFormation as another session. */
    cloudformationAs: session => new CloudFormationClient({ ...options, credentials: session }),
    /** PutAuditEvents as it is, by the client that `emit` has. */
    putRaw: (channelArn, auditEvents) =>
      data.putAuditEvents({ channelArn, body: JSON.stringify({ auditEvents }) }),
  };
}
