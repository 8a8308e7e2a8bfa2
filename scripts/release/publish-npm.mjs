// Publishes the tarball of a folder that release-files.mjs made, from a CircleCI job: `node scripts/release/publish-npm.mjs FOLDER`.
//
// By trusted publishing: no token is kept anywhere. https://docs.npmjs.com/trusted-publishers
// It needs no installed package, so that no code of others runs beside the token.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The first one that takes CircleCI's token; older ones ignore it and ask for a login. https://github.com/npm/cli/pull/8925
const NPM_SINCE = [11, 11];

/** What a command prints; its messages go through. @throws if it fails */
function read(command, args) {
  const { status, stdout, error } = spawnSync(command, args, {
    encoding: 'utf8',
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
  const path = join(folder, name);
  const found = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (found !== sum) throw new Error(`${path} has the SHA-256 ${found}, not ${sum}`);
  return path;
}

function publish(folder) {
  const tarball = checkedTarball(folder);
  const version = read('npm', ['--version']);
  const [major, minor] = version.split('.').map(Number);
  if (major < NPM_SINCE[0] || (major === NPM_SINCE[0] && minor < NPM_SINCE[1]))
    throw new Error(
      `npm ${version} cannot publish with CircleCI's token: use ${NPM_SINCE.join('.')} or later`,
    );
  const { hostname } = new URL(read('npm', ['config', 'get', 'registry']));
  // Minted last: npm takes it for five minutes only. Neither it nor the one that npm gets for it is in an argument or a file.
  const claims = JSON.stringify({ aud: `npm:${hostname}` });
  const token = read('circleci', ['run', 'oidc', 'get', '--claims', claims]);
  if (token === '') throw new Error('circleci run oidc get printed no token');
  // Without these, npm cannot fall back on a token of another kind.
  const { NPM_TOKEN, NODE_AUTH_TOKEN, ...env } = process.env;
  const args = ['publish', tarball, '--access', 'public', '--ignore-scripts'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', env: { ...env, NPM_ID_TOKEN: token } });
  if (status !== 0) throw new Error(`npm publish failed with exit ${status}`);
}

try {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('name the folder with the files to publish');
  publish(folder);
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
