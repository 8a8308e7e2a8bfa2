// Checks of the bundle's structure, which build.mjs makes before it writes dist. By itself, `node
// scripts/check-bundle.mjs` prints the sizes of an existing dist.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { plainName, staticClosure } from './build/link.mjs';

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

/** Bytes of dist/cli.cjs. Node compiles the file at each start, at about 1 ms for 30 kB. */
const CLI_BYTES = 45_500;

/**
 * What a command runs of the bundle before it has done what is asked of it: the parts that it comes to, and at most so many units and
 * bytes. A start takes longer for each, and no clock is needed to see it.
 */
const STARTS = [
  { command: 'session-name', parts: ['session-name.flags', 'session-name'], units: 26, bytes: 42_000 },
  { command: 'emit', parts: ['emit.flags', 'emit', 'lake', 'lake-channel'], units: 72, bytes: 115_000 },
  {
    command: 'assume-role',
    parts: ['assume-role.flags', 'assume-role', 'web-identity'],
    units: 58,
    bytes: 108_000,
  },
  {
    command: 'doctor',
    parts: ['doctor.flags', 'all-settings', 'doctor', 'file-sink'],
    units: 75,
    bytes: 116_500,
  },
];

/** Bytes of all code when compressed; with documents and types around it, the tarball stays below 700 kB. */
const COMPRESSED_BYTES = 620_000;

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

// What help says; tables of what all services call their components; packages; what tells of failures, and of answers that are not as
// documented.
const EMIT_LATE =
  /^src\/commands\/help\/|^src\/core\/services\/table\.ts$|node_modules\/|^src\/aws\/answers\/(?:error-map|operation-errors|shapes)\.ts$/;

/** The last step of a deploy needs none of that to check its components and to send its marker. */
function checkEmit(units) {
  const parts = [...units.keys()].filter(name => /^(?:emit|lake|lake-channel)$/.test(plainName(name)));
  if (parts.length !== 3) fail('emit has not the parts that are known');
  for (const name of staticClosure(units, ['cli', ...parts])) {
    const { inputs } = units.get(name);
    const late = inputs.find(input => EMIT_LATE.test(input));
    if (late !== undefined) fail(`emit loads ${late} at its start`);
  }
}

function checkStarts(units) {
  for (const { command, parts, ...most } of STARTS) {
    const entries = parts.map(part => [...units.keys()].find(name => plainName(name) === part));
    if (entries.includes(undefined)) fail(`${command}: there is not every part of ${parts.join(', ')}`);
    const loaded = [...staticClosure(units, ['cli', ...entries])].map(name => units.get(name).code.length);
    const bytes = loaded.reduce((sum, length) => sum + length, 0);
    if (loaded.length > most.units) fail(`${command} runs ${loaded.length} units, over ${most.units}`);
    if (bytes > most.bytes) fail(`${command} runs ${bytes} bytes of code, over ${most.bytes}`);
  }
}

/**
 * What makes a start slow where V8 reads code, whether that is run or not: one character that is not ASCII makes two bytes of each of its
 * file, and of a property of Unicode (`\p{…}`) that stands in a literal it collects all characters. esbuild leaves both in literals.
 */
function checkReading(units, files) {
  const parts = STARTS.flatMap(start => start.parts);
  const read = ['cli.cjs', ...parts.map(part => `chunks/${part}.cjs`)].filter(name => files.has(name));
  for (const name of read) {
    const found = /.{0,40}[^\0-\x7f]/.exec(files.get(name))?.[0];
    if (found !== undefined)
      fail(`${name} has a character that is not ASCII, to be written as an escape: ${found}`);
  }
  const entries = [...units.keys()].filter(name => parts.includes(plainName(name)));
  for (const name of staticClosure(units, ['cli', ...entries])) {
    const found = /.{0,40}(?<!\\)\\p\{.{0,20}/.exec(units.get(name).code)?.[0];
    if (found !== undefined)
      fail(`a pattern that a start reads has a property of Unicode in brackets: ${found}`);
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
function checkPlaces(units, files) {
  for (const [name, text] of files) {
    if (name.startsWith('chunks/')) continue;
    const asking = [...units].find(
      ([unit, { code }]) => /\b__dirname\b/.test(code) && text.includes(`"${unit}":(`),
    );
    if (asking !== undefined) fail(`${name} asks where it lies, in ${asking[0]}`);
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
  checkStarts(units);
  checkReading(units, files);
  checkPaths(root, files);
  checkPlaces(units, files);
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
