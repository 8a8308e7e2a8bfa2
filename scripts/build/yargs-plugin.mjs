import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

/** Files that yargs-platform.mjs takes from yargs and its dependencies although their `exports` do not name them. */
function innerFiles() {
  const yargs = dependencyFolder('yargs', import.meta.url);
  const within = join(yargs, 'index.mjs');
  return {
    'yargs:cliui': join(dependencyFolder('cliui', within), 'build/lib/index.js'),
    'yargs:english': join(yargs, 'locales/en.json'),
    'yargs:parser': join(dependencyFolder('yargs-parser', within), 'build/lib/yargs-parser.js'),
    'yargs:parser-strings': join(dependencyFolder('yargs-parser', within), 'build/lib/string-utils.js'),
    'yargs:y18n': join(dependencyFolder('y18n', within), 'build/lib/index.js'),
  };
}

/** The folder of an installed package as the file `from` would find it; some packages hide their package.json. */
function dependencyFolder(name, from) {
  const paths = createRequire(from).resolve.paths(name) ?? [];
  const folder = paths.map(path => join(path, name)).find(path => existsSync(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`${name}, which the command line is built on, is not installed`);
  return folder;
}

/**
 * Small changes to files of yargs: what is there, what takes its place, why.
 *
 * A text that is no longer there fails the build, so that an update of yargs cannot silently undo a change.
 */
const EDITS = [
  {
    file: /yargs\/build\/lib\/usage\.js$/,
    text: 'cachedHelpMessage = this.help();',
    replacement: '',
    why: 'yargs lays out the whole help text after each command, for a showHelp() that could come later; ours never does',
  },
];

/**
 * Bundles yargs as it is but for its platform object (yargs-platform.mjs), the files that we do not use
 * (yargs-left-out.mjs) and the {@link EDITS}.
 */
export function yargsPlugin() {
  return {
    name: 'yargs-light',
    setup(build) {
      const files = innerFiles();
      const expected = EDITS.map(edit => edit.text);
      const seen = new Set();
      const replaceFile = (filter, file) => {
        expected.push(filter.source);
        build.onResolve({ filter }, ({ importer }) => {
          if (!/[\\/]yargs[\\/]/.test(importer)) return undefined;
          seen.add(filter.source);
          return { path: join(here, file) };
        });
      };
      build.onResolve({ filter: /^yargs:/ }, ({ path }) => ({ path: files[path] }));
      replaceFile(/platform-shims\/esm\.mjs$/, 'yargs-platform.mjs');
      replaceFile(/\/argsert\.js$/, 'yargs-left-out.mjs');
      replaceFile(/\/completion\.js$/, 'yargs-left-out.mjs');
      replaceFile(/\/apply-extends\.js$/, 'yargs-left-out.mjs');
      for (const edit of EDITS) {
        build.onLoad({ filter: edit.file }, async ({ path }) => {
          const source = await readFile(path, 'utf8');
          if (source.split(edit.text).length !== 2)
            return { errors: [{ text: `not found once: ${edit.text}` }] };
          seen.add(edit.text);
          return { contents: source.replace(edit.text, edit.replacement), loader: 'js' };
        });
      }
      build.onEnd(() => {
        const errors = expected
          .filter(item => !seen.has(item))
          .map(item => ({ text: `yargs has changed: ${item}` }));
        return { errors };
      });
    },
  };
}
