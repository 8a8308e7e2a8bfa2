// Builds what is published: `node scripts/build.mjs`.
//
//   dist/cli.cjs                 the command line, with all that a light command needs in one file
//   dist/index.mjs, index.cjs    the library
//   dist/chunks/*.cjs            parts that both load when they are first needed
//   dist/types/                  declarations of the library
//   dist/package.json            what of the package's own Node and bundlers ask of the nearest one
//   dist/templates/              CloudFormation templates, as they are
//   dist/orb/install.sh          what the orb's install runs once it has proved the package, as it is
//   THIRD-PARTY-LICENSES.txt     licences of what is bundled
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleUnits, ENTRIES } from './build/bundle.mjs';
import { thirdPartyLicenses } from './build/licenses.mjs';
import { linkFiles } from './build/link.mjs';
import { libraryTypes } from './build/types.mjs';
import { checkBundle } from './check-bundle.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside node_modules, so that it is never published and packages are found from it.
const scratch = join(root, 'node_modules/.cache/deploy-marker');

/** The library as an ES module, which is only a view of index.cjs, so that nothing is shipped twice. */
function esModule(names) {
  const list = names.toSorted().join(', ');
  return `import library from './index.cjs';\nexport const { ${list} } = library;\n`;
}

async function readFolder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async path => [path.slice(folder.length + 1), await readFile(path, 'utf8')])),
  );
}

// Made from the other files of dist after a build (scripts/pack-orb.mjs), and stale with them.
const isMadeLater = name => /^(?:orb\.yml|[^/]+\.tgz)$/.test(name);

const sameFiles = (a, b) => a.size === b.size && [...a].every(([name, text]) => b.get(name) === text);

/**
 * Puts the files where they belong in one step, so that nobody running dist meanwhile sees half of it.
 *
 * The same result is left alone altogether, with the tarball and the orb that were made of it; with another result
 * they vanish, since they would be stale.
 */
async function replaceFolder(folder, files) {
  const present = [...(await readFolder(folder))].filter(([name]) => !isMadeLater(name));
  if (sameFiles(new Map(present), files)) return;
  const fresh = `${folder}.new-${process.pid}`;
  const old = `${folder}.old-${process.pid}`;
  for (const [name, text] of files) {
    await mkdir(dirname(join(fresh, name)), { recursive: true });
    await writeFile(join(fresh, name), text);
  }
  await chmod(join(fresh, 'cli.cjs'), 0o755);
  await rename(folder, old).catch(() => {});
  await rename(fresh, folder);
  await rm(old, { recursive: true, force: true });
}

const [{ units, metafile }, types] = await Promise.all([
  bundleUnits(root, ENTRIES),
  libraryTypes(root, scratch),
]);
const code = linkFiles(units, Object.keys(ENTRIES));
checkBundle({ root, units, files: code });
const licenses = await thirdPartyLicenses(root, Object.keys(metafile.inputs));
const files = new Map([...code, ['index.mjs', esModule(units.get('index').exports)]]);
for (const [name, text] of types) files.set(`types/${name}`, text);
for (const [name, text] of await readFolder(join(root, 'src/templates')))
  if (name.endsWith('.yaml')) files.set(`templates/${name}`, text);
// Node reads the nearest one at each start that loads a further file, and the package's own takes it half a millisecond.
const { type, sideEffects } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
files.set('package.json', `${JSON.stringify({ type, sideEffects })}\n`);
files.set('orb/install.sh', await readFile(join(root, 'src/orb/install.sh'), 'utf8'));
await replaceFolder(join(root, 'dist'), files);
await writeFile(join(root, 'THIRD-PARTY-LICENSES.txt'), licenses);
await mkdir(scratch, { recursive: true });
await writeFile(join(scratch, 'metafile.json'), JSON.stringify(metafile));
