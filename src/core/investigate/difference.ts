import diff from 'microdiff';
import type { ConfigItem } from './config-item.ts';
import { isNoise } from './noise.ts';
import { describePath, type ShownValue, showValue, type ValuePath } from './shown-value.ts';
import { childOf, isLeaf, type Leaf, leavesOf, type Structure } from './structure.ts';

/** One thing that two items say differently; without `before` it was added, without `after` taken away. */
export interface DifferenceEntry {
  /** Without `configuration`, which most begin with. */
  readonly path: string;
  readonly before?: ShownValue;
  readonly after?: ShownValue;
}

/** What two items say differently. */
export interface Difference {
  readonly entries: readonly DifferenceEntry[];
  /** How many differences were left out that nobody set: times, revisions. */
  readonly noise: number;
}

const NOTHING: Structure = {};
const ROOT = 'configuration';

/** Compares what Config says before and after. No value in the result may be secret. */
export function compareItems(type: string, before: ConfigItem, after: ConfigItem): Difference {
  const [old, young] = [before.content ?? NOTHING, after.content ?? NOTHING];
  const leaves = pairsOf(old, young);
  const told = leaves.filter(({ path }) => !isNoise(type, path));
  return { entries: told.map(toEntry), noise: leaves.length - told.length };
}

/** One value at both times. */
interface Pair {
  readonly path: ValuePath;
  readonly before?: Leaf['value'];
  readonly after?: Leaf['value'];
}

function pairsOf(old: Structure, young: Structure): Pair[] {
  if (isLeaf(old) || isLeaf(young)) return [];
  const pairs = new Map<string, Pair>();
  for (const { path: found } of diff(old, young, { cyclesFix: false })) {
    const path = wholePath(found.map(String), [old, young]);
    for (const pair of pairsAt(path, valueAt(old, path), valueAt(young, path)))
      pairs.set(JSON.stringify(pair.path), pair);
  }
  return [...pairs.values()];
}

/** A list of single values is one value: which of them moved is of no interest. */
function wholePath(path: ValuePath, roots: readonly Structure[]): ValuePath {
  const lengths = roots.map(root =>
    path.findIndex((_, rank) => Array.isArray(valueAt(root, path.slice(0, rank)))),
  );
  const shortest = lengths.filter(length => length >= 0).sort((a, b) => a - b)[0];
  return shortest === undefined ? path : path.slice(0, shortest);
}

/** What came or went with all that lies in it is told value by value. */
function pairsAt(path: ValuePath, before: Structure | undefined, after: Structure | undefined): Pair[] {
  const pairs = new Map<string, Pair>();
  const put = (leaf: Leaf, side: 'before' | 'after'): void => {
    const key = JSON.stringify(leaf.path);
    pairs.set(key, { ...pairs.get(key), path: leaf.path, [side]: leaf.value });
  };
  if (before !== undefined) for (const leaf of leavesOf(before, path)) put(leaf, 'before');
  if (after !== undefined) for (const leaf of leavesOf(after, path)) put(leaf, 'after');
  return [...pairs.values()];
}

function valueAt(root: Structure, path: ValuePath): Structure | undefined {
  return path.reduce<Structure | undefined>(childOf, root);
}

function toEntry({ path, before, after }: Pair): DifferenceEntry {
  const told = path[0] === ROOT ? path.slice(1) : path;
  return {
    path: describePath(told),
    ...(before === undefined ? {} : { before: showValue(path, before) }),
    ...(after === undefined ? {} : { after: showValue(path, after) }),
  };
}
