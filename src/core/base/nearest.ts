import { distance } from 'fastest-levenshtein';

/** Letters of the shortest piece that two words share by more than chance. */
const SHORTEST_PIECE = 3;

/**
 * The names that somebody may have meant by a word: all that it is a piece of, and all that stand in it between other signs; else
 * the nearest, if at most a third of the longer one's letters differ; two in the wrong order count as one. Case does not count.
 */
export function findNear(word: string, names: readonly string[]): string[] {
  const lower = word.toLowerCase();
  const kin = names.filter(name => {
    if (Math.min(lower.length, name.length) < SHORTEST_PIECE) return false;
    return name.toLowerCase().includes(lower) || betweenDashes(word).includes(betweenDashes(name));
  });
  if (kin.length > 0) return kin;
  return (
    names
      .map(name => {
        const length = Math.max(lower.length, name.length);
        return { name, length, edits: countEdits(lower, name.toLowerCase()) };
      })
      // As many edits as letters: the two have none in common.
      .filter(({ edits, length }) => edits <= Math.ceil(length / 3) && edits < length)
      .sort((a, b) => a.edits - b.edits)
      .slice(0, 1)
      .map(({ name }) => name)
  );
}

/**
 * A hint for a word that is none of the names: those that are near, if any, and the list of all.
 *
 * @param title what the names are, for example `the templates`
 */
export function offerNames(word: string, names: readonly string[], title: string): string {
  const list = `${title} are ${names.join(', ')}`;
  const near = findNear(word, names);
  if (near.length === 0) return list;
  return `did you mean ${near.join(' or ')}? ${list.charAt(0).toUpperCase()}${list.slice(1)}`;
}

function betweenDashes(text: string): string {
  return `-${text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}-`;
}

function countEdits(word: string, name: string): number {
  const at = word.split('').findIndex((letter, index) => letter !== name[index]);
  const swapped = `${word.slice(0, at)}${word[at + 1]}${word[at]}${word.slice(at + 2)}`;
  return swapped === name ? 1 : distance(word, name);
}
