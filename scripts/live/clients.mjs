import { AthenaClient } from '@aws-sdk/client-athena';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { IAMClient } from '@aws-sdk/client-iam';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';

// Short enough that Ctrl-C need not break into a request: what a request makes is known before we clean up.
const requestHandler = { connectionTimeout: 5000, requestTimeout: 30_000, throwOnRequestTimeout: true };

/** One client a service. They take endpoints from `AWS_ENDPOINT_URL` and its kin, and keys where the AWS CLI does. */
export function openClients(region, env = process.env) {
  const options = { region, requestHandler };
  // Buckets of an endpoint on a bare address have no host of their own.
  const forcePathStyle = Boolean(env['AWS_ENDPOINT_URL'] || env['AWS_ENDPOINT_URL_S3']);
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
    cloudformationAs: credentials => new CloudFormationClient({ ...options, credentials }),
  };
}
