import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS } from '@smithy/core/config';
import { NODE_MAX_ATTEMPT_CONFIG_OPTIONS, NODE_RETRY_MODE_CONFIG_OPTIONS } from '@smithy/core/retry';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readServiceSettings } from '../../../../src/aws/plain/settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deploy-marker-settings-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

interface Scene {
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: string;
  readonly credentials?: string;
}

async function envOf({ env = {}, config, credentials }: Scene): Promise<Record<string, string>> {
  const files = {
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'keys'),
  };
  if (config !== undefined) await writeFile(files.AWS_CONFIG_FILE, config);
  if (credentials !== undefined) await writeFile(files.AWS_SHARED_CREDENTIALS_FILE, credentials);
  return { HOME: folder, ...files, ...env };
}

async function settingsOf(scene: Scene, region = 'eu-west-1') {
  const { endpoint, traceId, ...settings } = await readServiceSettings('cloudtrail-data', {
    region,
    env: await envOf(scene),
  });
  return { ...settings, endpoint: endpoint.href, traceId: traceId() };
}

const DEFAULTS = {
  endpoint: 'https://cloudtrail-data.eu-west-1.amazonaws.com/',
  maxAttempts: 3,
  isAdaptive: false,
  correctsClock: true,
  appId: undefined,
  traceId: undefined,
};
const SERVICES =
  '[services s]\ncloudtrail_data =\n  endpoint_url = http://s.test\ncloudtrail =\n  endpoint_url = http://no.test\n';

const rows: [name: string, scene: Scene, settings: Partial<typeof DEFAULTS> | object][] = [
  ['nothing', {}, {}],
  ['empty variables', { env: { AWS_MAX_ATTEMPTS: '', AWS_RETRY_MODE: '', AWS_USE_FIPS_ENDPOINT: '' } }, {}],
  ['attempts', { env: { AWS_MAX_ATTEMPTS: '7' }, config: '[default]\nmax_attempts = 5' }, { maxAttempts: 7 }],
  ['attempts of the profile', { config: '[default]\nmax_attempts = 5 # five' }, { maxAttempts: 5 }],
  ['attempts beside the keys', { credentials: '[default]\nmax_attempts = 4' }, { maxAttempts: 4 }],
  [
    'attempts of another profile',
    { env: { AWS_PROFILE: 'p' }, config: '[default]\nmax_attempts = 5\n[profile p]\nmax_attempts=6' },
    { maxAttempts: 6 },
  ],
  ['retry mode', { env: { AWS_RETRY_MODE: 'adaptive' } }, { isAdaptive: true }],
  ['retry mode of the profile', { config: '[default]\nretry_mode = adaptive' }, { isAdaptive: true }],
  [
    'a variable before the profile',
    { env: { AWS_RETRY_MODE: 'standard' }, config: '[default]\nretry_mode = adaptive' },
    {},
  ],
  ['the clock', { env: { AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'true' } }, { correctsClock: false }],
  ['the application', { config: '[default]\nsdk_ua_app_id = shop' }, { appId: 'shop' }],
  ['a trace', { env: { _X_AMZN_TRACE_ID: 'Root=1', AWS_LAMBDA_FUNCTION_NAME: 'f' } }, { traceId: 'Root=1' }],
  ['a trace elsewhere', { env: { _X_AMZN_TRACE_ID: 'Root=1' } }, {}],
  ['an endpoint', { env: { AWS_ENDPOINT_URL: 'http://a.test/x' } }, { endpoint: 'http://a.test/x' }],
  [
    'the endpoint of the service',
    { env: { AWS_ENDPOINT_URL: 'http://a.test', AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: 'http://b.test' } },
    { endpoint: 'http://b.test/' },
  ],
  [
    'the endpoint of another service',
    { env: { AWS_ENDPOINT_URL_CLOUDTRAIL: 'http://b.test', AWS_ENDPOINT_URL_STS: 'http://c.test' } },
    {},
  ],
  [
    'endpoints that are ignored',
    { env: { AWS_ENDPOINT_URL: 'http://a.test', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' } },
    {},
  ],
  [
    'endpoints that the profile ignores',
    {
      env: { AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: 'http://a.test' },
      config: '[default]\nignore_configured_endpoint_urls = true',
    },
    {},
  ],
  [
    'the endpoint of the profile',
    { config: '[default]\nendpoint_url = http://p.test' },
    { endpoint: 'http://p.test/' },
  ],
  [
    'the endpoint of its services',
    { config: `[default]\nservices = s\nendpoint_url = http://p.test\n${SERVICES}` },
    { endpoint: 'http://s.test/' },
  ],
  [
    'FIPS',
    { env: { AWS_USE_FIPS_ENDPOINT: 'true' } },
    { endpoint: 'https://cloudtrail-data-fips.eu-west-1.amazonaws.com/' },
  ],
  [
    'FIPS of the profile',
    { config: '[default]\nuse_fips_endpoint = true' },
    { endpoint: 'https://cloudtrail-data-fips.eu-west-1.amazonaws.com/' },
  ],
  [
    'dual stack',
    { env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } },
    { endpoint: 'https://cloudtrail-data.eu-west-1.api.aws/' },
  ],
];

test.each(rows)('%s', async (_name, scene, settings) => {
  expect(await settingsOf(scene)).toEqual({ ...DEFAULTS, ...settings });
});

test.each(rows)('%s: as the SDK', async (_name, scene) => {
  for (const [name, value] of Object.entries(await envOf(scene))) {
    // An empty variable means unset here, and is an error there.
    vi.stubEnv(name, value === '' ? undefined : value);
  }
  const { maxAttempts, isAdaptive } = await settingsOf(scene);
  const own = { ignoreCache: true };
  expect(maxAttempts).toBe(await loadConfig(NODE_MAX_ATTEMPT_CONFIG_OPTIONS, own)());
  expect(isAdaptive).toBe((await loadConfig(NODE_RETRY_MODE_CONFIG_OPTIONS, own)()) === 'adaptive');
  const dualStack = await loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS, own)();
  expect((await settingsOf(scene)).endpoint.includes('.api.aws')).toBe(dualStack);
});

test.each([
  ['cn-north-1', 'https://cloudtrail-data.cn-north-1.amazonaws.com.cn/'],
  ['us-gov-west-1', 'https://cloudtrail-data.us-gov-west-1.amazonaws.com/'],
  ['us-iso-east-1', 'https://cloudtrail-data.us-iso-east-1.c2s.ic.gov/'],
  ['ap-southeast-7', 'https://cloudtrail-data.ap-southeast-7.amazonaws.com/'],
])('the endpoint of %s', async (region, endpoint) => {
  expect(await settingsOf({}, region)).toMatchObject({ endpoint });
});

describe('what is refused', () => {
  const refused: [Scene, RegExp][] = [
    [{ env: { AWS_MAX_ATTEMPTS: 'many' } }, /AWS_MAX_ATTEMPTS .* must be a number, got "many"/],
    [{ config: '[default]\nmax_attempts = x' }, /max_attempts of the profile/],
    [{ env: { AWS_USE_FIPS_ENDPOINT: 'yes' } }, /AWS_USE_FIPS_ENDPOINT .* must be true or false, got "yes"/],
    [
      { env: { AWS_USE_FIPS_ENDPOINT: 'true', AWS_ENDPOINT_URL: 'http://a.test' } },
      /FIPS and custom endpoint/,
    ],
    [{ env: { AWS_ENDPOINT_URL: 'a.test' } }, /Invalid URL/],
    [{ config: '[default]\nservices = gone' }, /services section "gone", which is not there/],
  ];
  test.each(refused)('%j', async (scene, message) => {
    await expect(settingsOf(scene)).rejects.toThrow(message);
  });

  test('but the attempts that a call asks for count in place of what is set', async () => {
    const env = await envOf({ env: { AWS_MAX_ATTEMPTS: 'many' } });
    expect(
      await readServiceSettings('cloudtrail-data', { region: 'eu-west-1', env, maxAttempts: 2 }),
    ).toMatchObject({
      maxAttempts: 2,
    });
  });
});
