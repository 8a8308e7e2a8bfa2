// Puts units (see bundle.mjs) into the files that are published.

/**
 * Parts whose file is that of another one, for finding and reading a file takes longer than a part that is left unused: those that are
 * loaded late for the library's sake only, what most calls of `emit` come to, and what follows a first failure.
 */
const TOGETHER = {
  'emit.flags': 'emit',
  lake: 'emit',
  'lake-channel': 'emit',
  'log-group': 'logs',
  'assume-role.flags': 'assume-role',
  'web-identity': 'assume-role',
  'doctor.flags': 'doctor',
  'marker-bucket': 's3',
  'documented-answer': 'error-map',
  'service-error': 'error-map',
  retries: 'error-map',
};

/** Parts that belong into the command line's own file, for reading one file less is worth more than their size. */
const AT_START = ['session-name', 'session-name.flags'];

/**
 * Parts that go first where several want the same units: what is in their file, the others read with it. `validate` is a small one that
 * holds zod, which would lie among the clients of AWS otherwise, and an audit of files would read them all.
 */
const FIRST = [
  'emit.flags',
  'emit',
  'lake',
  'lake-channel',
  's3',
  'marker-bucket',
  'error-map',
  'validate',
  'assume-role.flags',
  'assume-role',
  'doctor.flags',
  'all-settings',
  'doctor',
];

/** Files that repeat what some parts need of the others' files: those parts use a third of each, and all of a file is read and looked over. */
const WHOLE = {
  'assume-role': ['assume-role', 'web-identity'],
  'all-settings': ['all-settings'],
  doctor: ['doctor', 'all-settings', 'file-sink'],
  'file-sink': ['file-sink'],
};

/** The part's name without esbuild's hash. */
export const plainName = name => name.replace(/-[A-Z0-9]{8}$/, '');

/**
 * What every entry file begins with: it runs units, each once, and reads the files that hold further ones. Each file says where that lies
 * which its own units load, so that no start reads a list of everything, and the lists stay apart, for V8 takes long to put two together.
 * Files are named by their whole path, for which Node looks half as long. A built-in module is asked for once: `require` takes
 * microseconds each time, and a file of markers calls one for each of its lines.
 */
const LOADER = `
const cache=Object.create(null);
const lazy=get=>{let found;return new Proxy({},{get(_,key){found??=get();return key==="default"?found:found[key]}})};
const find=(list,name)=>{for(const part of parts){const found=part[list][name];if(found!==undefined)return found}};
const load=name=>{
let unit=cache[name];
if(unit===undefined){
let run=find("table",name);
if(run===undefined){
parts.push(require(__dirname+find("files",name)));
run=find("table",name);
}
unit=cache[name]={exports:{}};
run(unit,unit.exports,load,lazy);
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

/** Parts that are loaded late, in the order in which a run can come to them. */
function lateParts(units, entries) {
  const parts = new Set();
  const visit = names => {
    const next = [...staticClosure(units, names)].flatMap(name => units.get(name).later);
    for (const part of next.toSorted()) {
      if (parts.has(part)) continue;
      parts.add(part);
      visit([part]);
    }
  };
  visit(entries);
  const rank = part => (FIRST.indexOf(plainName(part)) + FIRST.length + 1) % (FIRST.length + 1);
  return [...parts].sort((a, b) => rank(a) - rank(b));
}

function tableText(units, names) {
  // Brackets make V8 compile a unit at once instead of looking it over first and compiling it when called.
  const functions = [...names].sort().map(name => {
    const { code } = units.get(name);
    return `${JSON.stringify(name)}:(function(module,exports,__load,__lazy){${code}})`;
  });
  return `{${functions.join(',\n')}}`;
}

/** Units that `names` may ever load. */
function reachable(units, names) {
  const found = new Set();
  const visit = name => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of [...units.get(name).imports, ...units.get(name).later]) visit(next);
  };
  for (const name of names) visit(name);
  return found;
}

const fileName = part => {
  const name = plainName(part);
  return TOGETHER[name] ?? (name.endsWith('.flags') ? 'all-settings' : name);
};

/**
 * Sorts units into files: each late part gets one, which holds all it loads at once that neither the command line's own
 * file nor an earlier one holds.
 *
 * @returns unit names by file, relative to dist
 */
function groupUnits(units, entries, start) {
  const taken = new Set(start);
  const groups = new Map();
  const put = (file, names) => {
    const own = names.filter(name => !taken.has(name));
    for (const name of own) taken.add(name);
    if (own.length > 0) groups.set(file, [...(groups.get(file) ?? []), ...own]);
  };
  for (const part of lateParts(units, entries))
    put(`chunks/${fileName(part)}.cjs`, [...staticClosure(units, [part])]);
  return groups;
}

/** The files of other units that `names` load, at once or perhaps later. */
function filesText(units, names, places) {
  const wanted = new Set([...names].flatMap(name => [...units.get(name).imports, ...units.get(name).later]));
  const others = [...wanted].filter(name => !names.has(name) && places[name] !== undefined).sort();
  return JSON.stringify(Object.fromEntries(others.map(name => [name, places[name]])));
}

/**
 * Puts units into files.
 *
 * @returns text by file name, relative to dist
 */
export function linkFiles(units, entryNames) {
  const partsOf = names => [...units.keys()].filter(name => names.includes(plainName(name)));
  const start = staticClosure(units, ['cli', ...partsOf(AT_START)]);
  const groups = groupUnits(units, entryNames, start);
  const places = {};
  for (const [file, names] of groups) for (const name of names) places[name] = `/${file}`;
  for (const [file, parts] of Object.entries(WHOLE)) {
    const names = [...staticClosure(units, partsOf(parts))].filter(name => !start.has(name));
    groups.get(`chunks/${file}.cjs`).push(...names);
  }
  const files = new Map();
  for (const [file, list] of groups) {
    const names = new Set(list);
    const text = `files:${filesText(units, names, places)},table:${tableText(units, names)}`;
    files.set(file, `"use strict";module.exports={${text}};\n`);
  }
  for (const name of entryNames) {
    // What the command line has in its own file, the library needs in its own; the rest both find in the other files.
    const own = new Set([...reachable(units, [name])].filter(each => places[each] === undefined));
    const text = `"use strict";${LOADER}const parts=[{files:${filesText(units, own, places)},table:${tableText(units, own)}}];\nmodule.exports=load(${JSON.stringify(name)});\n`;
    files.set(`${name}.cjs`, name === 'cli' ? `#!/usr/bin/env node\n${text}` : text);
  }
  return files;
}
