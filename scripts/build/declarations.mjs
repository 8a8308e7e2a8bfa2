import { dirname, join } from 'node:path';

// tsc writes each statement of a declaration file from the first column on and indents all that belongs to it.
const STATEMENT = /^(?:\/\*\*(?:[^*]|\*(?!\/))*\*\/\n)?(?=[a-z])[^\n]*(?:\n(?![a-z/])[^\n]*)*/gm;
const FROM = /^(import|export)\s+(type\s+)?(?:\{([^}]*)\}|\*\s+as\s+(\w+)|(\w+))\s+from\s+['"]([^'"]+)['"]/;
const DECLARED =
  /^(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:abstract\s+)?(?:const|let|var|function|class|interface|type|enum|namespace)\s+([\w$]+)/;
const COMMENT = /\/\*(?:[^*]|\*(?!\/))*\*\//g;

/** `{ a, type B as C }` as pairs of the name over there and the name here. */
function namePairs(list) {
  return list
    .split(',')
    .map(each => each.trim().replace(/^type\s+/, ''))
    .filter(each => each !== '')
    .map(each => {
      const [there, here = there] = each.split(/\s+as\s+/);
      return { there, here };
    });
}

/** What a declaration file declares, imports and hands on, by name. */
function readDeclarations(text) {
  const declared = new Map();
  const foreign = new Map();
  for (const [statement] of text.matchAll(STATEMENT)) {
    const code = statement.replace(COMMENT, '').trim();
    const from = FROM.exec(code);
    const name = DECLARED.exec(code)?.[1];
    if (from !== null) {
      const [, , , list, namespace, standard, target] = from;
      const pairs =
        list === undefined
          ? [{ there: namespace ? '*' : 'default', here: namespace ?? standard }]
          : namePairs(list);
      for (const { there, here } of pairs) foreign.set(here, { target, there });
    } else if (name !== undefined) {
      declared.set(name, [...(declared.get(name) ?? []), { statement, code }]);
    } else if (!/^export\s*\{\s*\};?$/.test(code)) {
      throw new Error(`types: cannot read the declaration ${code}`);
    }
  }
  return { declared, foreign };
}

/**
 * What a consumer of `entry` can come to see of a tree of declaration files: the files of that, each without the
 * declarations that lead nowhere, whose types may come from packages that consumers lack.
 *
 * @param read gives the text of a file by its name
 * @returns text by file name
 * @throws if something to be seen needs a package
 */
export function visibleDeclarations(entry, read) {
  const files = new Map();
  const open = name => {
    if (!files.has(name))
      files.set(name, { ...readDeclarations(read(name)), kept: new Set(), used: new Set() });
    return files.get(name);
  };
  const see = (name, symbol, way) => {
    const file = open(name);
    if (file.kept.has(symbol) || file.used.has(symbol)) return;
    const source = file.foreign.get(symbol);
    if (source !== undefined) {
      file.used.add(symbol);
      if (!/^\.{1,2}\//.test(source.target)) {
        throw new Error(
          `types: consumers may lack ${source.target}, which ${[...way, symbol].join(' > ')} comes from`,
        );
      }
      see(declarationFile(name, source.target), source.there, way);
    } else if (file.declared.has(symbol)) {
      file.kept.add(symbol);
      const code = file.declared
        .get(symbol)
        .map(each => each.code)
        .join('\n');
      if (/\bimport\(/.test(code))
        throw new Error(`types: ${symbol} in ${name} has an inferred type; write it down`);
      for (const [word] of code.matchAll(/[A-Za-z_$][\w$]*/g)) {
        if (file.declared.has(word) || file.foreign.has(word)) see(name, word, [...way, symbol]);
      }
    } else {
      throw new Error(`types: ${name} does not declare ${symbol}`);
    }
  };
  const { declared, foreign } = open(entry);
  for (const symbol of [...declared.keys(), ...foreign.keys()]) see(entry, symbol, []);
  const texts = [...files].map(([name, file]) => [name, name === entry ? toJs(read(name)) : fileText(file)]);
  return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function declarationFile(from, target) {
  return join(dirname(from), target.replace(/\.[jt]s$/, '.d.ts'));
}

const toJs = text => text.replaceAll(/(from\s+['"]\.{1,2}\/[^'"]+)\.ts(['"])/g, '$1.js$2');

function fileText({ declared, foreign, kept, used }) {
  const imports = [...used].sort().map(here => {
    const { target, there } = foreign.get(here);
    const what = there === '*' ? `* as ${here}` : `{ ${there === here ? here : `${there} as ${here}`} }`;
    return toJs(`import type ${what} from '${target}';`);
  });
  const statements = [...declared]
    .filter(([name]) => kept.has(name))
    .flatMap(([, list]) => list.map(each => each.statement));
  // Without an export or import of its own a file would export all that it declares.
  return `${[...imports, ...statements, 'export {};'].join('\n')}\n`;
}
