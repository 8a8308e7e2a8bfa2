import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { build, transform } from 'esbuild';
import { PLUGINS } from './plugins.mjs';
import { exportsAsProperties } from './unit-exports.mjs';

const TARGET = 'node20';

/** Entry points of the package: the command line, and the library. */
export const ENTRIES = { cli: 'src/cli.ts', index: 'src/index.ts' };

/**
 * Bundles the entry points into units: pieces of code that are only ever loaded together.
 *
 * esbuild splits code only when it makes ES modules, while Node starts a CommonJS program faster, so the units are made
 * as ES modules first and become CommonJS one by one.
 *
 * @returns units by name, each with its code and what it loads at once (`imports`) or perhaps later (`later`), and
 *   esbuild's metafile
 */
export async function bundleUnits(root, entries) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: entries,
    outdir: join(root, 'dist'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    mainFields: ['module', 'main'],
    chunkNames: 'chunks/[name]-[hash]',
    legalComments: 'none',
    charset: 'utf8',
    // Unminified, the code would carry file names for the profiler.
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'error',
    // yargs asks where it lies to find its translations, which are not bundled: it falls back on its English.
    define: {
      'import.meta.url': '"file:///C:/deploy-marker.cjs"',
      'import.meta.resolve': 'undefined',
      'import.meta.dirname': '__dirname',
    },
    plugins: PLUGINS,
  });
  const units = new Map();
  for (const [path, output] of Object.entries(metafile.outputs)) {
    const file = outputFiles.find(({ path: absolute }) => absolute === join(root, path));
    units.set(unitName(path), {
      name: unitName(path),
      exports: output.exports,
      inputs: Object.keys(output.inputs),
      imports: importsOf(output, 'import-statement'),
      later: importsOf(output, 'dynamic-import'),
      code: await toCommonJs(file.text),
    });
  }
  return { units, metafile };
}

function unitName(path) {
  return path.replace(/^.*dist\/(chunks\/)?/, '').replace(/\.js$/, '');
}

function importsOf(output, kind) {
  const paths = output.imports.filter(each => each.kind === kind && each.external !== true);
  return [...new Set(paths.map(({ path }) => unitName(path)))].sort();
}

/**
 * Turns one ES module into the body of a function of (module, __load, __lazy, require), minified.
 *
 * Built-in modules are loaded when first used: many a run needs none of node:crypto, node:child_process or node:http2,
 * which take 5 ms and more each.
 */
async function toCommonJs(text) {
  const options = {
    format: 'cjs',
    platform: 'neutral',
    target: TARGET,
    charset: 'utf8',
    legalComments: 'none',
    supported: { 'dynamic-import': false },
    logOverride: {
      'commonjs-variable-in-esm': 'silent',
      'empty-import-meta': 'error',
      'unsupported-dynamic-import': 'error',
    },
  };
  const { code } = await transform(exportsAsProperties(text), options);
  const linked = code
    .replaceAll(/\brequire\("\.{1,2}\/(?:chunks\/)?([^"/]+)\.js"\)/g, '__load("$1")')
    .replaceAll(
      /^var (import_\w+) = (?:require\("([^"]+)"\)|__toESM\(require\("([^"]+)"\)(?:, 1)?\));$/gm,
      toLazy,
    )
    // Units only ever load each other, and so can do without esbuild's signs of what was an ES module.
    .replaceAll(/\b__toESM\((__load\("[^"]+"\))\)/g, '$1');
  // One other character makes two bytes of each in memory, and V8 reads such a text slower.
  const { code: shaken } = await transform(linked, {
    ...options,
    charset: 'ascii',
    minify: true,
    treeShaking: true,
  });
  return shaken.trim();
}

function toLazy(_line, variable, plain, wrapped) {
  const name = plain ?? wrapped;
  if (!builtinModules.includes(name.replace(/^node:/, ''))) throw new Error(`not bundled: ${name}`);
  return `var ${variable} = __lazy(() => require("${name}"));`;
}
