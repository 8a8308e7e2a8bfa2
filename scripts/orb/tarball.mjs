import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';

/**
 * An npm tarball: its file name, what its own package.json says, and the SHA-512 of its bytes in hexadecimal.
 *
 * @typedef {{file: string, name: string, version: string, sha512: string}} Tarball
 */

const BLOCK = 512;
const sha512 = bytes => createHash('sha512').update(bytes).digest('hex');

/** The file `path` of an uncompressed tar archive (POSIX ustar), or undefined. */
function fileOfTar(tar, path) {
  const field = (at, length) => tar.toString('utf8', at, at + length).replace(/\0.*$/s, '');
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const size = Number.parseInt(field(at + 124, 12), 8);
    const start = at + BLOCK;
    if (field(at, 100) === path) return tar.subarray(start, start + size);
    at = start + Math.ceil(size / BLOCK) * BLOCK;
  }
  return undefined;
}

/**
 * Reads an npm tarball.
 *
 * @param {string} path
 * @returns {Promise<Tarball>}
 * @throws {Error} when it is not the tarball of an npm package
 */
export async function readTarball(path) {
  const bytes = await readFile(path);
  let manifest;
  try {
    manifest = fileOfTar(gunzipSync(bytes), 'package/package.json');
  } catch (cause) {
    throw new Error(`${path}: ${cause.message}; it is not a gzip file`, { cause });
  }
  if (manifest === undefined) throw new Error(`${path}: it holds no package/package.json`);
  const { name, version } = JSON.parse(manifest.toString('utf8'));
  return { file: basename(path), name, version, sha512: sha512(bytes) };
}

/** Every file that npm could pack: those at the top and in dist, but the tarball and the orb that come from them. */
async function candidates(root) {
  const top = (await readdir(root, { withFileTypes: true })).filter(entry => entry.isFile());
  const dist = await readdir(join(root, 'dist'), { withFileTypes: true, recursive: true });
  const below = dist
    .filter(entry => entry.isFile())
    .map(entry => relative(root, join(entry.parentPath, entry.name)))
    .filter(path => !/^dist\/(?:orb\.yml|[^/]+\.tgz)$/.test(path));
  return [...top.map(({ name }) => name).filter(name => !name.endsWith('.tgz')), ...below].sort();
}

/** Changes when a candidate or its right to be executed changes. */
async function inputHash(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const [bytes, { mode }] = await Promise.all([readFile(join(root, path)), stat(join(root, path))]);
    hash.update(`${path}\0${mode & 0o111}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

async function runNpmPack(root, folder) {
  const args = ['pack', '--ignore-scripts', '--json', '--loglevel=error', '--pack-destination', folder];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root });
  const [{ filename, files }] = JSON.parse(stdout);
  return { filename, files: files.map(({ path }) => path) };
}

/**
 * The tarball that `npm pack` makes of the package in `root`, put into its dist folder.
 *
 * npm, which needs more than a second, runs only when something that it could pack has changed since the last time:
 * every file at the top of the package and in dist is compared, a superset of what it packed.
 *
 * @param {string} root folder of package.json, with dist built
 * @param {string} cache folder for what is remembered, on the same file system
 * @returns {Promise<Tarball>}
 */
export async function packTarball(root, cache) {
  const record = join(cache, 'tarball.json');
  const paths = await candidates(root);
  const inputs = await inputHash(root, paths);
  const known = JSON.parse(await readFile(record, 'utf8').catch(() => '{}'));
  if (known.inputs === inputs) {
    const present = await readTarball(join(root, 'dist', known.file)).catch(() => undefined);
    if (present?.sha512 === known.sha512) return present;
  }
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'pack-'));
  try {
    const { filename, files } = await runNpmPack(root, folder);
    const strange = files.find(path => !paths.includes(path));
    if (strange !== undefined)
      throw new Error(`npm packed ${strange}, which is neither at the top nor in dist`);
    // The tarball of another version would be published beside this one.
    for (const name of await readdir(join(root, 'dist'))) {
      if (name.endsWith('.tgz') && name !== filename) await rm(join(root, 'dist', name));
    }
    await rename(join(folder, filename), join(root, 'dist', filename));
    const tarball = await readTarball(join(root, 'dist', filename));
    await writeFile(record, JSON.stringify({ inputs, file: tarball.file, sha512: tarball.sha512 }));
    return tarball;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
