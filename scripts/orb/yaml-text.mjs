import { isDeepStrictEqual } from 'node:util';
import { Document, isMap, isPair, isScalar, isSeq, parse, visit } from 'yaml';
import { isMoreThanText } from './plain-text.mjs';
import { shareDescriptions } from './share-texts.mjs';

// Sure to be text for every reader: it begins with a letter or a path, holds no quote or indicator, and is no word of YAML's.
const SURELY_TEXT =
  /^(?![yn]$|(?:true|false|yes|no|on|off|null|nan|inf)$)[a-z/][\w./@-]*(?: [\w./@(),;=+-]+)*$/i;
// No reader takes `<<` for more than text where it is not the whole.
const REFERENCES = /^<<parameters\.\w+>>(?: <<parameters\.\w+>>)*$/;
// Printable, and no line break but LF: anything else would be changed in a literal block.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const NOT_LITERAL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/u;

function chooseStyle(text) {
  if (REFERENCES.test(text)) return 'PLAIN';
  if (!text.includes('\n')) return SURELY_TEXT.test(text) && !isMoreThanText(text) ? 'PLAIN' : 'QUOTE_DOUBLE';
  // A first line that begins with white space needs an indentation indicator, which not every writer gets right.
  return /^\S/.test(text) && !NOT_LITERAL.test(text) ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
}

// YAML has no such characters unescaped (section 5.1 of its specification, which gopkg.in/yaml.v3 enforces), but `yaml`
// writes them; here they stand in double quotes only.
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const escapeCharacter = character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

const byCodePoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

const isWord = node => isScalar(node) && !String(node.value).includes('\n');

/** What takes one line in a few words, such as a choice of values, or a step that only calls a command. */
const isBrief = node =>
  isWord(node) ||
  (isSeq(node) && node.items.length < 9 && node.items.every(isBrief)) ||
  (isMap(node) && node.items.length < 4 && node.items.every(({ value }) => isBrief(value)));

/** A map of words and brief lists, such as the declaration of a parameter, which takes one line. */
const isShort = node => isMap(node) && node.items.every(({ value }) => isWord(value) || isBrief(value));

/** Examples stay as their authors would write them; people copy them. */
const isInExample = path =>
  path.some(part => isPair(part) && isScalar(part.key) && part.key.value === 'examples');

/**
 * YAML that every reader takes for `value`: keys sorted, scripts as literal blocks, short maps on one line, no anchors but of
 * descriptions that parameters share.
 *
 * @param {unknown} value maps, lists, strings, numbers, booleans and null
 * @param {number} [indent] spaces of a level; the packed orb has one, for it goes over the wire whole and people read its source elsewhere
 * @returns {string}
 * @throws {Error} when it does not read back as the same under YAML 1.1 and 1.2
 */
export function toYamlText(value, indent = 2) {
  const document = new Document(value, { version: '1.2', aliasDuplicateObjects: false });
  visit(document, {
    Map(_key, node, path) {
      if (!isMap(node)) return;
      node.items.sort((a, b) => byCodePoint(a.key.value, b.key.value));
      if (path.length > 1 && isShort(node) && !isInExample(path)) node.flow = true;
    },
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string') node.type = chooseStyle(node.value);
    },
  });
  shareDescriptions(document);
  const options = {
    indent,
    indentSeq: false,
    lineWidth: 0,
    flowCollectionPadding: false,
    blockQuote: 'literal',
    doubleQuotedMinMultiLineLength: 1e9,
  };
  const text = document.toString(options).replace(UNPRINTABLE, escapeCharacter);
  for (const version of ['1.1', '1.2']) {
    if (!isDeepStrictEqual(parse(text, { version, merge: false }), value)) {
      throw new Error(`the packed orb does not read back as the same under YAML ${version}`);
    }
  }
  return text;
}
