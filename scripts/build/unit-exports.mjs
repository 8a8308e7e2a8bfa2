// Turns what an ES module exports into the properties of an object.
import { parse } from 'acorn';

const EXPORTS = /\bexport\s*\{([^{}]*)\};?\s*$/;
const FUNCTIONS = /^(?:Function|ArrowFunction|PropertyDefinition)/;

/** Identifiers that an assignment can give a value to. */
function targetsOf(pattern) {
  if (pattern === null || typeof pattern !== 'object' || pattern.type === 'MemberExpression') return [];
  if (pattern.type === 'Identifier') return [pattern.name];
  return Object.values(pattern).flat().flatMap(targetsOf);
}

/** Variables that functions of a module assign to, by whatever name: they may change once the module has run. */
function assignedLater(node, isInside, found) {
  if (node === null || typeof node !== 'object') return found;
  if (Array.isArray(node)) for (const each of node) assignedLater(each, isInside, found);
  else {
    const { type = '' } = node;
    if (isInside && /^(?:AssignmentExpression|ForInStatement|ForOfStatement)$/.test(type))
      for (const name of targetsOf(node.left)) found.add(name);
    if (isInside && type === 'UpdateExpression') for (const name of targetsOf(node.argument)) found.add(name);
    const inside = isInside || FUNCTIONS.test(type);
    for (const value of Object.values(node)) assignedLater(value, inside, found);
  }
  return found;
}

/**
 * A module as esbuild writes it, which fills `module.exports` in place of its exports.
 *
 * Plain properties: a getter for each, which is what a live binding takes, is a function that V8 has to compile when it is first
 * read, and a run reads hundreds. What may change later keeps its getter. Units load each other in no circle, so that all others
 * have their values when somebody reads them.
 */
export function exportsAsProperties(text) {
  const list = EXPORTS.exec(text)?.[1];
  if (list === undefined) return text;
  const body = text.replace(EXPORTS, '');
  const changing = assignedLater(parse(body, { sourceType: 'module', ecmaVersion: 2022 }), false, new Set());
  const properties = list.split(',').map(each => {
    const [variable, name = variable] = each.trim().split(/\s+as\s+/);
    return changing.has(variable) ? `get ${name}(){return ${variable}}` : `${name}:${variable}`;
  });
  return `${body}\nmodule.exports={${properties.join(',')}};\n`;
}
