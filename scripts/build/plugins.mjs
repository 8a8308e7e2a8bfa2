import { readFile } from 'node:fs/promises';

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

/** What esbuild is told about other people's packages. */
export const PLUGINS = [manifestPlugin, noDebugPlugin];
