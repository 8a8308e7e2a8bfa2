/**
 * A shell script without comments, indentation and most line breaks, which every step that runs it would carry along.
 *
 * @param {string} script without here-documents, and without texts of several lines in which either counts
 * @returns {string}
 * @throws {Error} for a here-document, of which lines could be lost
 */
export function compactScript(script) {
  if (/(?<!<)<<(?!<)-?\s*['"\w]/.test(script.replaceAll('\\<<', '<<'))) {
    throw new Error('a script with a here-document cannot be packed without its comments');
  }
  const lines = script
    .split('\n')
    .map(line => line.trimStart())
    .filter(line => line !== '' && !line.startsWith('#'));
  return `${lines.join('\n')}\n`
    .replaceAll(' \\\n', ' ')
    .replace(/(?<=(?:^|[ \n])(?:\{|then|do|else|in|;;|&&|\|\|))\n/g, ' ')
    .replace(/\n(?=;;)/g, ' ')
    .replace(/\n(?=(?:fi|done|elif|else|\})(?:\s|$))/g, '; ');
}

/** As CircleCI takes it, without the blanks that only people read. */
const compactReferences = text => text.replace(/(?<!\\)<<\s*(parameters\.[\w-]+)\s*>>/g, '<<$1>>');

/**
 * A packed orb in which every `command` that is a script of several lines is compact, and every reference to a parameter.
 *
 * @template T
 * @param {T} value
 * @returns {T}
 */
export function compactTexts(value) {
  if (Array.isArray(value)) return value.map(compactTexts);
  if (typeof value === 'string') return compactReferences(value);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => {
    const isScript = key === 'command' && typeof item === 'string' && item.includes('\n');
    return [key, isScript ? compactScript(item) : compactTexts(item)];
  });
  return Object.fromEntries(entries);
}
