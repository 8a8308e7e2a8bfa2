// Writes the tables of README.md and orb/README.md from the code: `node scripts/gen-docs.mjs`, or with --check fails if they
// are stale.
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandTables } from './docs/command-tables.mjs';
import { replaceSections } from './docs/markdown.mjs';
import { orbTables } from './docs/orb-tables.mjs';

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

const [commands, orb] = await Promise.all([commandTables(), orbTables(join(root, 'orb/src'))]);
await refresh('README.md', { ...commands, 'orb-quick-start': orb['quick-start'] });
await refresh('orb/README.md', orb);
