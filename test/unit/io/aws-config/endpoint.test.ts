import { writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { findConfiguredEndpoint } from '../../../../src/io/aws-config/endpoint.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const CONFIG = `[default]
endpoint_url = http://127.0.0.1:1
[profile own] # mine
services = local
endpoint_url = http://127.0.0.1:2
[profile ignored]
ignore_configured_endpoint_urls = true
endpoint_url = http://127.0.0.1:3
[profile lost]
services = none
[services local]
cloudtrail_data =
  endpoint_url = http://127.0.0.1:4
sts =
  endpoint_url = http://127.0.0.1:5
`;

async function find(env: Readonly<Record<string, string>>, service = 'STS'): Promise<string | undefined> {
  await writeFile(at('config'), CONFIG);
  const found = findConfiguredEndpoint({ AWS_CONFIG_FILE: at('config'), HOME: at(), ...env }, service);
  return found && `${found.text} by ${found.source}`;
}

const ALL = { AWS_ENDPOINT_URL: 'http://127.0.0.1:6' };

describe('the endpoint', () => {
  test.each([
    [{}, 'STS', 'http://127.0.0.1:1 by the profile default'],
    [{ AWS_PROFILE: 'own' }, 'STS', 'http://127.0.0.1:5 by services local of the profile own'],
    [{ AWS_PROFILE: 'own' }, 'CLOUDTRAIL_DATA', 'http://127.0.0.1:4 by services local of the profile own'],
    [{ AWS_PROFILE: 'own' }, 'S3', 'http://127.0.0.1:2 by the profile own'],
    [{ AWS_PROFILE: 'ignored' }, 'STS', undefined],
    [
      { AWS_PROFILE: 'ignored', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false' },
      'S3',
      'http://127.0.0.1:3 by the profile ignored',
    ],
    [{ AWS_PROFILE: 'none' }, 'STS', undefined],
    [ALL, 'STS', 'http://127.0.0.1:6 by AWS_ENDPOINT_URL'],
    [
      { ...ALL, AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:7' },
      'STS',
      'http://127.0.0.1:7 by AWS_ENDPOINT_URL_STS',
    ],
    [{ ...ALL, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'STS', undefined],
  ])('with %j for %s: %s', async (env, service, endpoint) => {
    expect(await find(env, service)).toBe(endpoint);
  });

  test.each([{ AWS_PROFILE: 'lost' }, { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'yes' }])(
    'with %j does not hold, as for the commands',
    async env => {
      await expect(find(env)).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    },
  );
});
