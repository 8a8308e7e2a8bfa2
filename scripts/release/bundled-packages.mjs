import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Folder of the package that a file belongs to, relative to the root; undefined for our own files. */
const packageFolder = path => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];

/**
 * The packages of which something is in the bundle, with what is known of each, sorted by name and version.
 *
 * @param metafile esbuild's, as scripts/build.mjs leaves it
 * @param lock package-lock.json, whose checksums npm proved when it installed
 * @returns name, version, license (SPDX), and sha512 (hex) of the package's tarball
 * @throws if the lock does not know a package, or knows another version
 */
export async function bundledPackages(root, metafile, lock) {
  const inputs = Object.values(metafile.outputs).flatMap(output => Object.entries(output.inputs));
  const paths = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  const folders = [...new Set(paths.map(packageFolder))].filter(folder => folder !== undefined);
  if (folders.length === 0) throw new Error('the metafile names no package: build first');
  const packages = await Promise.all(folders.map(folder => readPackage(root, folder, lock.packages[folder])));
  // The same version can be there several times, in folders of packages that need it.
  const byTitle = new Map(packages.map(each => [`${each.name} ${each.version}`, each]));
  return [...byTitle].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

async function readPackage(root, folder, locked) {
  const { name, version, license } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
  if (locked?.version !== version)
    throw new Error(`${folder} is version ${version}, locked is ${locked?.version}: run npm ci`);
  const [, base64] = /^sha512-(\S+)$/.exec(locked.integrity) ?? [];
  if (base64 === undefined) throw new Error(`${folder} has no SHA-512 in the lock file`);
  return { name, version, license, sha512: Buffer.from(base64, 'base64').toString('hex') };
}
