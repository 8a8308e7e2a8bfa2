// Puts what a release consists of into one folder, after `npm run orb:pack`: `node scripts/release/release-files.mjs --out FOLDER`.
//
//   deploy-marker-VERSION.tgz        the npm tarball
//   orb.yml                          the orb that installs this tarball
//   deploy-marker-VERSION.cdx.json   SBOM (CycloneDX) of what is bundled
//   SHA256SUMS                       of the three, for `sha256sum -c`
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundledPackages } from './bundled-packages.mjs';
import { sbomText } from './sbom.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const digest = (algorithm, bytes) => createHash(algorithm).update(bytes).digest('hex');
const readJson = async path => JSON.parse(await readFile(join(root, path), 'utf8'));

const { values } = parseArgs({ options: { out: { type: 'string' } } });
if (!values.out) throw new Error('--out is missing: name the folder for the files');
const folder = resolve(values.out);

const { name, version, license } = await readJson('package.json');
const tarballName = `${name}-${version}.tgz`;
const tarball = await readFile(join(root, 'dist', tarballName));
const orb = await readFile(join(root, 'dist/orb.yml'));
const sha512 = digest('sha512', tarball);
if (!orb.includes(sha512))
  throw new Error(`dist/orb.yml installs another tarball than dist/${tarballName}: run npm run orb:pack`);

const [metafile, lock] = await Promise.all([
  readJson('node_modules/.cache/deploy-marker/metafile.json'),
  readJson('package-lock.json'),
]);
const sbom = sbomText({ name, version, license, sha512 }, await bundledPackages(root, metafile, lock));

const files = new Map([
  [tarballName, tarball],
  [`${name}-${version}.cdx.json`, Buffer.from(sbom)],
  ['orb.yml', orb],
]);
const sums = [...files].map(([file, bytes]) => `${digest('sha256', bytes)}  ${file}\n`).join('');
// Nothing of an earlier version stays beside it.
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [file, bytes] of files) await writeFile(join(folder, file), bytes);
await writeFile(join(folder, 'SHA256SUMS'), sums);
console.log(sums.trimEnd());
