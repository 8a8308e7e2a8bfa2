import { Buffer } from 'node:buffer';

/**
 * A command whose code adds no more than this to the command line's own file is put there: below it, reading one file
 * less gains more (about 1 ms) than not reading the command loses.
 */
const LIGHT_BYTES = 24_000;

/** What every entry file begins with: it runs units, each once, and fetches the files that hold further ones. */
const LOADER = `
const cache=Object.create(null);
const lazy=get=>new Proxy({},{get(_,key){const found=get();return key==="default"?found:found[key]}});
const load=name=>{
let unit=cache[name];
if(unit===undefined){
if(table[name]===undefined)table={...require(files[name]),...table};
unit=cache[name]={exports:{}};
table[name](unit,unit.exports,load,lazy);
}
return unit.exports};
`.replaceAll('\n', '');

/** Units that `names` load at once, directly or through others, and `names` themselves. */
export function staticClosure(units, names) {
  const found = new Set();
  const visit = name => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of units.get(name).imports) visit(next);
  };
  for (const name of names) visit(name);
  return found;
}

/** Units that `name` may ever load. */
function reachable(units, name) {
  const found = new Set();
  const visit = each => {
    if (found.has(each)) return;
    found.add(each);
    for (const next of [...units.get(each).imports, ...units.get(each).later]) visit(next);
  };
  visit(name);
  return found;
}

const sizeOf = (units, names) =>
  [...names].reduce((sum, name) => sum + Buffer.byteLength(units.get(name).code), 0);
const laterOf = (units, names) => [...new Set([...names].flatMap(name => units.get(name).later))].sort();
const isOurs = unit => unit.inputs.every(path => !path.includes('node_modules/'));

/** What goes into the entry's own file: all it loads at once, and what is light and wholly ours. */
function ownUnits(units, entry) {
  const first = staticClosure(units, [entry]);
  const own = new Set(first);
  for (const name of laterOf(units, first)) {
    const added = [...staticClosure(units, [name])].filter(each => !own.has(each));
    const light = sizeOf(units, added) <= LIGHT_BYTES && added.every(each => isOurs(units.get(each)));
    if (light) for (const each of added) own.add(each);
  }
  return { first, own };
}

/**
 * Sorts units into files so that whoever needs one unit of a file needs them all: units that the same later-loaded
 * parts load at once share one file.
 */
function groupUnits(units, entries) {
  const parts = [...new Set(entries.flatMap(({ own }) => laterOf(units, own)))].sort();
  const closures = new Map(parts.map(part => [part, staticClosure(units, [part])]));
  const groups = new Map();
  for (const { name, own } of entries) {
    for (const each of reachable(units, name)) {
      if (own.has(each)) continue;
      const users = parts.filter(part => closures.get(part).has(each));
      const key = users.length === 0 ? each : users.join(' ');
      groups.set(key, (groups.get(key) ?? new Set()).add(each));
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function unitFunction(unit, eager) {
  const body = `function(module,exports,__load,__lazy){${unit.code}}`;
  // Brackets make V8 compile the function at once instead of looking it over first and compiling it when called.
  return `${JSON.stringify(unit.name)}:${eager ? `(${body})` : body}`;
}

function tableText(units, names, eager = new Set()) {
  return `{${[...names]
    .sort()
    .map(name => unitFunction(units.get(name), eager.has(name)))
    .join(',\n')}}`;
}

/**
 * Puts units into files.
 *
 * @returns text by file name, relative to dist
 */
export function linkFiles(units, entryNames) {
  const entries = entryNames.map(name => ({ name, ...ownUnits(units, name) }));
  const files = new Map();
  const places = {};
  for (const [index, [key, names]] of groupUnits(units, entries).entries()) {
    const base = key.includes(' ') ? `shared-${index}` : key;
    const file = `chunks/${base}.cjs`;
    for (const name of names) places[name] = `./${file}`;
    files.set(file, `"use strict";module.exports=${tableText(units, names, names)};\n`);
  }
  for (const { name, first, own } of entries) {
    const wanted = [...reachable(units, name)].filter(each => !own.has(each)).sort();
    const map = JSON.stringify(Object.fromEntries(wanted.map(each => [each, places[each]])));
    const text = `"use strict";${LOADER}const files=${map};let table=${tableText(units, own, first)};\nmodule.exports=load(${JSON.stringify(name)});\n`;
    files.set(`${name}.cjs`, name === 'cli' ? `#!/usr/bin/env node\n${text}` : text);
  }
  return files;
}
