// Writes the tables of the documents from the code: `node scripts/gen-docs.mjs`, or with --check fails if they are stale.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandTables } from './docs/command-tables.mjs';
import { replaceSections } from './docs/markdown.mjs';
import { orbTables } from './docs/orb-tables.mjs';
import { templateTables } from './docs/template-tables.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function refresh(name, sections) {
  const path = join(root, name);
  const current = await readFile(path, 'utf8');
  const fresh = replaceSections(current, sections);
  if (fresh === current) return;
  if (process.argv.includes('--check')) {
    console.error(`${name} has stale tables; run npm run docs`);
    process.exitCode = 1;
  } else await writeFile(path, fresh);
}

const [{ 'exit-codes': exitCodes, ...commands }, orb, templates] = await Promise.all([
  commandTables(),
  orbTables(join(root, 'orb/src')),
  templateTables(join(root, 'src/templates')),
]);
await refresh('README.md', { 'exit-codes': exitCodes, ...orb.readme });
await refresh('src/commands/README.md', commands);
await refresh('src/templates/README.md', templates);
await refresh('orb/README.md', orb.use);
await refresh('orb/REFERENCE.md', orb.reference);
