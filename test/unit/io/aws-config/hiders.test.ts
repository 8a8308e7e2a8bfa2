import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { bringBack, findHiders, putAside, refuseHiders } from '../../../../src/io/aws-config/hiders.ts';
import { OURS } from '../../../../src/io/aws-config/profile.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const DEP = { profile: 'dep', hasRegion: false };

async function credentials(text: string): Promise<Readonly<Record<string, string>>> {
  await writeFile(at('credentials'), text);
  return { AWS_SHARED_CREDENTIALS_FILE: at('credentials'), AWS_CONFIG_FILE: at('config') };
}

async function settingsIn(env: Readonly<Record<string, string>>, written = DEP): Promise<string[]> {
  return (await findHiders(env, written)).places.flatMap(({ settings }) => settings);
}

describe('what the credentials file has', () => {
  test.each([
    [
      'keys',
      '[dep]\naws_access_key_id = A\naws_secret_access_key = B\n',
      ['aws_access_key_id', 'aws_secret_access_key'],
    ],
    ['an empty key, which the AWS CLI takes for one', '[dep]\naws_access_key_id =\n', ['aws_access_key_id']],
    ['a role', '[src]\nx=1\n[dep]\nrole_arn=r\nsource_profile=src\n', ['role_arn', 'source_profile']],
    ['a process', '[dep]\ncredential_process = /bin/x\n', ['credential_process']],
    ['a token file', '[dep]\nweb_identity_token_file : /x\n', ['web_identity_token_file']],
    ['a session of SSO', '[dep]\nsso_session = s\nsso_account_id=1\n', ['sso_session', 'sso_account_id']],
    ['a colon for the sign, and white space', '[ dep ]\n  AWS_Access_Key_Id: A\n', ['aws_access_key_id']],
    ['the other spelling', '[profile "dep"]\r\nrole_arn = x\r\n', ['role_arn']],
    ['a mark of the byte order', '\ufeff[dep]\nrole_arn = x\n', ['role_arn']],
    ['two sections', '[dep]\n[a]\n[dep]\nrole_arn = x\n', ['role_arn']],
    [
      'what is given to every section of the file',
      '[DEFAULT]\naws_access_key_id = A\n[dep]\noutput = json\n',
      ['aws_access_key_id'],
    ],
    ['the same in a file without the section', '[DEFAULT]\naws_access_key_id = A\n[a]\nx = 1\n', []],
    ['another profile', '[deploy]\naws_access_key_id = A\n', []],
    ['nothing that hides', '[dep]\noutput = json\nregion = x\n# role_arn = x\n', []],
    ['what was written here, in one file for both', `[dep]\n${OURS}\ncredential_process = x\n`, []],
  ])('%s', async (_what, text, settings) => {
    expect(await settingsIn(await credentials(text))).toEqual(settings);
  });

  test('and the configuration file gives to every section, is put aside and brought back, too', async () => {
    const env = await credentials('');
    const text =
      '[DEFAULT]\nrole_arn = x\naws_access_key_id = A\ncredential_process = y\n\n[profile dep]\nregion = z\n';
    await writeFile(at('config'), text);
    expect(await findHiders(env, DEP)).toMatchObject({
      places: [{ file: at('config'), settings: ['role_arn'] }],
    });
    await putAside(env, DEP);
    expect(await settingsIn(env)).toEqual([]);
    await bringBack(env, 'dep');
    expect(await readFile(at('config'), 'utf8')).toBe(text);
  });

  test('a Region, where one is to be written', async () => {
    const env = await credentials('[dep]\nregion = x\n');
    expect(await settingsIn(env, { ...DEP, hasRegion: true })).toEqual(['region']);
  });

  test('is put aside and brought back, byte for byte', async () => {
    const rest = '\n[other]\naws_access_key_id = \xe9\n';
    const text = `[dep]\r\nrole_arn = x\n    more of it\n  credential_process=y\noutput = json\n${rest}`;
    await writeFile(at('credentials'), text, 'latin1');
    const env = { AWS_SHARED_CREDENTIALS_FILE: at('credentials'), AWS_CONFIG_FILE: at('config') };
    await putAside(env, DEP);
    const aside = await readFile(at('credentials'), 'latin1');
    expect(aside.split('\n').filter(line => /^[^#\s]/.test(line))).toEqual([
      '[dep]\r',
      'output = json',
      '[other]',
      'aws_access_key_id = \xe9',
    ]);
    expect(await settingsIn(env)).toEqual([]);
    await bringBack(env, 'other');
    expect(await readFile(at('credentials'), 'latin1')).toBe(aside);
    await bringBack(env, 'dep');
    expect(await readFile(at('credentials'), 'latin1')).toBe(text);
  });
});

describe('what the environment has', () => {
  const none = { AWS_SHARED_CREDENTIALS_FILE: '/none' };

  test.each([
    [
      { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'B' },
      'dep',
      ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
    ],
    [{ AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_ROLE_ARN: 'r' }, 'default', ['AWS_WEB_IDENTITY_TOKEN_FILE']],
    [{ AWS_PROFILE: 'other' }, 'default', ['AWS_PROFILE']],
    [{ AWS_DEFAULT_PROFILE: 'other' }, 'default', ['AWS_DEFAULT_PROFILE']],
    [{ AWS_DEFAULT_PROFILE: 'other', AWS_PROFILE: 'third' }, 'deploy', ['AWS_DEFAULT_PROFILE']],
    [{ AWS_DEFAULT_PROFILE: 'deploy', AWS_PROFILE: 'third' }, 'deploy', []],
    [{ AWS_PROFILE: 'default' }, 'default', []],
    [{ AWS_PROFILE: 'other' }, 'dep', []],
    // These come after profiles, in the AWS CLI and in the SDKs.
    [{ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }, 'default', []],
    [{ AWS_ACCESS_KEY_ID: '', AWS_WEB_IDENTITY_TOKEN_FILE: '' }, 'default', []],
  ])('%j, for %s', async (env, profile, variables) => {
    const hiders = await findHiders({ ...none, ...env }, { profile, hasRegion: true });
    expect(hiders.variables).toEqual(variables);
  });

  test('is refused with all of its names', async () => {
    const env = { ...(await credentials('[dep]\nrole_arn = x\n')), AWS_ACCESS_KEY_ID: 'A' };
    const hiders = await findHiders(env, DEP);
    expect(() => refuseHiders(hiders, 'dep')).toThrow(
      `profile dep would be hidden by role_arn in ${at('credentials')} and the environment's AWS_ACCESS_KEY_ID`,
    );
    refuseHiders({ places: [], variables: [] }, 'dep');
  });
});
