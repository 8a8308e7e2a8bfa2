import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
// Inside node_modules, so that it is never published and packages are found from it.
const folder = join(root, 'node_modules/.cache/deploy-marker');

/**
 * Imports TypeScript, which Node 20 cannot do by itself: esbuild bundles it.
 *
 * @param contents a module in TypeScript; paths in it begin at the root of the checkout
 * @param at where modules that ask where they are find themselves, from the root
 */
export async function importTypeScript(contents, at = 'scripts/import-typescript.mjs') {
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256').update(contents).digest('hex').slice(0, 16);
  const outfile = join(folder, `${name}-${process.pid}.mjs`);
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, at)).href) },
    outfile,
    logLevel: 'error',
  });
  return import(pathToFileURL(outfile));
}
