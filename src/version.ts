import manifest from '../package.json' with { type: 'json' };

/** This package's version; the bundle holds little else of package.json. */
export const VERSION: string = manifest.version;

/** The oldest Node.js that runs it, major and minor, as package.json declares it. */
export const OLDEST_NODE: readonly [major: number, minor: number] = readOldest(manifest.engines.node);

function readOldest(range: string): [number, number] {
  const [major, minor] = range.replace('>=', '').split('.');
  return [Number(major), Number(minor)];
}
