import { isPair, isScalar, visit } from 'yaml';

// A shorter one takes about as much as its anchor.
const MIN_LENGTH = 12;

/** _a, _b … _z, _ba … Some readers take no anchor twice, and a configuration that holds this orb inline may have an a of its own. */
const toName = number =>
  `_${number.toString(26).replace(/./g, digit => 'abcdefghijklmnopqrstuvwxyz'[Number.parseInt(digit, 26)])}`;

/** The descriptions of parameters, with the paths to their nodes, in the order of the document. */
function visitDescriptions(document, see) {
  visit(document, {
    Pair(_key, pair, path) {
      if (!isScalar(pair.key) || pair.key.value !== 'description' || !isScalar(pair.value)) return;
      const keys = path.filter(isPair).map(({ key }) => (isScalar(key) ? key.value : undefined));
      if (keys.at(-2) === 'parameters' && String(pair.value.value).length >= MIN_LENGTH) see(pair);
    },
  });
}

/**
 * Writes a description that several parameters have once, with an anchor, and elsewhere as its alias: a fifth of the packed orb says the
 * same of the same parameter of another command.
 *
 * Only of texts, of which every reader takes any number (SnakeYAML takes 50 aliases of maps and lists), and none inside of a step: that
 * means the same when it is cut out and read alone, as orb-tools' review does.
 *
 * @param {import('yaml').Document} document whose maps are in their final order, for an anchor comes before its aliases
 */
export function shareDescriptions(document) {
  const counts = new Map();
  visitDescriptions(document, ({ value }) => counts.set(value.value, (counts.get(value.value) ?? 0) + 1));
  const first = new Map();
  visitDescriptions(document, pair => {
    const text = pair.value.value;
    if (counts.get(text) === 1) return;
    if (first.has(text)) pair.value = document.createAlias(first.get(text));
    else {
      pair.value.anchor = toName(first.size);
      first.set(text, pair.value);
    }
  });
}
