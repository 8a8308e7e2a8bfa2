import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { describe, expect, test } from 'vitest';
import {
  awsConfigPath,
  awsCredentialsPath,
  awsRegionOf,
  expandFileVariables,
  hasProfile,
} from '../../../../src/io/aws-config/files.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();

test('the file is AWS_CONFIG_FILE, else that of HOME, else that of the user', () => {
  expect(awsConfigPath({ AWS_CONFIG_FILE: '/c', HOME: '/h' })).toBe('/c');
  expect(awsConfigPath({ AWS_CONFIG_FILE: '', HOME: '/h' })).toBe('/h/.aws/config');
  expect(awsConfigPath({})).toBe(`${homedir()}/.aws/config`);
});

test('a ~ at the beginning is expanded, as by the AWS CLI', () => {
  const env = { HOME: '/h', AWS_CONFIG_FILE: '~/c', AWS_SHARED_CREDENTIALS_FILE: '~/k~' };
  expect([awsConfigPath(env), awsCredentialsPath(env)]).toEqual(['/h/c', '/h/k~']);
  expect(expandFileVariables(env)).toEqual({ AWS_CONFIG_FILE: '/h/c', AWS_SHARED_CREDENTIALS_FILE: '/h/k~' });
  expect(expandFileVariables({ AWS_CONFIG_FILE: '/a/~b' })).toEqual({});
  expect(awsConfigPath({ AWS_CONFIG_FILE: '~other/c', HOME: '/h' })).toBe('~other/c');
});

describe('the Region', () => {
  async function home(files: { readonly config?: string; readonly credentials?: string }): Promise<string> {
    await mkdir(at('.aws'), { recursive: true });
    for (const [name, text] of Object.entries(files)) await writeFile(at(`.aws/${name}`), text);
    return at();
  }
  const CONFIG =
    '[default]\nregion = eu-west-1\n[profile b]\ns3 =\n  region = x\nregion=eu-west-2 # why\n[profile c]\n';

  test.each([
    ['of the default profile', {}, 'eu-west-1'],
    ['of the profile that is named', { AWS_PROFILE: 'b' }, 'eu-west-2'],
    [
      'of the profile that the AWS CLI is told of',
      { AWS_PROFILE: '', AWS_DEFAULT_PROFILE: 'b' },
      'eu-west-2',
    ],
    ['of AWS_PROFILE before that', { AWS_PROFILE: 'default', AWS_DEFAULT_PROFILE: 'b' }, 'eu-west-1'],
    ['of a profile without one', { AWS_PROFILE: 'c' }, undefined],
    ['of a profile that is not there', { AWS_PROFILE: 'd' }, undefined],
    ['of AWS_DEFAULT_REGION', { AWS_PROFILE: 'b', AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-north-1'],
    ['of AWS_REGION', { AWS_REGION: 'eu-south-1', AWS_DEFAULT_REGION: 'eu-north-1' }, 'eu-south-1'],
  ])('is that %s', async (_which, env, region) => {
    expect(awsRegionOf({ HOME: await home({ config: CONFIG }), ...env })).toBe(region);
  });

  test('in the credentials file comes first', async () => {
    const HOME = await home({ config: CONFIG, credentials: '[default]\nregion = ap-south-1\n' });
    expect(awsRegionOf({ HOME })).toBe('ap-south-1');
  });

  test('is not known without files', () => {
    expect(awsRegionOf({ HOME: at('none') })).toBeUndefined();
    expect(hasProfile({ HOME: at('none') }, 'b')).toBe(false);
  });
});
