// Go's \s and \w, which are ASCII; the pattern is that of both CLIs.
const WHOLE = /^<<[\t\n\f\r ]*include\(([-A-Za-z0-9_/.]+)\)[\t\n\f\r ]*>>$/;
const ANY = /<<\s*include\b/;

function includedText(path, value, tree) {
  const file = WHOLE.exec(value)?.[1];
  if (file === undefined) {
    throw new Error(
      `${path}: ${JSON.stringify(value)}: an include must be the whole value, of the form <<include(scripts/name.sh)>> ` +
        'with letters, digits and - _ / . only: circleci CLI 0.1.x knows no other',
    );
  }
  if (file.startsWith('/') || file.split('/').includes('..')) {
    throw new Error(`${path}: include(${file}) leads out of the source folder`);
  }
  const text = tree.get(file);
  if (text === undefined) throw new Error(`${path}: include(${file}): there is no such file`);
  if (text.includes('\r'))
    throw new Error(`${file}: it has a carriage return, which a shell takes for text; save it with LF`);
  if (text.includes('\0')) throw new Error(`${file}: it has a NUL, which no shell takes`);
  // Otherwise CircleCI's compiler would take a here-document's << for the start of a parameter.
  return text.replaceAll('<<', '\\<<');
}

/**
 * `value` with each include replaced by the file's text, every `<<` of it escaped as `\<<`.
 *
 * @param {string} path of the file that holds the value, for messages
 * @param {unknown} value
 * @param {import('./source-tree.mjs').SourceTree} tree
 * @returns {unknown}
 */
export function expandIncludes(path, value, tree) {
  if (typeof value === 'string') return ANY.test(value) ? includedText(path, value, tree) : value;
  if (Array.isArray(value)) return value.map(item => expandIncludes(path, item, tree));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    if (ANY.test(key)) throw new Error(`${path}: an include stands where a key is`);
    return [key, expandIncludes(path, item, tree)];
  });
  return Object.fromEntries(entries);
}

/**
 * Refuses includes where neither CLI replaces them, since they would be published as they stand.
 *
 * @param {string} path
 * @param {unknown} value
 */
export function refuseIncludes(path, value) {
  if (typeof value === 'string' && ANY.test(value)) {
    throw new Error(`${path}: ${JSON.stringify(value)}: includes work in jobs, commands and executors only`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      refuseIncludes(path, key);
      refuseIncludes(path, item);
    }
  }
}
