import type { AwsServer } from '../aws-server.ts';
import { type Answer, type RawRequest, type SigningOptions, sendSigned } from '../signed-client.ts';

/** A request of CloudWatch Logs, unsigned as yet; a string is the body as it is. */
export function logsRequest(operation: string, body: unknown): RawRequest {
  return {
    target: '/',
    headers: [
      ['content-type', 'application/x-amz-json-1.1'],
      ['x-amz-target', `Logs_20140328.${operation}`],
    ],
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** Signs a request of CloudWatch Logs with the default key and sends it. */
export function sendLogs(
  server: AwsServer,
  operation: string,
  body: unknown,
  options: Partial<SigningOptions> = {},
): Promise<Answer> {
  return sendSigned(server, logsRequest(operation, body), { service: 'logs', ...options });
}
