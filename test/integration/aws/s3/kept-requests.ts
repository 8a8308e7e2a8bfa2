import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { HttpRequest, HttpResponse } from '@smithy/core/protocols';
import { vi } from 'vitest';
import type { PlainHandler, PlainRequest } from '../../../../src/aws/client/request-handler.ts';
import { openS3 } from '../../../../src/aws/s3/client.ts';

/** Variables of the process, or what a test adds to them. */
export type Env = Readonly<Record<string, string>>;

export const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token' };
export const ENV: Env = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: 'token',
  AWS_CONFIG_FILE: '/nowhere/config',
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere/credentials',
};

/** What S3 is to answer. */
export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export const fault = (status: number, code: string, headers: Told['headers'] = {}): Told => ({
  status,
  headers,
  body: `<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>why &lt;it&gt; &amp; so</Message></Error>`,
});

/** S3 itself, where no test may go: what leaves for it is kept, and answered in turn; the last answer is that to all further requests. */
export function keepRequests(answers: readonly Told[]): {
  requestHandler: PlainHandler;
  sent: PlainRequest[];
} {
  const sent: PlainRequest[] = [];
  const requestHandler: PlainHandler = {
    async send(request) {
      const answer = answers[Math.min(sent.length, answers.length - 1)] ?? {};
      const { status = 200, headers = {}, body = '' } = answer;
      sent.push({ ...request, headers: { ...request.headers } });
      return {
        statusCode: status,
        reason: '',
        headers: { ...headers },
        readBody: async () => Buffer.from(body),
      };
    },
  };
  return { requestHandler, sent };
}

/** The first request that the SDK makes. */
export async function askSdk(
  ask: (client: S3Client) => Promise<unknown>,
  region: string,
  env: Env,
): Promise<HttpRequest> {
  for (const [name, value] of Object.entries({ ...ENV, ...env })) vi.stubEnv(name, value);
  try {
    const { client } = openS3({ region, env: { ...ENV, ...env } });
    const sent: HttpRequest[] = [];
    client.middlewareStack.add(
      () => async args => {
        if (HttpRequest.isInstance(args.request)) sent.push(args.request);
        const response = new HttpResponse({
          statusCode: 200,
          headers: { etag: '"e"' },
          body: Readable.from([]),
        });
        return { response, output: { $metadata: {} } };
      },
      { step: 'deserialize', priority: 'low', name: 'kept' },
    );
    await ask(client);
    const [first] = sent;
    if (first === undefined) throw new Error('the SDK sent nothing');
    return first;
  } finally {
    vi.unstubAllEnvs();
  }
}
