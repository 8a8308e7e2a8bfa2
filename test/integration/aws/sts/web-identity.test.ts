import { createServer } from 'node:http';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readServiceSettings } from '../../../../src/aws/plain/settings.ts';
import { assumeRole } from '../../../../src/aws/sts/sts.ts';
import { listenOnLoopback } from '../../../fakes/loopback-port.ts';
import { mintToken } from '../../../fakes/oidc-token.ts';

afterEach(() => vi.unstubAllEnvs());

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: object;
  readonly body: string;
}

/** Requests to a server that answers nothing of use, without what differs from one to the next, and from one client to another. */
async function listen(): Promise<{ origin: string; seen: Seen[]; close: () => void }> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const {
      'user-agent': _a,
      'x-amz-user-agent': _b,
      'amz-sdk-invocation-id': _c,
      connection: _d,
      ...headers
    } = request.headers;
    seen.push({ method: request.method, url: request.url, headers, body: Buffer.concat(chunks).toString() });
    response.statusCode = 400;
    response.end(
      '<ErrorResponse><Error><Code>ValidationError</Code><Message>no</Message></Error></ErrorResponse>',
    );
  });
  const port = await listenOnLoopback(server);
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${port}`, seen, close };
}

const TOKEN = mintToken();

describe('the request is that of the SDK, byte for byte', () => {
  test.each([
    ['', {}],
    ['/', { durationSeconds: 900 }],
    ['/base', { policy: '{"Version":"2012-10-17","Statement":["größe/*", "a b!\'()~"]}' }],
    [
      '/base/',
      {
        policyArns: [
          'arn:aws:iam::aws:policy/ReadOnlyAccess',
          'arn:aws:iam::111122223333:policy/a+b=c,d.e@f',
        ],
      },
    ],
    ['', { policyArns: [], durationSeconds: 43_200 }],
  ])('%s %j', async (path, more) => {
    const { origin, seen, close } = await listen();
    const env = { AWS_ENDPOINT_URL_STS: `${origin}${path}`, AWS_MAX_ATTEMPTS: '2' };
    const asked = {
      roleArn: 'arn:aws:iam::111122223333:role/deploy',
      sessionName: 'ci-a+b=c,d.e@f',
      webIdentityToken: TOKEN,
    };
    await assumeRole({ ...asked, ...more, region: 'eu-west-1', env, settingsEnv: env }).catch(() => {});
    const {
      policyArns = [],
      policy,
      durationSeconds,
    } = { policyArns: [], policy: undefined, durationSeconds: undefined, ...more };
    const client = new STSClient({ region: 'eu-west-1', endpoint: `${origin}${path}`, maxAttempts: 2 });
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: asked.roleArn,
      RoleSessionName: asked.sessionName,
      WebIdentityToken: asked.webIdentityToken,
      Policy: policy,
      DurationSeconds: durationSeconds,
      PolicyArns: policyArns.length === 0 ? undefined : policyArns.map((arn: string) => ({ arn })),
    });
    await client.send(command).catch(() => {});
    close();
    expect(seen).toHaveLength(2);
    expect(seen[0]).toEqual(seen[1]);
  });
});

const REGIONS = [
  'us-east-1',
  'eu-west-1',
  'fips-us-east-1',
  'ap-southeast-5',
  'us-gov-west-1',
  'cn-north-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eusc-de-east-1',
];
const SWITCHES = [
  {},
  { AWS_USE_FIPS_ENDPOINT: 'true' },
  { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
  { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
];

test.each(REGIONS.flatMap(region => SWITCHES.map(switches => [region, switches] as const)))(
  'in %s with %j STS is asked where the SDK asks it',
  async (region, switches) => {
    for (const [name, value] of Object.entries(switches)) vi.stubEnv(name, value);
    let host: string | undefined;
    const client = new STSClient({
      region,
      maxAttempts: 1,
      requestHandler: {
        metadata: { handlerProtocol: 'http/1.1' },
        handle: async (request: { protocol: string; hostname: string }) => {
          host = `${request.protocol}//${request.hostname}`;
          throw new Error('seen');
        },
      },
    });
    const input = {
      RoleArn: 'arn:aws:iam::111122223333:role/deploy',
      RoleSessionName: 'ci',
      WebIdentityToken: 'a.b.c',
    };
    await client.send(new AssumeRoleWithWebIdentityCommand(input)).catch(() => {});
    const settings = await readServiceSettings('sts', {
      region,
      env: { HOME: '/nowhere', ...switches },
    }).catch(() => undefined);
    expect(settings?.endpoint.origin).toBe(host);
  },
);
