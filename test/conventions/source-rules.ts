import { posix } from 'node:path';
import type { TextFile } from './repository.ts';

// A rule takes files and gives one line for each thing that breaks it.

/** Which folders of src a folder may import from; the files at the top of src are the entry and may do more. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  core: ['errors'],
  io: ['core', 'errors'],
  config: ['core', 'errors', 'io'],
  ci: ['core', 'errors', 'io'],
  aws: ['core', 'errors', 'io', 'version.ts'],
  report: ['core', 'errors'],
  commands: ['config', 'core', 'errors', 'io', 'ci', 'aws', 'report', 'version.ts'],
  'version.ts': [],
  'index.ts': ['aws', 'core', 'errors', 'io'],
  'help.ts': ['commands', 'config', 'core', 'errors', 'version.ts'],
  'unknown-words.ts': ['commands', 'config', 'core', 'errors'],
  'command-line.ts': ['help.ts', 'unknown-words.ts', 'commands', 'config', 'core', 'errors', 'version.ts'],
  'main.ts': ['command-line.ts', 'commands', 'config', 'core', 'errors', 'io'],
  // A step of the orb is a command line that comes as variables.
  orb: ['main.ts', 'commands', 'ci', 'core', 'errors', 'io'],
  'cli.ts': ['errors', 'io', 'main.ts', 'orb'],
};

/** Packages by the layer that may import them; the rest may import any. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  errors: /^$/,
  core: /^(?:node:crypto|fastest-levenshtein|microdiff|zod\/mini)$/,
  config: /^(?:node:.*|zod\/mini)$/,
  ci: /^node:/,
  report: /^d3-(?:time|shape)$/,
  commands: /^node:/,
};

/** The first folder below src, or the file itself where it lies in none. */
function layerOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** The text without its comments, which in this code base begin their lines. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*[\s\S]*?\*\//gm, '').replace(/(^|\s)\/\/.*$/gm, '');
}

/** What the file imports, types included. */
function importsOf({ text }: TextFile): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g)].map(match => match[1] ?? '');
}

/** Imports go down the layers only. */
export function layerProblems(files: readonly TextFile[]): string[] {
  return files.flatMap(file => {
    const from = layerOf(file.path);
    const allowed = LAYERS[from];
    if (allowed === undefined) return [`${file.path}: ${from} is no layer`];
    return importsOf(file).flatMap(name => {
      if (!name.startsWith('.')) {
        const isFine = PACKAGES[from]?.test(name) ?? true;
        return isFine ? [] : [`${file.path}: ${from} must not import ${name}`];
      }
      const target = posix.join(posix.dirname(file.path), name);
      // The one file outside src: version.ts reads the package's own description.
      if (target === 'package.json')
        return from === 'version.ts' ? [] : [`${file.path}: imports package.json`];
      const to = layerOf(target);
      return to === from || allowed.includes(to) ? [] : [`${file.path}: ${from} must not import ${to}`];
    });
  });
}

/** Only cli.ts knows the process. */
export function processProblems(files: readonly TextFile[]): string[] {
  return files
    .filter(file => file.path !== 'src/cli.ts')
    .flatMap(file => {
      // A clock tells nothing of the process.
      const code = withoutComments(file.text).replaceAll('process.hrtime.bigint()', '');
      const uses =
        /(?<![\w$.'"`-])process\s*(?:\??\.\s*\w|\[)|\bglobalThis\s*\.\s*process\b|'(?:node:)?process'/;
      return uses.test(code) ? [`${file.path}: uses process`] : [];
    });
}

/** Nothing is printed past the output. */
export function consoleProblems(files: readonly TextFile[]): string[] {
  return files
    .map(({ path, text }) => ({ path, code: withoutComments(text) }))
    .filter(
      ({ path, code }) =>
        /\bconsole\s*(?:\??\.|\[)/.test(code) ||
        (path !== 'src/io/output.ts' && /\bstd(?:out|err)\s*(?:\?\.|\.)\s*write\b/.test(code)),
    )
    .map(({ path }) => `${path}: prints by itself`);
}

/** Exports have names, one by one. */
export function exportProblems(files: readonly TextFile[]): string[] {
  return files.flatMap(file => {
    const code = withoutComments(file.text);
    return [
      ...(/\bexport\s+default\b|\bas\s+default\b/.test(code) ? [`${file.path}: has a default export`] : []),
      ...(/\bexport\s+(?:type\s+)?\*/.test(code) ? [`${file.path}: exports *`] : []),
    ];
  });
}

/** A file is read in one go. */
export function lengthProblems(files: readonly TextFile[], most: number): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.replace(/\n$/, '').split('\n').length;
    return lines > most ? [`${path}: ${lines} lines, over ${most}`] : [];
  });
}

/** Files are named after what they hold. */
export function nameProblems(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path }) => {
    const name = posix.basename(path);
    if (/^(?:utils?|helpers?|common|misc|shared)\b/.test(name)) return [`${path}: says nothing`];
    return /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.flags)?\.ts$/.test(name) ? [] : [`${path}: is not kebab-case`];
  });
}

/** Every error code can happen: some file but the table itself names it. */
export function codeProblems(codes: readonly string[], files: readonly TextFile[]): string[] {
  const code = files
    .filter(file => file.path !== 'src/errors/codes.ts')
    .map(file => withoutComments(file.text))
    .join('\n');
  return codes.filter(name => !code.includes(`'${name}'`)).map(name => `${name}: nothing throws it`);
}

/** Our variables and AWS's that the source names. */
export function variablesOf(files: readonly TextFile[], codes: readonly string[]): string[] {
  const code = files.map(file => withoutComments(file.text)).join('\n');
  const names = code.match(/\b(?:AWS|DEPLOY_MARKER)_[A-Z][A-Z0-9_]*[A-Z0-9]\b|\bROLE_SESSION_NAME\b/g) ?? [];
  return [...new Set(names)].filter(name => !codes.includes(name)).sort();
}

/** Lists that are as short as the code makes them: lines of a help page, checks of `doctor`, notices of one audit. */
const SHORT_LISTS = ['src/help.ts', 'src/report/doctor-text.ts', 'src/commands/audit/audit.ts'];

/** A call takes no more arguments than the stack has room for, about 120,000: what comes from outside is not spread into one. */
export function spreadProblems(files: readonly TextFile[]): string[] {
  return files
    .filter(({ path }) => !path.startsWith('src/io/') && !SHORT_LISTS.includes(path))
    .filter(({ text }) =>
      /(?:\bMath\.(?:max|min)|\.(?:push|unshift|concat|fromC\w+))\(\s*\.\.\./.test(withoutComments(text)),
    )
    .map(({ path }) => `${path}: spreads a list into the arguments of a call`);
}
