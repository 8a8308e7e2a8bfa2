import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { circlesIn, groupGraph, parseExplanation, readModuleGraph } from './module-graph.ts';
import { readFiles, readOne } from './repository.ts';

const GRAPH = await readModuleGraph('src/');

/** Which rooms of core a room may import from. A file of core that lies in none is a room of its own. */
const CORE: Readonly<Record<string, readonly string[]>> = {
  base: [],
  compact: [],
  time: ['base'],
  'session-name.ts': ['base'],
  'doctor-check.ts': [],
  template: ['base'],
  trust: ['base'],
  services: ['base'],
  component: ['base', 'services'],
  marker: ['base', 'time', 'component', 'session-name.ts'],
  delivery: ['base', 'marker'],
  source: ['base', 'marker', 'time', 'services'],
  'no-change': ['base', 'services', 'source'],
  change: ['base', 'compact', 'time', 'services', 'source', 'no-change'],
  deploy: ['base', 'time', 'component', 'session-name.ts', 'marker', 'change'],
  correlate: [
    ...['base', 'compact', 'time', 'services', 'component', 'session-name.ts', 'marker', 'source'],
    ...['change', 'deploy'],
  ],
  findings: ['base', 'time', 'services', 'component', 'marker', 'source', 'change', 'deploy', 'correlate'],
  investigate: ['base', 'time', 'change', 'findings'],
  sql: ['base', 'time', 'services', 'component', 'marker', 'change', 'deploy'],
};

/** A folder is read at a glance. */
const MOST_FILES = 16;

function roomOf(path: string): string | undefined {
  return /^src\/core\/([^/]+)/.exec(path)?.[1];
}

test('no import goes in a circle, types included', () => {
  expect(GRAPH.size).toBeGreaterThan(200);
  expect(circlesIn(GRAPH)).toEqual([]);
});

test('rooms of core import from those below them only', () => {
  const rooms = groupGraph(GRAPH, roomOf);
  expect([...rooms.keys()].toSorted()).toEqual(Object.keys(CORE).toSorted());
  const breaches = [...rooms].flatMap(([room, targets]) =>
    [...targets].filter(target => CORE[room]?.includes(target) !== true).map(target => `${room} → ${target}`),
  );
  expect(breaches).toEqual([]);
});

test('the rules of rooms themselves form no circle', () => {
  expect(circlesIn(new Map(Object.entries(CORE).map(([room, below]) => [room, new Set(below)])))).toEqual([]);
});

test(`no folder of src holds more than ${MOST_FILES} files`, async () => {
  const counts = new Map<string, number>();
  for (const { path } of await readFiles('src')) {
    const folder = posix.dirname(path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
});

test('a circle, of types too, is found wherever it begins', () => {
  const text = [
    'node_modules/x/index.d.ts',
    "   Imported via 'x' from file 'src/a.ts'",
    'src/a.ts',
    "   Imported via './a.ts' from file 'src/c.ts'",
    "   Matched by include pattern 'src' in 'tsconfig.json'",
    'src/b.ts',
    "   Imported via './b.ts' from file 'src/a.ts'",
    'src/c.ts',
    "   Imported via './c.ts' from file 'src/b.ts'",
    "   Imported via '../src/c.ts' from file 'test/c.test.ts'",
    'src/d.ts',
    "   Imported via './d.ts' from file 'src/a.ts'",
  ].join('\n');
  expect(circlesIn(parseExplanation(text, 'src/'))).toEqual([['src/a.ts', 'src/b.ts', 'src/c.ts']]);
});

/** The documents for whoever carries this on, and the folder that paths in each begin at. */
test.each(['src/README.md', 'test/README.md'])(
  '%s names files and folders that are there',
  async document => {
    const { text } = await readOne(document);
    const known = new Set((await readFiles()).flatMap(({ path }) => withFolders(path)));
    const folder = posix.dirname(document);
    const named = [...text.matchAll(/`((?:[\w.@-]+\/)*[\w.@-]+(?:\.(?:ts|mjs|md|ya?ml|sh|json)|\/))`/g)];
    // What a build makes is not in the repository.
    const paths = named
      .map(([, name = '']) => name.replace(/\/$/, ''))
      .filter(path => !path.startsWith('dist/'));
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter(path => !known.has(posix.join(folder, path)) && !known.has(path))).toEqual([]);
  },
);

function withFolders(path: string): string[] {
  const parts = path.split('/');
  return parts.map((_, rank) => parts.slice(0, rank + 1).join('/'));
}
