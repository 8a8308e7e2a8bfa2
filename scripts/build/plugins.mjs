import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { helpPages } from './help-pages.mjs';

/** Keeps all but the version of package.json files out of the bundle: ours, and those of the SDK's clients. */
const manifestPlugin = {
  name: 'version-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

/** Leaves out the SDK's event streams, which operations that stream need: we call none of those. */
const noEventStreamsPlugin = {
  name: 'no-event-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, () => ({
      path: 'none',
      namespace: 'no-streams',
    }));
    onLoad({ filter: /./, namespace: 'no-streams' }, () => ({
      contents: `export const resolveEventStreamSerdeConfig = config => config;
        export const eventStreamSerdeProvider = () => { throw new Error('event streams are left out'); };
        export class EventStreamSerde {}`,
    }));
  },
};

/** The credential chain has a copy of the STS client with its own; ours does what it asks of it. */
const oneStsPlugin = {
  name: 'one-sts',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^@aws-sdk\/nested-clients\/sts$/ }, ({ kind, resolveDir }) =>
      resolve('@aws-sdk/client-sts', { kind, resolveDir }),
    );
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

/**
 * Puts one line in the place of the package `emoji-regex`, which yargs and the progress bar measure text with: the expression
 * spelt out takes 38 kB in three copies, and Node knows the property by itself.
 */
const emojiPlugin = {
  name: 'emoji-regex',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^emoji-regex$/ }, () => ({ path: 'emoji-regex', namespace: 'emoji' }));
    onLoad({ filter: /./, namespace: 'emoji' }, () => ({
      contents: 'module.exports = () => /\\p{RGI_Emoji}/gv;',
    }));
  },
};

/**
 * Leaves out what stands in where Node has no node:crypto, and signing for several Regions at once (SigV4a), which needs a
 * package of its own that is not bundled: STS and S3 sign for one Region, as all others do.
 */
const nodeSigningPlugin = {
  name: 'node-signing',
  setup({ onLoad }) {
    onLoad(
      {
        filter:
          /[\\/](?:checksum|submodules)[\\/](?:md5|sha|sha256)[\\/](?:sha1[\\/])?(?:Md5|Sha1|Sha256)Js\.js$/,
      },
      ({ path }) => ({
        contents: `export class ${basename(path, '.js')} { constructor() { throw new Error('node:crypto is missing'); } }`,
      }),
    );
    onLoad({ filter: /[\\/]signature-v4-multi-region[\\/]dist-es[\\/]SignatureV4MultiRegion\.js$/ }, () => ({
      contents: `import { SignatureV4SignWithCredentials } from './SignatureV4SignWithCredentials';
        export class SignatureV4MultiRegion extends SignatureV4SignWithCredentials { static sigv4aDependency() { return 'none'; } }`,
    }));
  },
};

/**
 * Leaves out the classes of the errors of these services: a service has up to a hundred, of which a call of ours can meet
 * a few. The SDK gives an error that it does not know as the service's base exception, with name and message, and we look
 * at nothing else. STS keeps its own, for one of them says that it may be tried again.
 */
const plainErrorsPlugin = {
  name: 'plain-errors',
  setup({ onLoad }) {
    const filter =
      /[\\/]client-(?:cloudformation|cloudtrail|cloudwatch-logs|iam|s3|sns)[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/;
    onLoad({ filter }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(/^n0_registry\.registerError\(.*\);$/gm, '');
      if (contents === text) throw new Error(`${path} registers no errors any more`);
      return { contents };
    });
  },
};

/** Leaves out bars side by side, of which we show none. */
const oneBarPlugin = {
  name: 'one-bar',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]cli-progress[\\/]lib[\\/]multi-bar\.js$/ }, () => ({ contents: '' }));
  },
};

/**
 * Leaves out what the page needs not of d3: the curves of d3-shape, of which we draw nothing but symbols, and intervals in
 * local time. They are made by calls and assignments, which no bundler dares to leave out by itself.
 */
const leanPagePlugin = {
  name: 'lean-page',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]d3-(?:array|time)[\\/]dist[\\/]d3-(?:array|time)\.mjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replaceAll(
        /^(const|var) (\w+) = ((?:time|utc)(?:Interval|Weekday)|bisector|Blur2|shuffler)\(/gm,
        '$1 $2 = /* @__PURE__ */ $3(',
      );
      if (contents === text) throw new Error(`${path} makes other things now`);
      return { contents };
    });
    onLoad({ filter: /[\\/]d3-shape[\\/]dist[\\/]d3-shape\.mjs$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text
        .replaceAll(/^\w+\.prototype = \{$[\s\S]*?^\};$/gm, '')
        .replaceAll(/^var (\w+) = \(function custom/gm, 'var $1 = /* @__PURE__ */ (function custom')
        .replace('= curveRadial(curveLinear)', '= /* @__PURE__ */ curveRadial(curveLinear)');
      if (contents === text) throw new Error(`${path} has other curves now`);
      return { contents };
    });
  },
};

/**
 * Ships the pages that src/help.ts has yargs write in place of yargs, which is ten times as large as they are and takes
 * longer to load than a session name takes to compose.
 */
const renderedHelpPlugin = {
  name: 'rendered-help',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]help\.ts$/ }, async ({ path }) => {
      const pages = JSON.stringify(await helpPages(dirname(dirname(path))));
      return {
        contents: `const pages = ${pages}; export const renderHelp = command => pages[command?.name ?? ''];`,
      };
    });
  },
};

/** Leaves out of the tables of commands what only those pages tell, since every start reads the tables. */
const silentTablesPlugin = {
  name: 'silent-tables',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]src[\\/]commands[\\/](?:.*\.flags|table)\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text
        .replaceAll(/\bdescribe:\s*(?:'[^'\\]*'|"[^"\\]*")/g, "describe: ''")
        .replaceAll(/^ {4}examples: \[$[\s\S]*?^ {4}\],$/gm, '    examples: [],');
      if (/\bdescribe:(?!\s*'')|examples: \[$/m.test(contents))
        throw new Error(`${path} still describes something`);
      return { contents, loader: 'ts' };
    });
  },
};

/** What esbuild is told about other people's packages. */
export const PLUGINS = [
  manifestPlugin,
  noDebugPlugin,
  noEventStreamsPlugin,
  oneStsPlugin,
  emojiPlugin,
  nodeSigningPlugin,
  plainErrorsPlugin,
  oneBarPlugin,
  leanPagePlugin,
  renderedHelpPlugin,
  silentTablesPlugin,
];
