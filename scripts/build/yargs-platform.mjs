// Stands in for yargs' own lib/platform-shims/esm.mjs in the command line bundle; yargs-plugin.mjs puts it there.
//
// yargs takes everything it needs from its surroundings through this one object, so a lighter object makes a lighter
// start without touching yargs. Left out are things our command line does not use and whose loading costs 25 ms and
// more, half of an empty Node process: Intl.Segmenter and the emoji tables behind string-width and wrap-ansi, the
// node:assert module, the search for a package.json and the locale files on disk.
import { basename, dirname, extname, join, normalize, relative, resolve } from 'node:path';
import { format, inspect } from 'node:util';
// The names with a colon are files inside yargs and its dependencies; yargs-plugin.mjs knows which.
import { cliui } from 'yargs:cliui';
import english from 'yargs:english';
import { YargsParser } from 'yargs:parser';
import { camelCase, decamelize, looksLikeNumber } from 'yargs:parser-strings';
import { y18n } from 'yargs:y18n';
import { textWidth, wrapText } from './terminal-text.mjs';

/** Used by yargs for its own invariants only: what users get wrong is reported elsewhere. */
const assert = {
  strictEqual(actual, expected, message) {
    if (actual !== expected) throw new Error(message ?? 'yargs: values differ');
  },
  notStrictEqual(actual, expected, message) {
    if (actual === expected) throw new Error(message ?? 'yargs: values are the same');
  },
};

function unsupported(what) {
  return () => {
    throw new Error(`yargs: ${what} is not part of this build`);
  };
}

const parser = new YargsParser({
  cwd: () => process.cwd(),
  env: () => process.env,
  format,
  normalize,
  resolve,
  require: unsupported('reading configuration files'),
});

const Parser = (args, options) => parser.parse(args.slice(), options).argv;
Parser.detailed = (args, options) => parser.parse(args.slice(), options);
Parser.camelCase = camelCase;
Parser.decamelize = decamelize;
Parser.looksLikeNumber = looksLikeNumber;

const platform = {
  assert,
  cliui: options => cliui(options, { stringWidth: textWidth, stripAnsi: text => text, wrap: wrapText }),
  // yargs looks for a package.json to guess our version from, which it never shows; it gets an empty one.
  findUp: () => 'package.json',
  readFileSync: () => '{}',
  getCallerFile: unsupported('commandDir'),
  getEnv: key => process.env[key],
  getProcessArgvBin: () => process.argv[1],
  inspect,
  mainFilename: '/',
  Parser,
  path: { basename, dirname, extname, join, relative, resolve },
  process: {
    argv: () => process.argv,
    cwd: () => process.cwd(),
    emitWarning: (warning, type) => process.emitWarning(warning, type),
    execPath: () => process.execPath,
    exit: code => process.exit(code),
    nextTick: process.nextTick,
    // A getter, since the mere look at process.stdout loads Node's stream and network modules.
    get stdColumns() {
      return process.stdout.columns ?? null;
    },
  },
  readdirSync: unsupported('commandDir'),
  require: unsupported('commandDir'),
  stringWidth: textWidth,
  y18n: y18n(
    { directory: '/', locale: 'en', updateFiles: false },
    { exists: () => true, format, fs: { readFileSync: () => JSON.stringify(english) }, resolve },
  ),
};

// biome-ignore lint/style/noDefaultExport: yargs imports the default export of the file that this one stands for.
export default platform;
