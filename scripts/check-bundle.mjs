// Checks of the bundle's structure, which build.mjs makes before it writes dist. By itself, `node
// scripts/check-bundle.mjs` prints the sizes of an existing dist.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { staticClosure } from './build/link.mjs';

/**
 * What the command line must not load before a command asks for it, since each costs 10 ms and more where an empty Node
 * process takes 30; `session-name` and `--help` need none of it.
 */
const LATE_PACKAGES = [
  '@aws-sdk/',
  '@smithy/',
  '@aws-crypto/',
  'zod/',
  'https-proxy-agent/',
  'jsonc-parser/',
];

/** Bytes of dist/cli.cjs. Node compiles the file at each start, at about 1 ms for 40 kB; yargs alone is 75 kB. */
const CLI_BYTES = 160_000;

/** Bytes of all code when compressed; with documents and types around it, the tarball stays below 450 kB. */
const COMPRESSED_BYTES = 410_000;

function fail(message) {
  throw new Error(`bundle: ${message}`);
}

/** Units that load each other at once would see each other half made. */
function checkNoCycles(units) {
  const done = new Set();
  const visit = (name, path) => {
    if (path.includes(name)) fail(`units load each other in a circle: ${[...path, name].join(' > ')}`);
    if (done.has(name)) return;
    for (const next of units.get(name).imports) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of units.keys()) visit(name, []);
}

function checkLatePackages(units) {
  for (const name of staticClosure(units, ['cli'])) {
    for (const input of units.get(name).inputs) {
      const late = LATE_PACKAGES.find(each => input.includes(`node_modules/${each}`));
      if (late !== undefined) fail(`the command line loads ${late} at its start: ${input}`);
    }
  }
}

/** The last step of a deploy checks that its components are some, and needs no table of what all services call theirs. */
function checkEmit(units) {
  const emit = [...units.values()].find(({ inputs }) => inputs.includes('src/commands/emit/emit.ts'));
  if (emit === undefined) fail('no unit holds src/commands/emit/emit.ts');
  for (const name of staticClosure(units, ['cli', emit.name])) {
    const table = units.get(name).inputs.find(input => input.startsWith('src/core/services/'));
    if (table !== undefined) fail(`emit loads ${table} at its start`);
  }
}

function checkPaths(root, files) {
  for (const [name, text] of files) {
    for (const path of [root, homedir(), 'node_modules/']) {
      if (path.length > 1 && text.includes(path)) fail(`${name} names a path of this machine: ${path}`);
    }
  }
}

/** What asks where it lies, to find other files of the package, is written for the folder of the chunks. */
function checkPlaces(files) {
  for (const [name, text] of files) {
    if (/\b__dirname\b/.test(text) && !name.startsWith('chunks/')) fail(`${name} asks where it lies`);
  }
}

function checkSizes(files) {
  const cli = Buffer.byteLength(files.get('cli.cjs'));
  if (cli > CLI_BYTES) fail(`cli.cjs is ${cli} bytes, over ${CLI_BYTES}`);
  const all = gzipSync([...files.values()].join('')).length;
  if (all > COMPRESSED_BYTES) fail(`all code is ${all} bytes when compressed, over ${COMPRESSED_BYTES}`);
}

/** Runs every unit; a mistake in making CommonJS of it would show here and not when a rare command needs it. */
function checkUnitsRun(units) {
  const require = createRequire(import.meta.url);
  const cache = new Map();
  const lazy = get => new Proxy({}, { get: (_, key) => (key === 'default' ? get() : get()[key]) });
  const load = name => {
    if (!units.has(name)) fail(`a unit loads ${name}, which is not there`);
    if (!cache.has(name)) {
      const module = { exports: {} };
      cache.set(name, module);
      const body = new Function('module', 'exports', '__load', '__lazy', 'require', units.get(name).code);
      body(module, module.exports, load, lazy, require);
    }
    return cache.get(name).exports;
  };
  // The command line itself would start; the tests start it often enough.
  for (const name of units.keys()) if (name !== 'cli') load(name);
}

/**
 * Holds a bundle against the rules above.
 *
 * @throws with the first rule that is broken
 */
export function checkBundle({ root, units, files }) {
  checkNoCycles(units);
  checkUnitsRun(units);
  checkLatePackages(units);
  checkEmit(units);
  checkPaths(root, files);
  checkPlaces(files);
  checkSizes(files);
}

function report() {
  const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist');
  const names = readdirSync(dist, { recursive: true })
    .filter(name => /\.[cm]js$/.test(name))
    .sort();
  for (const name of names) {
    const bytes = readFileSync(join(dist, name));
    console.log(
      `${String(bytes.length).padStart(8)} ${String(gzipSync(bytes).length).padStart(7)} gz  ${name}`,
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) report();
