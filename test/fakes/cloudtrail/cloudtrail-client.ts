import type { AwsServer } from '../aws-server.ts';
import { type Answer, type SigningOptions, sendSigned } from '../signed-client.ts';

/** Signs a request of CloudTrail with the default key and sends it. */
export function sendCloudTrail(
  server: AwsServer,
  operation: string,
  body: unknown,
  options: Partial<SigningOptions> = {},
): Promise<Answer> {
  const target = `com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.${operation}`;
  return sendSigned(
    server,
    {
      target: '/',
      headers: [
        ['content-type', 'application/x-amz-json-1.1'],
        ['x-amz-target', target],
      ],
      body: JSON.stringify(body),
    },
    { service: 'cloudtrail', ...options },
  );
}
