import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The files of an orb's source folder: path from that folder, with `/`, to text.
 *
 * @typedef {ReadonlyMap<string, string>} SourceTree
 */

/** Folders whose YAML files are components: `circleci orb pack` 0.1.x reads no others. */
export const SECTIONS = ['commands', 'jobs', 'executors', 'examples'];

const isYaml = path => /\.ya?ml$/.test(path);

/**
 * Reads the text files below `folder`, without those whose names begin with a dot, as both lines of the CLI do.
 *
 * Symbolic links are refused: 0.1.x follows one to a file but not one to a folder.
 *
 * @param {string} folder
 * @returns {Promise<SourceTree>}
 */
export async function readSourceTree(folder) {
  const tree = new Map();
  const walk = async below => {
    const entries = await readdir(join(folder, below), { withFileTypes: true });
    for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
      const path = `${below}${entry.name}`;
      if (entry.isDirectory()) await walk(`${path}/`);
      else if (entry.isFile()) tree.set(path, decode(path, await readFile(join(folder, path))));
      else throw new Error(`${path}: it is neither a file nor a folder; put the file itself there`);
    }
  };
  await walk('');
  return tree;
}

function decode(path, bytes) {
  try {
    // A BOM stays: it would be a part of an included script.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error(`${path}: it is not UTF-8; an orb holds only text`);
  }
}

/**
 * What is wrong with a YAML file's place, or undefined.
 *
 * 1.0 makes a section of every folder that holds YAML and flattens what is nested, 0.1.x skips the one and nests the
 * other; a name with `@` is merged one level up by both, in an order that no page states.
 */
function placeProblem(path) {
  const [section, file, ...deeper] = path.split('/');
  if (file === undefined) {
    return section === '@orb.yml' ? undefined : 'only @orb.yml may be YAML at the top of the source';
  }
  if (!SECTIONS.includes(section)) {
    return `circleci CLI 1.0 publishes ${section}/ as a section, 0.1.x leaves it out; move it out of the source`;
  }
  if (deeper.length > 0) return 'the two CLIs put nested folders in different places; move it up';
  if (file.startsWith('@')) return 'it would be merged into the section; give it its own name';
  return undefined;
}

/**
 * The components of the tree in the order of their paths, each in a place that both CLIs read alike.
 *
 * @param {SourceTree} tree
 * @returns {{section: string, name: string, path: string}[]}
 * @throws {Error} which names the file and what is wrong
 */
export function listComponents(tree) {
  if (!tree.has('@orb.yml'))
    throw new Error('@orb.yml: it is missing; circleci CLI 0.1.x packs nothing without it');
  const components = [];
  for (const path of [...tree.keys()].sort()) {
    const [section, file = ''] = path.split('/');
    if (!isYaml(path)) continue;
    const problem = placeProblem(path);
    if (problem !== undefined) throw new Error(`${path}: ${problem}`);
    if (file === '') continue;
    const name = file.replace(/\.ya?ml$/, '');
    const twin = components.find(other => other.section === section && other.name === name);
    if (twin !== undefined) throw new Error(`${path}: ${twin.path} has the same name`);
    components.push({ section, name, path });
  }
  return components;
}
