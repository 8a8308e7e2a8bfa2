import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFile, chmod, copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { beforeAll, describe, expect, test } from 'vitest';
import { makeFolder } from '../cli/run-cli.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const script = (name: string): string => join(ROOT, 'scripts/release', `${name}.mjs`);
const digest = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex');

/** What we write of a component of an SBOM. */
interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly licenses: unknown;
  readonly purl: string;
  readonly hashes: unknown;
}

/** What a command says and how it ends, whichever way that is. */
async function attempt(name: string, args: readonly string[], options: { cwd?: string; env?: object } = {}) {
  const { cwd, env } = options;
  const place = { ...(cwd === undefined ? {} : { cwd }), env: { ...process.env, CIRCLE_TAG: '', ...env } };
  try {
    return { code: 0, ...(await run(process.execPath, [script(name), ...args], place)) };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code, stdout, stderr };
  }
}

let version: string;
let folder: string;

beforeAll(async () => {
  ({ version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')));
  folder = join(await makeFolder(), 'release');
  await run(process.execPath, [script('release-files'), '--out', folder]);
});

describe('release files', () => {
  test('are the tarball, the orb, the SBOM and their checksums', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'SHA256SUMS',
      `deploy-marker-${version}.cdx.json`,
      `deploy-marker-${version}.tgz`,
      'orb.yml',
    ]);
  });

  test('sha256sum -c finds them right, and finds a changed one', async () => {
    const { stdout } = await run('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: folder });
    expect(stdout.split('\n').filter(line => line.endsWith(': OK'))).toHaveLength(3);
    const copy = await copyRelease();
    await appendFile(join(copy, 'orb.yml'), '#');
    const check = run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: copy });
    await expect(check).rejects.toMatchObject({ stdout: expect.stringContaining('orb.yml: FAILED') });
  });

  test('the orb installs this tarball', async () => {
    const [tarball, orb] = await Promise.all(
      [`deploy-marker-${version}.tgz`, 'orb.yml'].map(name => readFile(join(folder, name))),
    );
    expect(orb?.toString()).toContain(digest('sha512', tarball ?? Buffer.alloc(0)));
  });

  test('are the same when they are made again', async () => {
    const again = join(await makeFolder(), 'again');
    await run(process.execPath, [script('release-files'), '--out', again]);
    expect(await readFile(join(again, 'SHA256SUMS'), 'utf8')).toBe(
      await readFile(join(folder, 'SHA256SUMS'), 'utf8'),
    );
  });
});

describe('the orb that is released', () => {
  test('holds what CircleCI asks of one', async () => {
    const { code, stdout, stderr } = await attempt('check-orb', [join(folder, 'orb.yml')]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^deploy-marker\/deploy-marker can be published: \d+ bytes\n$/);
  });

  test.each([
    ['a key that there is not', 'comands: {}\ncommands:', 'comands is no key here (KEY)'],
    ['no YAML', 'commands: [\n', 'error: '],
  ])('with %s is refused', async (_, start, problem) => {
    const copy = await copyRelease();
    const path = join(copy, 'orb.yml');
    await writeFile(path, (await readFile(path, 'utf8')).replace('commands:', start));
    const { code, stderr } = await attempt('check-orb', [path]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(problem)]);
  });
});

describe('the SBOM', () => {
  const readSbom = (): Promise<string> => readFile(join(folder, `deploy-marker-${version}.cdx.json`), 'utf8');

  test('is valid by the schema of CycloneDX', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const text = await readSbom();
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"purl"', '"pearl"'))).not.toBeNull();
  });

  test('has every package whose licence is shipped, and no other, with version, licence, purl and checksum', async () => {
    const licences = await readFile(join(ROOT, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const shipped = [...licences.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d\S*) \(([\w.-]+)\)$/gm)];
    expect(shipped.length).toBeGreaterThan(30);
    const { components }: { components: readonly Component[] } = JSON.parse(await readSbom());
    const found = components.map(({ group, name, version: each, licenses, purl, hashes }) => {
      expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
      return [group, name, each, licenses, purl];
    });
    const wanted = shipped.map(([, name = '', each, licence]) => {
      const [, group, plain] = /^(?:(.+)\/)?(.+)$/.exec(name) ?? [];
      const purl = `pkg:npm/${name.replace('@', '%40')}@${each}`;
      return [group, plain, each, [{ license: { id: licence } }], purl];
    });
    expect(found.sort()).toEqual(wanted.sort());
  });

  test('is about this tarball', async () => {
    const { metadata, dependencies } = JSON.parse(await readSbom());
    const tarball = await readFile(join(folder, `deploy-marker-${version}.tgz`));
    expect(metadata.component).toMatchObject({
      type: 'application',
      version,
      purl: `pkg:npm/deploy-marker@${version}`,
      hashes: [{ alg: 'SHA-512', content: digest('sha512', tarball) }],
    });
    const own = dependencies.find(({ ref }: { ref: string }) => ref === metadata.component['bom-ref']);
    expect(own.dependsOn).toHaveLength(dependencies.length - 1);
  });
});

async function copyRelease(): Promise<string> {
  const copy = await makeFolder();
  for (const name of await readdir(folder)) await copyFile(join(folder, name), join(copy, name));
  return copy;
}

/** A release whose tarball has one file more, with the checksum of that. */
async function spoiledRelease(): Promise<string> {
  const copy = await copyRelease();
  const name = `deploy-marker-${version}.tgz`;
  const inside = await makeFolder();
  await run('tar', ['-xzf', join(copy, name), '-C', inside]);
  await mkdir(join(inside, 'package/src'));
  await writeFile(join(inside, 'package/src/secret.ts'), '');
  await run('tar', ['-czf', join(copy, name), '-C', inside, 'package']);
  const sum = digest('sha256', await readFile(join(copy, name)));
  await writeFile(join(copy, 'SHA256SUMS'), `${sum}  ${name}\n`);
  return copy;
}

describe('the tag', () => {
  test('of the version that is here fits: the changelog tells of it', async () => {
    expect(await attempt('check-tag', [`v${version}`], { cwd: ROOT })).toMatchObject({ code: 0, stderr: '' });
  });

  const CHANGELOG =
    '# Changelog\n\n## Unreleased\n\n## 1.2.3 - 2026-11-22\n\n### Added\n\n- All.\n\n## 1.2.2 - 2026-11-21\n';

  async function check(tag: string, changelog = CHANGELOG, own = '1.2.3') {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'package.json'), JSON.stringify({ version: own }));
    await writeFile(join(cwd, 'package-lock.json'), JSON.stringify({ version: own }));
    await writeFile(join(cwd, 'CHANGELOG.md'), changelog);
    return attempt('check-tag', tag === '' ? [] : [tag], { cwd });
  }

  test('that fits may be released, given or as CircleCI gives it', async () => {
    expect(await check('v1.2.3')).toEqual({ code: 0, stdout: 'v1.2.3 may be released\n', stderr: '' });
    expect(await check('v1.2.3', CHANGELOG.replace('1.2.3', '[1.2.3]'))).toMatchObject({ code: 0 });
    const cwd = ROOT;
    const { stderr } = await attempt('check-tag', [], { cwd, env: { CIRCLE_TAG: 'v0.0.0' } });
    expect(stderr).toContain(`package.json has version ${version}, not 0.0.0`);
  });

  test.each([
    ["the tag '' is not", '', CHANGELOG],
    ["the tag '1.2.3' is not", '1.2.3', CHANGELOG],
    ["the tag 'v1.2' is not", 'v1.2', CHANGELOG],
    ["the tag 'v1.2.3-rc.1' is not", 'v1.2.3-rc.1', CHANGELOG],
    ["the tag 'v01.2.3' is not", 'v01.2.3', CHANGELOG],
    ['package.json has version 1.2.3, not 1.2.2', 'v1.2.2', CHANGELOG.replace('11-21', '11-21\n\n- One.')],
    ['package-lock.json has version 1.2.3, not 1.2.2', 'v1.2.2', CHANGELOG],
    ["CHANGELOG.md has no heading '## 1.2.3 - ", 'v1.2.3', CHANGELOG.replace('## 1.2.3', '## 1.2.30')],
    ["CHANGELOG.md has no heading '## 1.2.3 - ", 'v1.2.3', CHANGELOG.replace('1.2.3 - 2026-11-22', '1.2.3')],
    ['CHANGELOG.md says nothing about 1.2.3', 'v1.2.3', CHANGELOG.replace('- All.\n', '')],
  ])('that does not fit is refused: %s', async (problem, tag, changelog) => {
    const { code, stderr } = await check(tag, changelog);
    expect(stderr).toContain(`error: ${problem}`);
    expect(code).toBe(1);
  });
});

describe('publishing to npm', () => {
  interface PublishOptions {
    readonly npm?: string;
    readonly token?: string;
    readonly release?: string;
    readonly fails?: boolean;
    readonly cwd?: string;
  }

  async function publish(options: PublishOptions = {}) {
    const place = await makeFolder();
    const bin = join(place, 'bin');
    const log = join(place, 'log');
    await mkdir(bin);
    const { stdout: npm } = await run('sh', ['-c', 'command -v npm']);
    const stubs = {
      npm: `case $1 in
        --version) echo ${options.npm ?? '11.17.0'} ;;
        config) echo https://npm.example.com/a/ ;;
        publish) case "$*" in *--dry-run*) exec '${npm.trim()}' "$@" ;; esac; ${options.fails === true ? 'exit 1' : `printf '%s\\n' "$*" "id $NPM_ID_TOKEN" "other \${NPM_TOKEN-}\${NODE_AUTH_TOKEN-}" >>'${log}'`} ;;
      esac`,
      circleci: `printf '%s\\n' "circleci $*" >>'${log}'; echo '${options.token ?? 'minted'}'`,
    };
    for (const [name, text] of Object.entries(stubs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
      await chmod(join(bin, name), 0o755);
    }
    const env = {
      PATH: `${bin}:${dirname(process.execPath)}:/usr/bin:/bin`,
      NPM_TOKEN: 'a',
      NODE_AUTH_TOKEN: 'b',
    };
    const args = [options.release ?? folder];
    const result = await attempt('publish-npm', args, { cwd: options.cwd ?? place, env });
    return { ...result, log: await readFile(log, 'utf8').catch(() => '') };
  }

  test('sends the tested tarball with a token for npm, which is in no argument and no output', async () => {
    const { code, log, stdout, stderr } = await publish();
    expect(log.split('\n')).toEqual([
      'circleci run oidc get --claims {"aud":"npm:npm.example.com"}',
      `publish ${join(folder, `deploy-marker-${version}.tgz`)} --access public --ignore-scripts`,
      'id minted',
      'other ',
      '',
    ]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  // A path of two parts is a repository of GitHub's to npm.
  test('takes a folder beside where it stands, as in the pipeline', async () => {
    const { code, log, stderr } = await publish({ cwd: dirname(folder), release: 'release' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(log).toContain(`publish ${join(folder, `deploy-marker-${version}.tgz`)} `);
  });

  test('can be rehearsed with nothing but npm: without account, token and network', async () => {
    const cwd = dirname(folder);
    const env = { npm_config_offline: 'true', HOME: cwd, HTTPS_PROXY: 'http://127.0.0.1:9' };
    const { code, stdout, stderr } = await attempt('publish-npm', ['--dry-run', 'release'], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        `^deploy-marker@${version.replaceAll('.', '\\.')} can be published: \\d+ files, \\d+ bytes\\n$`,
      ),
    );
  });

  test('refuses a tarball that holds something else, before there is a token', async () => {
    const release = await spoiledRelease();
    const problem = 'src/secret.ts is not meant to be in it';
    const rehearsed = await attempt('publish-npm', ['--dry-run', release]);
    expect([rehearsed.code, rehearsed.stderr]).toEqual([1, expect.stringContaining(problem)]);
    const { code, stderr, log } = await publish({ release });
    expect([code, stderr, log]).toEqual([1, expect.stringContaining(problem), '']);
  });

  test.each(['10.9.4', '11.5.1', '11.10.9'])('refuses npm %s, which ignores the token', async npm => {
    const { code, stderr, log } = await publish({ npm });
    expect(stderr).toBe(`error: npm ${npm} cannot publish with CircleCI's token: use 11.11 or later\n`);
    expect({ code, log }).toEqual({ code: 1, log: '' });
  });

  test('refuses another tarball than the one that SHA256SUMS names', async () => {
    const release = await copyRelease();
    await appendFile(join(release, `deploy-marker-${version}.tgz`), 'x');
    const { code, stderr, log } = await publish({ release });
    expect(stderr).toMatch(/^error: .* has the SHA-256 [0-9a-f]{64}, not [0-9a-f]{64}\n$/);
    expect({ code, log }).toEqual({ code: 1, log: '' });
  });

  test('refuses to go without a token', async () => {
    const { code, stderr, log } = await publish({ token: '' });
    expect(stderr).toContain('error: circleci run oidc get printed no token');
    expect({ code, log }).toEqual({ code: 1, log: expect.not.stringContaining('publish') });
  });

  test('fails with npm', async () => {
    expect(await publish({ fails: true })).toMatchObject({
      code: 1,
      stderr: 'error: npm publish failed with exit 1\n',
    });
  });
});

describe('the record of a job that used the orb', () => {
  const assumed = {
    operation: 'AssumeRoleWithWebIdentity',
    status: 200,
    parsedBody: { RoleSessionName: 'ci-a' },
  };
  const marker = (status: string, session = 'ci-a') => ({
    operation: 'PutAuditEvents',
    status: 200,
    parsedBody: {
      auditEvents: [
        { eventData: JSON.stringify({ requestParameters: { status, role_session_name: session } }) },
      ],
    },
  });

  test.each([
    ['', [assumed, marker('running'), marker('success')], ''],
    ['markers: running, not running success', [assumed, marker('running')], ''],
    ['markers: success running, not', [assumed, marker('success'), marker('running')], ''],
    ['markers: none, not', [assumed], ''],
    ['no role was assumed', [marker('running'), marker('success')], ''],
    ["a marker names the session 'ci-b'", [assumed, marker('running', 'ci-b'), marker('success')], ''],
    [
      'PutAuditEvents was refused: 403 AccessDenied',
      [assumed, { ...marker('running'), status: 403, errorCode: 'AccessDenied' }, marker('success')],
      '',
    ],
    ['violation: STS: x', [assumed, marker('running'), marker('success')], 'violation: STS: x\n'],
  ])('problem: %s', async (problem, requests, violations) => {
    const cwd = await makeFolder();
    await writeFile(join(cwd, 'record'), requests.map(each => `${JSON.stringify(each)}\n`).join(''));
    await writeFile(join(cwd, 'errors'), violations);
    const { code, stderr } = await attempt('check-record', ['record', 'errors', 'running', 'success'], {
      cwd,
    });
    expect(stderr).toContain(problem);
    expect(code).toBe(problem === '' ? 0 : 1);
  });
});
