import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { toAwsError } from '../../../../src/aws/answers/error-map.ts';
import { createRequestHandler } from '../../../../src/aws/client/request-handler.ts';
import { CloudTrailDataClient } from '../../../../src/aws/cloudtrail-data/client.ts';
import { createCredentials } from '../../../../src/aws/credentials/credentials.ts';
import type { AwsCredentials } from '../../../../src/aws/credentials/keys.ts';
import { startAwsServer } from '../../../fakes/aws-server.ts';
import { mintAccessKey } from '../../../fakes/aws-state.ts';
import { mintToken } from '../../../fakes/oidc-token.ts';
import { startProxy } from '../../../fakes/proxy.ts';

const KEYS = {
  AWS_ACCESS_KEY_ID: 'ASIAOLD',
  AWS_SECRET_ACCESS_KEY: 'old-secret',
  AWS_SESSION_TOKEN: 'old-token',
};
const NOW = Date.parse('2025-12-14T08:00:00Z');
const now = () => NOW;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aws-credentials-'));
  // The credential chain reads the process's environment.
  for (const name of [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
  ])
    vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

function createRenewal(validForMs = 3_600_000) {
  let count = 0;
  return vi.fn(async (): Promise<AwsCredentials> => {
    count += 1;
    return { accessKeyId: `ASIANEW${count}`, secretAccessKey: 'new', expiration: new Date(NOW + validForMs) };
  });
}

describe('keys in the environment', () => {
  test('are used as they are', async () => {
    expect(await createCredentials({ env: KEYS, now }).provider()).toEqual({
      accessKeyId: 'ASIAOLD',
      secretAccessKey: 'old-secret',
      sessionToken: 'old-token',
    });
  });

  test.each([
    ['2025-12-14T07:59:00Z', 1],
    ['2025-12-14T08:00:59Z', 1],
    ['2025-12-14T08:01:00Z', 1],
    ['2025-12-14T08:01:01Z', 0],
    ['2025-12-14T09:00:00+00:00', 0],
    ['2025-12-14T09:00:00+01:00', 1],
    ['some day', 0],
    ['', 0],
  ])('that expire at %j are renewed %i times', async (expiration, times) => {
    const renew = createRenewal();
    const { provider } = createCredentials({
      env: { ...KEYS, AWS_CREDENTIAL_EXPIRATION: expiration },
      now,
      renew,
    });
    const first = await provider();
    expect(first.accessKeyId).toBe(times === 0 ? 'ASIAOLD' : 'ASIANEW1');
    expect(await provider()).toEqual(first);
    expect(renew).toHaveBeenCalledTimes(times);
  });

  test('that expired stay, where there is no way to renew them: the service has the last word', async () => {
    const credentials = createCredentials({
      env: { ...KEYS, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
      now,
    });
    expect((await credentials.provider()).accessKeyId).toBe('ASIAOLD');
    expect(credentials.forceRenew()).toBe(false);
  });

  test('are renewed once for many calls at once, and again when the new ones expire', async () => {
    const renew = createRenewal(59_000);
    const { provider } = createCredentials({
      env: { ...KEYS, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
      now,
      renew,
    });
    await Promise.all([provider(), provider(), provider()]);
    expect(renew).toHaveBeenCalledTimes(1);
    expect((await provider()).accessKeyId).toBe('ASIANEW2');
  });

  test('are renewed when the service says so', async () => {
    const renew = createRenewal();
    const credentials = createCredentials({ env: KEYS, now, renew });
    await credentials.provider();
    expect(credentials.forceRenew()).toBe(true);
    expect((await credentials.provider()).accessKeyId).toBe('ASIANEW1');
    await credentials.provider();
    expect(renew).toHaveBeenCalledTimes(1);
  });

  test('a renewal that fails is tried again by the next call', async () => {
    const renew = createRenewal().mockRejectedValueOnce(new Error('no token'));
    const { provider } = createCredentials({
      env: { ...KEYS, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
      now,
      renew,
    });
    await expect(provider()).rejects.toThrow('no token');
    expect((await provider()).accessKeyId).toBe('ASIANEW1');
  });
});

describe('the credential chain', () => {
  test('is asked where the environment has no keys', async () => {
    const error = await createCredentials({ env: {}, now })
      .provider()
      .catch((thrown: unknown) => toAwsError(thrown, { operation: 'PutAuditEvents' }));
    expect(error).toMatchObject({ code: 'CREDENTIALS_MISSING', exitCode: 3 });
  });

  test('a profile wins over keys, as in the SDK, and the SDK’s note about it goes to `warn`', async () => {
    await writeFile(
      join(folder, 'credentials'),
      '[deploy]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n',
    );
    vi.stubEnv('AWS_PROFILE', 'deploy');
    for (const [name, value] of Object.entries(KEYS)) vi.stubEnv(name, value);
    const notes: string[] = [];
    const printed = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { provider } = createCredentials({
      env: { ...KEYS, AWS_PROFILE: 'deploy' },
      now,
      warn: note => notes.push(note),
    });
    expect((await provider()).accessKeyId).toBe('AKIAPROFILE');
    expect(notes).toEqual([expect.stringContaining('Multiple credential sources')]);
    expect(printed).not.toHaveBeenCalled();
  });

  test('AWS_DEFAULT_PROFILE chooses as it does for the AWS CLI: before the default profile, and after keys', async () => {
    const keysOf = (id: string) => `aws_access_key_id = ${id}\naws_secret_access_key = s\n`;
    await writeFile(
      join(folder, 'credentials'),
      `[default]\n${keysOf('AKIADEFAULT')}[prod]\n${keysOf('AKIAPROD')}[own]\n${keysOf('AKIAOWN')}`,
    );
    const idFor = async (env: Record<string, string>): Promise<string> => {
      for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
      return (await createCredentials({ env, now }).provider()).accessKeyId;
    };
    expect(await idFor({})).toBe('AKIADEFAULT');
    expect(await idFor({ AWS_DEFAULT_PROFILE: 'prod' })).toBe('AKIAPROD');
    expect(await idFor({ AWS_DEFAULT_PROFILE: 'prod', AWS_PROFILE: 'own' })).toBe('AKIAOWN');
    expect(await idFor({ ...KEYS, AWS_DEFAULT_PROFILE: 'prod', AWS_PROFILE: '' })).toBe(
      KEYS.AWS_ACCESS_KEY_ID,
    );
  });

  test('its own calls of STS go through our handler, and no Node.js version warning is printed', async () => {
    const server = await startAwsServer();
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    await writeFile(join(folder, 'token'), mintToken());
    vi.stubEnv('AWS_ENDPOINT_URL_STS', server.url);
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_WEB_IDENTITY_TOKEN_FILE', join(folder, 'token'));
    vi.stubEnv('AWS_ROLE_ARN', server.state.defaultRoleArn);
    vi.stubEnv('AWS_ROLE_SESSION_NAME', 'nested');
    const real = createRequestHandler({}, () => {});
    const handle = vi.fn(real.handle);
    const { provider } = createCredentials({ env: {}, now, requestHandler: { ...real, handle } });
    expect((await provider()).accessKeyId).toMatch(/^ASIA/);
    expect(handle).toHaveBeenCalledTimes(1);
    expect(warnings).not.toHaveBeenCalled();
    await server.close();
  });
});

test('a client uses renewed keys at once', async () => {
  const server = await startAwsServer();
  const fresh = mintAccessKey('arn:aws:sts::111122223333:assumed-role/deploy/renewed');
  server.state.keys.set(fresh.id, fresh);
  const env = server.env();
  const credentials = createCredentials({
    env,
    now: Date.now,
    renew: async () => ({
      accessKeyId: fresh.id,
      secretAccessKey: fresh.secret,
      sessionToken: fresh.sessionToken ?? '',
    }),
  });
  const client = new CloudTrailDataClient({
    region: 'eu-west-1',
    env,
    requestHandler: createRequestHandler(env, () => {}),
    credentials: credentials.provider,
  });
  const send = () =>
    client
      .putAuditEvents({
        channelArn: server.state.defaultChannelArn,
        body: JSON.stringify({ auditEvents: [{ id: 'a', eventData: '{}' }] }),
      })
      .catch((error: unknown) => toAwsError(error, { operation: 'PutAuditEvents' }));
  server.faults.add('PutAuditEvents', { kind: 'expired' });
  expect(await send()).toMatchObject({ code: 'CREDENTIALS_EXPIRED' });
  expect(credentials.forceRenew()).toBe(true);
  await send();
  expect(server.requests.map(request => request.accessKeyId)).toEqual([env['AWS_ACCESS_KEY_ID'], fresh.id]);
  await server.close();
});

describe('a profile of SSO', () => {
  const START = 'https://acme.awsapps.com/start';
  const SETTINGS = 'sso_account_id = 111122223333\nsso_role_name = deploy\n';
  const LEGACY = `[profile sso]\nsso_start_url = ${START}\nsso_region = eu-west-1\n${SETTINGS}`;
  const SESSION = `[sso-session s]\nsso_start_url = ${START}\nsso_region = eu-west-1\n[profile sso]\nsso_session = s\n${SETTINGS}`;

  async function writeSso(config: string, cacheKey: string, expiresAt: string): Promise<void> {
    vi.stubEnv('HOME', folder);
    const cache = join(folder, '.aws', 'sso', 'cache');
    await mkdir(cache, { recursive: true });
    await writeFile(join(folder, 'config'), config);
    const token = { accessToken: 'a', clientId: 'c', clientSecret: 's', refreshToken: 'r', expiresAt };
    const name = createHash('sha1').update(cacheKey).digest('hex');
    const registrationExpiresAt = '2099-01-01T00:00:00Z';
    await writeFile(join(cache, `${name}.json`), JSON.stringify({ ...token, registrationExpiresAt }));
  }

  test.each([
    ['asks for keys', LEGACY, START, '2099-01-01T00:00:00Z', 'portal.sso.eu-west-1.amazonaws.com:443'],
    [
      'asks for keys of a session',
      SESSION,
      's',
      '2099-01-01T00:00:00Z',
      'portal.sso.eu-west-1.amazonaws.com:443',
    ],
    ['asks for a new token', SESSION, 's', '2020-01-01T00:00:00Z', 'oidc.eu-west-1.amazonaws.com:443'],
  ])('%s through the proxy', async (_what, config, cacheKey, expiresAt, target) => {
    await writeSso(config, cacheKey, expiresAt);
    vi.stubEnv('AWS_PROFILE', 'sso');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    const proxy = await startProxy({ routes: { [target]: 1 } });
    const env = { AWS_PROFILE: 'sso', HTTPS_PROXY: proxy.url };
    const requestHandler = createRequestHandler(env, () => {});
    await createCredentials({ env, now, requestHandler })
      .provider()
      .catch(() => {});
    expect(proxy.requests.map(request => request.target)).toContain(target);
    await proxy.close();
  });

  test('whose session is over says what to do', async () => {
    await writeSso(LEGACY, START, '2020-01-01T00:00:00Z');
    vi.stubEnv('AWS_PROFILE', 'sso');
    await expect(createCredentials({ env: { AWS_PROFILE: 'sso' }, now }).provider()).rejects.toMatchObject({
      code: 'CREDENTIALS_EXPIRED',
      hint: 'run `aws sso login --profile sso`',
    });
  });
});
