import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/**
 * Finds the line on which the value at a JSON Pointer begins; where there is no such value, that of the nearest one
 * around it.
 *
 * @param firstLine number of the text's first line
 */
export function findLines(text: string, firstLine: number): (pointer: string) => number {
  const root = toTree(text);
  const lineStarts = [0, ...Array.from(text.matchAll(/\n/g), match => match.index + 1)];
  const lineOfOffset = (offset: number): number => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return firstLine + low;
  };
  return pointer => {
    let node = root;
    for (const key of pointer.split('/').slice(1)) {
      const inside = node && findInside(node, key.replaceAll('~1', '/').replaceAll('~0', '~'));
      if (inside === undefined) break;
      node = inside;
    }
    return node === undefined ? firstLine : lineOfOffset(node.offset);
  };
}

/** The text as a tree; nothing where it is nested more deeply than the parser can follow. */
function toTree(text: string): Node | undefined {
  try {
    return parseTree(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function findInside(node: Node, key: string): Node | undefined {
  // A key of digits is an index in a list, and a name in an object.
  return findNodeAtLocation(node, [node.type === 'array' ? Number(key) : key]);
}
