import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/**
 * Finds the line on which the value at a JSON Pointer begins; where there is no such value, that of the nearest one
 * around it.
 *
 * @param firstLine number of the text's first line
 */
export function findLines(text: string, firstLine: number): (pointer: string) => number {
  const root = parseTree(text);
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
    const path = toPath(pointer);
    for (let depth = path.length; root !== undefined && depth >= 0; depth -= 1) {
      const node = findNodeAtLocation(root, path.slice(0, depth));
      if (node !== undefined) return lineOfOffset(node.offset);
    }
    return firstLine;
  };
}

function toPath(pointer: string): (string | number)[] {
  const keys = pointer.split('/').slice(1);
  return keys.map(key => (/^\d+$/.test(key) ? Number(key) : key.replaceAll('~1', '/').replaceAll('~0', '~')));
}
