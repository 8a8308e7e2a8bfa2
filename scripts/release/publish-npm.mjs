// Publishes the tarball of a folder that release-files.mjs made, from a CircleCI job: `node scripts/release/publish-npm.mjs FOLDER`.
// With `--dry-run` all but that, without account and network.
//
// By trusted publishing: no token is kept anywhere. https://docs.npmjs.com/trusted-publishers
// npm makes no attestation of provenance from CircleCI, and refuses to publish where one is asked for; that is why package.json says
// no. SBOM and checksums are there instead. https://docs.npmjs.com/generating-provenance-statements
// It needs no installed package, so that no code of others runs beside the token.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { contentProblems } from './tarball-contents.mjs';

// The first one that takes CircleCI's token; older ones ignore it and ask for a login. https://github.com/npm/cli/pull/8925
const NPM_SINCE = [11, 11];
// Nobody listens there, so that a dry run asks nobody.
const NOWHERE = {
  npm_config_registry: 'http://127.0.0.1:9/',
  npm_config_fetch_retries: '0',
  npm_config_loglevel: 'error',
};

const names = JSON.parse(readFileSync(new URL('names.json', import.meta.url), 'utf8'));

/** What a command prints; its messages go through. @throws if it fails */
function read(command, args, env = {}) {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed: ${error?.message ?? `exit ${status}`}`);
  return stdout.trim();
}

/** Path of the folder's only tarball, after its checksum was found right. */
function checkedTarball(folder) {
  const sums = readFileSync(join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
  const tarballs = sums.map(line => line.split('  ')).filter(([, name]) => name?.endsWith('.tgz'));
  if (tarballs.length !== 1)
    throw new Error(`${folder}/SHA256SUMS names ${tarballs.length} tarballs, not one`);
  const [[sum, name]] = tarballs;
  // npm takes `release/a.tgz` for a repository of GitHub's.
  const path = resolve(folder, name);
  const found = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (found !== sum) throw new Error(`${path} has the SHA-256 ${found}, not ${sum}`);
  return path;
}

const argsFor = tarball => ['publish', tarball, '--access', 'public', '--ignore-scripts'];

/** Has npm say what it would publish. @throws if that is not what is meant */
function rehearse(tarball) {
  const told = JSON.parse(read('npm', [...argsFor(tarball), '--dry-run', '--json'], NOWHERE));
  // npm 11 tells by name.
  const packed = told.files === undefined ? told[names.package] : told;
  if (packed === undefined) throw new Error(`npm tells of ${Object.keys(told)}, not of ${names.package}`);
  const problems = contentProblems(packed, names.package);
  if (problems.length > 0) throw new Error(`${tarball}: ${problems.join('; ')}`);
  return packed;
}

function publish(folder) {
  const tarball = checkedTarball(folder);
  const version = read('npm', ['--version']);
  const [major, minor] = version.split('.').map(Number);
  if (major < NPM_SINCE[0] || (major === NPM_SINCE[0] && minor < NPM_SINCE[1]))
    throw new Error(
      `npm ${version} cannot publish with CircleCI's token: use ${NPM_SINCE.join('.')} or later`,
    );
  rehearse(tarball);
  const { hostname } = new URL(read('npm', ['config', 'get', 'registry']));
  // Minted last: npm takes it for five minutes only. Neither it nor the one that npm gets for it is in an argument or a file.
  const claims = JSON.stringify({ aud: `npm:${hostname}` });
  const token = read('circleci', ['run', 'oidc', 'get', '--claims', claims]);
  if (token === '') throw new Error('circleci run oidc get printed no token');
  // Without these, npm cannot fall back on a token of another kind.
  const { NPM_TOKEN, NODE_AUTH_TOKEN, ...env } = process.env;
  const { status } = spawnSync('npm', argsFor(tarball), {
    stdio: 'inherit',
    env: { ...env, NPM_ID_TOKEN: token },
  });
  if (status !== 0) throw new Error(`npm publish failed with exit ${status}`);
}

try {
  const { values, positionals } = parseArgs({
    options: { 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('name the folder with the files to publish');
  if (values['dry-run']) {
    const { id, files, size } = rehearse(checkedTarball(folder));
    console.log(`${id} can be published: ${files.length} files, ${size} bytes`);
  } else publish(folder);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
