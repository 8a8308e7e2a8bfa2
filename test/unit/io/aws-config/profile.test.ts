import { chmod, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  checkProfile,
  checkProfileName,
  removeProfile,
  writeProfile,
} from '../../../../src/io/aws-config/profile.ts';
import { bundleScript, runScript } from '../child-script.ts';
import { useScratchFolder } from '../scratch-folder.ts';

const at = useScratchFolder();
const OURS = '# written by deploy-marker assume-role, which replaces this section as a whole';
const KEEP = { force: false };

describe('checkProfileName', () => {
  test.each(['deploy', 'default', 'a.b+c=d,e@f/g-h_1', 'x'.repeat(64)])('takes %s', name => {
    expect(checkProfileName(name)).toBe(name);
  });

  test.each(['', 'a b', 'a]', '[a', '"a"', 'a\nb', 'é', 'a#b', 'x'.repeat(65)])('refuses %j', name => {
    expect(() => checkProfileName(name)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 2 }));
  });
});

describe('writeProfile', () => {
  test('makes the file and its folder, for the owner alone', async () => {
    await writeProfile(at('.aws/config'), 'deploy', { region: 'eu-west-1', credential_process: 'x' }, KEEP);
    expect(await readFile(at('.aws/config'), 'utf8')).toBe(
      `[profile deploy]\n${OURS}\nregion = eu-west-1\ncredential_process = x\n`,
    );
    expect((await stat(at('.aws/config'))).mode & 0o777).toBe(0o600);
    expect((await stat(at('.aws'))).mode & 0o777).toBe(0o700);
    expect(await readdir(at('.aws'))).toEqual(['config']);
  });

  test('the default profile has a header of its own', async () => {
    await writeProfile(at('config'), 'default', { region: 'eu-west-1' }, KEEP);
    expect(await readFile(at('config'), 'utf8')).toBe(`[default]\n${OURS}\nregion = eu-west-1\n`);
  });

  const before = Buffer.concat([
    Buffer.from('# été\n[profile a]\n  s3 =\n    max = 1\r\n\n; '),
    Buffer.from([0xe9, 0xff]),
    Buffer.from('\n[default]\nregion=x\n'),
  ]);
  const after = Buffer.from('\n# about b\n[profile b]\n\n\nregion = y\n[sso-session z]\nk = v\n');

  test('replaces its own section, and leaves all else as it was, byte for byte', async () => {
    await writeFile(at('config'), before);
    await chmod(at('config'), 0o644);
    await writeProfile(at('config'), 'deploy', { region: 'one', role_arn: 'r' }, KEEP);
    await writeFile(at('config'), after, { flag: 'a' });
    for (const region of ['two', 'three', 'four'])
      await writeProfile(at('config'), 'deploy', { region }, KEEP);
    const section = `\n[profile deploy]\n${OURS}\nregion = four\n`;
    expect((await readFile(at('config'))).toString('latin1')).toBe(
      Buffer.concat([before, Buffer.from(section), after]).toString('latin1'),
    );
    expect((await stat(at('config'))).mode & 0o777).toBe(0o644);
  });

  test.each([
    '[profile deploy]',
    '[ profile  deploy ]',
    '[profile\tdeploy]',
    '[profile "deploy"]',
    "[profile 'deploy'] # mine",
    '  [profile deploy]\r',
  ])('refuses %j of another hand, unless it is forced', async header => {
    const foreign = `${header}\nregion = theirs\n`;
    await writeFile(at('config'), foreign);
    const refusal = {
      code: 'FILE_UNWRITABLE',
      message: `profile deploy in ${at('config')} was not written by deploy-marker`,
    };
    await expect(writeProfile(at('config'), 'deploy', { region: 'ours' }, KEEP)).rejects.toMatchObject(
      refusal,
    );
    await expect(checkProfile(at('config'), 'deploy', KEEP)).rejects.toMatchObject(refusal);
    await expect(removeProfile(at('config'), 'deploy')).rejects.toMatchObject(refusal);
    expect(await readFile(at('config'), 'utf8')).toBe(foreign);
    expect(await readdir(at())).toEqual(['config']);
    await checkProfile(at('config'), 'deploy', { force: true });
    await writeProfile(at('config'), 'deploy', { region: 'ours' }, { force: true });
    expect(await readFile(at('config'), 'utf8')).toBe(`[profile deploy]\n${OURS}\nregion = ours\n`);
  });

  test.each([
    ['a second spelling', '[profile default]\nregion = theirs\n'],
    ['a second spelling in quotes', '[profile "default"]\naws_access_key_id = AKIA\n'],
    ['a section of the same spelling', '[ default ] # mine\nrole_arn = x\n'],
  ])('%s is refused, and gone with force', async (_what, foreign) => {
    const rest = '# about b\n[profile b]\nregion = y\n';
    await writeProfile(at('config'), 'default', { region: 'ours' }, KEEP);
    await writeFile(at('config'), `\n${foreign}\n${rest}`, { flag: 'a' });
    const refusal = { code: 'FILE_UNWRITABLE' };
    await expect(checkProfile(at('config'), 'default', KEEP)).rejects.toMatchObject(refusal);
    await expect(writeProfile(at('config'), 'default', {}, KEEP)).rejects.toMatchObject(refusal);
    await writeProfile(at('config'), 'default', { region: 'new' }, { force: true });
    expect(await readFile(at('config'), 'utf8')).toBe(`[default]\n${OURS}\nregion = new\n\n${rest}`);
  });

  test('another profile whose name begins alike is another one', async () => {
    await writeFile(at('config'), '[profile deploy-prod]\nregion = x\n[deploy]\n');
    await writeProfile(at('config'), 'deploy', { region: 'y' }, KEEP);
    expect(await readFile(at('config'), 'utf8')).toBe(
      `[profile deploy-prod]\nregion = x\n[deploy]\n\n[profile deploy]\n${OURS}\nregion = y\n`,
    );
  });

  test('follows no symbolic link', async () => {
    await writeFile(at('real'), '');
    await symlink(at('real'), at('config'));
    await expect(writeProfile(at('config'), 'deploy', {}, KEEP)).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
    });
    expect(await readFile(at('real'), 'utf8')).toBe('');
  });

  test('processes that write at once lose nothing of each other', async () => {
    const script = await bundleScript(
      `import { writeProfile } from './aws-config/profile.ts';
       const [path, name] = process.argv.slice(2);
       for (const round of ['1', '2', '3', '4']) await writeProfile(path, name + round, { region: name }, { force: false });`,
      at('write.mjs'),
    );
    await writeFile(at('config'), '[profile theirs]\nregion = x\n');
    await Promise.all(['a', 'b', 'c'].map(name => runScript(script, [at('config'), name])));
    const headers = (await readFile(at('config'), 'utf8')).match(/^\[.*$/gm) ?? [];
    expect(headers.sort()).toEqual(
      ['theirs', ...['a', 'b', 'c'].flatMap(name => [1, 2, 3, 4].map(round => `${name}${round}`))]
        .map(name => `[profile ${name}]`)
        .sort(),
    );
    expect((await readdir(at())).sort()).toEqual(['config', 'write.mjs']);
  });
});

describe('removeProfile', () => {
  test.each([
    '',
    '[profile a]\nregion = x\n',
    '[profile a]\nregion = x\n\n# about b\n[profile b]\nregion = y\n',
  ])('after writing leaves %j as it was', async text => {
    await writeFile(at('config'), text);
    await writeProfile(at('config'), 'deploy', { region: 'z' }, KEEP);
    await removeProfile(at('config'), 'deploy');
    expect(await readFile(at('config'), 'utf8')).toBe(text);
  });

  test('takes it out from between others', async () => {
    const ours = `[profile deploy]\n${OURS}\nregion = z\n`;
    await writeFile(at('config'), `[profile a]\nregion = x\n\n${ours}\n# about b\n[profile b]\nregion = y\n`);
    await removeProfile(at('config'), 'deploy');
    expect(await readFile(at('config'), 'utf8')).toBe(
      '[profile a]\nregion = x\n\n# about b\n[profile b]\nregion = y\n',
    );
  });

  test('where there is none, or no file, nothing happens', async () => {
    await removeProfile(at('config'), 'deploy');
    expect(await readdir(at())).toEqual([]);
    await writeFile(at('config'), '[profile a]\n\n\n');
    await removeProfile(at('config'), 'deploy');
    expect(await readFile(at('config'), 'utf8')).toBe('[profile a]\n\n\n');
  });
});
