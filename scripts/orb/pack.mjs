import { expandIncludes, refuseIncludes } from './include.mjs';
import { listComponents, readSourceTree, SECTIONS } from './source-tree.mjs';
import { parseSource } from './yaml-source.mjs';

/**
 * A packed orb as plain values: maps, lists, strings, numbers, booleans, null.
 *
 * @typedef {Record<string, unknown>} PackedOrb
 */

// The fixed list of circleci CLI 0.1.x, which drops every other key; 1.0 publishes them.
const KEYS = ['version', 'description', 'display', 'orbs', ...SECTIONS];
// Of an example it keeps ExampleSchema and ExampleUsageSchema: cypress-io/circleci-orb#498 was published without its executors.
const EXAMPLE_KEYS = ['description', 'usage'];
const USAGE_KEYS = ['version', 'setup', 'orbs', 'jobs', 'workflows'];
const isMap = value => typeof value === 'object' && value !== null && !Array.isArray(value);

function checkExample(path, example) {
  refuseIncludes(path, example);
  const usage = isMap(example.usage) ? example.usage : {};
  const dropped = [
    ...Object.keys(example).filter(key => !EXAMPLE_KEYS.includes(key)),
    ...Object.keys(usage)
      .filter(key => !USAGE_KEYS.includes(key))
      .map(key => `usage.${key}`),
  ];
  if (dropped.length === 0) return;
  throw new Error(
    `${path}: circleci CLI 0.1.x drops ${dropped.join(', ')}, 1.0 publishes it; write the example without`,
  );
}

function packSection(section, parts, tree) {
  const packed = {};
  for (const { name, path, value } of parts) {
    if (Object.hasOwn(packed, name)) throw new Error(`${path}: @orb.yml has ${section}.${name} too`);
    if (!isMap(value) || Object.keys(value).length === 0)
      throw new Error(`${path}: ${section}.${name} is empty`);
    if (section === 'examples') checkExample(path, value);
    packed[name] = section === 'examples' ? value : expandIncludes(path, value, tree);
  }
  return packed;
}

/**
 * Packs a source tree by the rules of both lines of `circleci orb pack`: what they read alike comes out as from them.
 *
 * The 0.1.x line is cmd/orb.go, filetree/filetree.go and process/process.go of CircleCI-Public/circleci-cli, 1.0 its
 * internal/pack/pack.go. What one of them refuses, or on which they differ, is refused here: YAML in other folders or
 * nested ones, other top-level keys, two components of one name, includes that are only a part of a value, outside
 * jobs, commands and executors, or with other characters in their path, unquoted yes, no, on and off, anchors of
 * other files, and keys of an example that 0.1.x drops. Merge keys and aliases of the same file are resolved.
 *
 * @param {import('./source-tree.mjs').SourceTree} tree
 * @returns {PackedOrb}
 * @throws {Error} which names the file and what is wrong
 */
export function packTree(tree) {
  const components = listComponents(tree);
  const root = parseSource('@orb.yml', tree.get('@orb.yml'));
  const packed = {};
  for (const [key, value] of Object.entries(root)) {
    if (!KEYS.includes(key)) {
      throw new Error(`@orb.yml: circleci CLI 0.1.x drops the key ${key}, 1.0 publishes it; remove it`);
    }
    if (SECTIONS.includes(key)) {
      if (!isMap(value)) throw new Error(`@orb.yml: ${key} is not a map`);
      continue;
    }
    refuseIncludes('@orb.yml', value);
    packed[key] = value;
  }
  for (const section of SECTIONS) {
    const inline = Object.entries(root[section] ?? {}).map(([name, value]) => ({
      name,
      path: '@orb.yml',
      value,
    }));
    const files = components
      .filter(component => component.section === section)
      .map(({ name, path }) => ({ name, path, value: parseSource(path, tree.get(path)) }));
    const parts = [...inline, ...files];
    if (parts.length > 0) packed[section] = packSection(section, parts, tree);
  }
  return packed;
}

/**
 * {@link packTree} of a folder such as orb/src.
 *
 * @param {string} folder
 * @returns {Promise<PackedOrb>}
 */
export async function packOrb(folder) {
  return packTree(await readSourceTree(folder));
}
