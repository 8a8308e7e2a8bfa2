// Stands in for files of yargs in the command line bundle; yargs-plugin.mjs puts it there.

/**
 * build/lib/argsert.js parses a signature string at each call of yargs' API to find mistakes in the call; TypeScript
 * finds them when we compile.
 */
export function argsert() {}

/** build/lib/utils/apply-extends.js serves `extends` in configuration files that yargs reads; ours it does not read. */
export function applyExtends() {
  throw new Error('yargs: configuration files are not part of this build');
}

/** build/lib/completion.js makes completion scripts for shells, which we do not offer, from 7 kB of templates. */
export function completion() {
  return { completionKey: '', setParsed() {} };
}
