// Packs orb/src into one file: `node scripts/pack-orb.mjs [--tarball FILE] [--registry URL] [--out FILE]`, after a build.
//
//   --tarball FILE    the npm tarball that the orb installs, as it was tested; otherwise `npm pack` makes one in dist
//   --registry URL    where the orb takes it from; otherwise npm's own setting
//   --out FILE        otherwise dist/orb.yml
import { execFile } from 'node:child_process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { compactTexts } from './orb/compact-text.mjs';
import { packOrb } from './orb/pack.mjs';
import { packTarball, readTarball } from './orb/tarball.mjs';
import { injectTokens, orbTokens } from './orb/token.mjs';
import { toYamlText } from './orb/yaml-text.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside node_modules, so that it is never published.
const cache = join(root, 'node_modules/.cache/deploy-marker');

const readJson = async path => JSON.parse(await readFile(join(root, path), 'utf8'));

/** As npm would answer; a variable, which it ranks above its files, spares the half second of asking it. */
async function npmRegistry() {
  if (process.env.npm_config_registry) return process.env.npm_config_registry;
  const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], { cwd: root });
  return stdout.trim();
}

/** The same text is left alone, so that nobody who reads it meanwhile is disturbed; another one comes at once. */
async function writeWhole(path, text) {
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await mkdir(dirname(path), { recursive: true });
  // The ending keeps it out of a tarball that another process may be packing.
  const fresh = `${path}.${process.pid}.tgz`;
  await writeFile(fresh, text);
  await rename(fresh, path);
}

async function run() {
  const options = { tarball: { type: 'string' }, registry: { type: 'string' }, out: { type: 'string' } };
  const { values } = parseArgs({ options });
  const [manifest, node, orb, registry, tarball] = await Promise.all([
    readJson('package.json'),
    readJson('orb/node.json'),
    packOrb(join(root, 'orb/src')),
    values.registry ?? npmRegistry(),
    values.tarball === undefined ? packTarball(root, cache) : readTarball(values.tarball),
  ]);
  for (const key of ['name', 'version']) {
    if (tarball[key] === manifest[key]) continue;
    throw new Error(
      `${tarball.file}: its package.json has the ${key} ${tarball[key]}, ours has ${manifest[key]}`,
    );
  }
  const { examples, ...code } = orb;
  const compact = { ...compactTexts(code), examples };
  const text = toYamlText(injectTokens(compact, orbTokens(tarball, registry, node)), 1);
  await writeWhole(resolve(values.out ?? join(root, 'dist/orb.yml')), text);
  const size = `${(Buffer.byteLength(text) / 1000).toFixed(1)} kB`;
  console.log(`orb.yml ${size}, version ${tarball.version}, ${tarball.file} sha512 ${tarball.sha512}`);
}

try {
  await run();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
