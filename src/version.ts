import manifest from '../package.json' with { type: 'json' };

/** This package's version; the bundle holds nothing else of package.json. */
export const VERSION: string = manifest.version;
