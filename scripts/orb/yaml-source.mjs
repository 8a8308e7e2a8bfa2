import { isAlias, isScalar, LineCounter, parseAllDocuments, visit } from 'yaml';
import { isMoreThanText } from './plain-text.mjs';

// YAML 1.1's one-letter booleans, which no reader here takes as such but others do, are refused with the rest.
const OLD_BOOLEAN = /^(?:y|n|yes|no|on|off)$/i;
// Refused by gopkg.in/yaml.v3, or line breaks for it that YAML 1.2 has no more.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNPRINTABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const PLAIN_LITERAL = /^(?:true|false|null|~|)$/;

/** What different YAML readers would make different things of, or undefined. */
function scalarProblem(node, isKey) {
  if (node.type !== 'PLAIN') {
    return isKey && node.value === '<<' ? "a quoted '<<' is a merge key for one reader only" : undefined;
  }
  const source = node.source ?? '';
  if (isKey && source === '<<') return undefined;
  if (OLD_BOOLEAN.test(source)) {
    return `${source} is text for circleci CLI 0.1.x and a boolean for 1.0; quote it, or write true or false`;
  }
  if (PLAIN_LITERAL.test(source) || !isMoreThanText(source)) return undefined;
  // What is not written as it will be packed (1.10, 0777, 1_000, a date, True) would change on the way.
  const isExact = typeof node.value === 'number' && String(node.value) === source;
  return isExact ? undefined : `${source} is not text for every YAML reader; quote it`;
}

function nodeProblem(node, isKey) {
  if (!isAlias(node) && node.srcToken !== undefined && node.tag !== undefined) return 'tags are refused';
  if (isKey && !(isScalar(node) && (typeof node.value === 'string' || node.source === '<<'))) {
    return 'a key is not text; quote it';
  }
  return isScalar(node) ? scalarProblem(node, isKey) : undefined;
}

function findProblem(document) {
  let found;
  visit(document, {
    Node(key, node) {
      const what = nodeProblem(node, key === 'key');
      if (what === undefined) return undefined;
      found = { what, offset: node.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * The map in a YAML source file, merge keys and aliases resolved, when every reader takes it for the same.
 *
 * Both CLIs read with gopkg.in/yaml.v3, which resolves most of YAML 1.1's and 1.2's unquoted forms; CircleCI's
 * compiler reads YAML 1.1. So only forms are accepted on which all of them agree.
 *
 * @param {string} path for messages
 * @param {string} text
 * @returns {Record<string, unknown>}
 * @throws {Error} which names file, line and what is wrong
 */
export function parseSource(path, text) {
  const lines = new LineCounter();
  const fail = (offset, what) => {
    throw new Error(`${path}:${lines.linePos(offset).line}: ${what}`);
  };
  const unprintable = text.search(UNPRINTABLE);
  if (unprintable >= 0) {
    const code = text.charCodeAt(unprintable).toString(16).toUpperCase().padStart(4, '0');
    throw new Error(`${path}: it holds the character U+${code}, which YAML has only escaped`);
  }
  if (/^%/m.test(text))
    throw new Error(`${path}: a %YAML directive changes what unquoted words mean; remove it`);
  const [document, second] = parseAllDocuments(text, {
    version: '1.2',
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
    keepSourceTokens: true,
  });
  if (document === undefined) throw new Error(`${path}: it is empty`);
  const [error] = [...document.errors, ...document.warnings];
  if (error !== undefined) fail(error.pos[0], error.message);
  if (second !== undefined)
    fail(second.range[0], 'circleci orb pack reads only the first document; remove this one');
  const problem = findProblem(document);
  if (problem !== undefined) fail(problem.offset, problem.what);
  let value;
  try {
    value = document.toJS();
  } catch (cause) {
    throw new Error(`${path}: ${cause.message}; an anchor is known only in its own file`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${path}: it is not a map`);
  return value;
}
