import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './repository.ts';

/** What each file imports, by paths from the root. */
export type ModuleGraph = ReadonlyMap<string, ReadonlySet<string>>;

const MOST_BYTES = 64 * 2 ** 20;

/** The compiler's own module graph of the files below `folder`, types included: what it says of why a file is part of the program. */
export async function readModuleGraph(folder: string): Promise<ModuleGraph> {
  const compiler = join(ROOT, 'node_modules/.bin/tsc');
  const { stdout } = await promisify(execFile)(compiler, ['--noCheck', '--explainFiles'], {
    cwd: ROOT,
    maxBuffer: MOST_BYTES,
  });
  return parseExplanation(stdout, folder);
}

/** Reads what `tsc --explainFiles` prints: a file, then, indented, one line for each file that imports it. */
export function parseExplanation(text: string, folder: string): ModuleGraph {
  const graph = new Map<string, Set<string>>();
  let current = '';
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) current = line.trim();
    const [, importer] = /^\s+Imported via .* from file '([^']+)'/.exec(line) ?? [];
    if (!current.startsWith(folder)) continue;
    if (!graph.has(current)) graph.set(current, new Set());
    if (!importer?.startsWith(folder)) continue;
    graph.set(importer, (graph.get(importer) ?? new Set()).add(current));
  }
  return graph;
}

/** The graph of groups of files, by the name of each file's group; files that have none are left out. */
export function groupGraph(graph: ModuleGraph, groupOf: (path: string) => string | undefined): ModuleGraph {
  const groups = new Map<string, Set<string>>();
  for (const [path, targets] of graph) {
    const from = groupOf(path);
    if (from === undefined) continue;
    const found = groups.get(from) ?? new Set();
    groups.set(from, found);
    for (const target of targets) {
      const to = groupOf(target);
      if (to !== undefined && to !== from) found.add(to);
    }
  }
  return groups;
}

/** Every circle, as the sorted names of those who are in it together. */
export function circlesIn(graph: ModuleGraph): string[][] {
  const reach = new Map([...graph.keys()].map(name => [name, reachableFrom(graph, name)]));
  const circles = new Set<string>();
  for (const [name, others] of reach) {
    if (!others.has(name)) continue;
    const together = [...others].filter(other => reach.get(other)?.has(name) === true);
    circles.add(together.toSorted().join('\n'));
  }
  return [...circles].map(circle => circle.split('\n'));
}

/** What is imported, directly or through others; the name itself only if it is in a circle. */
function reachableFrom(graph: ModuleGraph, start: string): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [start];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    for (const next of graph.get(name) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      left.push(next);
    }
  }
  return found;
}
