import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { transform } from 'esbuild';

/** Keeps all but versions, our own and that of Node, out of package.json files: ours, and those of the SDK's clients. */
const manifestPlugin = {
  name: 'versions-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { version, engines } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version, engines }), loader: 'json' };
    });
  },
};

/**
 * Leaves out the package `debug`, which two packages for proxies use: switched on by DEBUG, it would print a proxy's
 * password, and it looks at the terminal when it is loaded.
 */
const noDebugPlugin = {
  name: 'no-debug',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^debug$/ }, () => ({ path: 'debug', namespace: 'left-out' }));
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = () => () => {};' }));
  },
};

/** What stands before the paths of tables of flags that still have their texts. */
export const FLAG_TEXTS = 'flag-texts';

const TEXT = /\b(?:describe|unset|group): (?:[\w.]+|(["'`])(?:(?!\1)[^\\]|\\.)*\1),?/g;

/**
 * Gives the tables of flags with what help says of them to src/help.ts alone. Each start reads these tables, for the parser and the
 * settings, and texts are most of them.
 */
const flagTextsPlugin = {
  name: 'flag-texts',
  setup({ onResolve, onLoad, initialOptions: { absWorkingDir: root } }) {
    const filter = /[./]flags\.ts$/;
    onResolve({ filter }, ({ path, importer, namespace, resolveDir }) => {
      const reads = namespace === FLAG_TEXTS || /[\\/]src[\\/]help\.ts$/.test(importer);
      const file = join(resolveDir, path);
      // Names of units are made of paths, and are to be the same wherever this is built.
      return reads ? { path: relative(root, file), namespace: FLAG_TEXTS } : { path: file };
    });
    onLoad({ filter, namespace: FLAG_TEXTS }, async ({ path }) => ({
      contents: await readFile(join(root, path), 'utf8'),
      loader: 'ts',
      resolveDir: dirname(join(root, path)),
    }));
    onLoad({ filter, namespace: 'file' }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { loader: 'ts' });
      return { contents: code.replace(TEXT, ''), loader: 'js' };
    });
  },
};

/** What esbuild is told about other people's packages, and about our flags. */
export const PLUGINS = [manifestPlugin, noDebugPlugin, flagTextsPlugin];
