import { type Fields, fieldsOf } from '../base/fields.ts';
import type { Scalar, ValuePath } from './shown-value.ts';

/** A value of JSON in which lists of things are maps by what tells the things apart, and policies are no texts. */
export type Structure = Scalar | readonly Scalar[] | { readonly [name: string]: Structure };

/** A single value, or a list of such, and where it lies. */
export interface Leaf {
  readonly path: ValuePath;
  readonly value: Scalar | readonly Scalar[];
}

/** Deeper than anything that AWS answers, and no deeper than a stack holds. */
const DEEPEST = 40;
/** What tells things of one list apart, in the order in which it is looked for; in lower case. */
const IDENTITIES = [
  'sid',
  'statementid',
  'key',
  'tagkey',
  'parameterkey',
  'outputkey',
  'attributename',
  'indexname',
  'logicalresourceid',
  'policyname',
  'containername',
  'name',
  'id',
  'arn',
];
/** Fields that hold a policy as a text, sometimes written as in a URL. */
const POLICY = /polic|^statement$/i;

/** The structure of any value of JSON; undefined and what is no JSON become null. */
export function toStructure(value: unknown, name = '', depth = 0): Structure {
  if (depth > DEEPEST) return null;
  if (typeof value === 'string') return POLICY.test(name) ? policyOf(value, depth) : value;
  if (isScalar(value)) return value;
  if (Array.isArray(value)) return toList(value, name, depth);
  const structure = emptyMap();
  for (const [key, each] of Object.entries(fieldsOf(value)))
    structure[key] = toStructure(each, key, depth + 1);
  return structure;
}

/** The value of a leaf that stands for a thing in which nothing is; no list that was read is this one. */
export const NOTHING_IN_IT: readonly Scalar[] = [];

/** Single values and lists of them, each with its path. A thing that holds nothing is one as well, {@link NOTHING_IN_IT}. */
export function leavesOf(structure: Structure, path: ValuePath = []): Leaf[] {
  if (isLeaf(structure)) return [{ path, value: structure }];
  const entries = Object.entries(structure);
  if (entries.length === 0) return path.length === 0 ? [] : [{ path, value: NOTHING_IN_IT }];
  return entries.flatMap(([name, each]) => leavesOf(each, [...path, name]));
}

/** Whether nothing lies in it that has a name. */
export function isLeaf(structure: Structure): structure is Scalar | readonly Scalar[] {
  return isScalar(structure) || Array.isArray(structure);
}

/** What has that name in it; undefined where nothing has. */
export function childOf(structure: Structure | undefined, name: string): Structure | undefined {
  if (structure === undefined || isLeaf(structure) || !Object.hasOwn(structure, name)) return undefined;
  return structure[name];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function toList(list: readonly unknown[], name: string, depth: number): Structure {
  if (list.every(isScalar)) return list.map(each => each);
  const identity = identityOf(list);
  const structure = emptyMap();
  for (const [rank, each] of list.entries()) {
    const own = identity === undefined ? undefined : ownIdentity(each, identity);
    structure[own ?? String(rank)] = toStructure(each, name, depth + 1);
  }
  return structure;
}

/** The field by which all things of a list can be told apart. */
function identityOf(list: readonly unknown[]): string | undefined {
  return IDENTITIES.find(identity => {
    const names = list.map(each => ownIdentity(each, identity));
    return names.every(name => name !== undefined) && new Set(names).size === names.length;
  });
}

function ownIdentity(thing: unknown, identity: string): string | undefined {
  const found = Object.entries(fieldsOf(thing)).find(([name]) => name.toLowerCase() === identity)?.[1];
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function policyOf(text: string, depth: number): Structure {
  const parsed = parseFields(text) ?? parseFields(decode(text));
  return parsed === undefined ? text : toStructure(parsed, '', depth + 1);
}

function parseFields(text: string): Fields | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names come from outside, and some are those that objects have by themselves: a variable can be called `constructor`. */
function emptyMap(): Record<string, Structure> {
  return Object.create(null);
}
