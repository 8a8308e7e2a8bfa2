// A rule takes a parsed document and gives one line for each thing that breaks it.

/** The part of package.json that rules are about. */
export interface PackageManifest {
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: object;
  readonly peerDependencies?: object;
  readonly optionalDependencies?: object;
  readonly bundledDependencies?: unknown;
  readonly bundleDependencies?: unknown;
  readonly engines?: { readonly node?: string };
}

const PUBLISHED = ['dist', '!dist/orb.yml', '!dist/*.tgz', 'THIRD-PARTY-LICENSES.txt'];
// npm runs these on the machine of whoever installs the package.
const AT_INSTALL = [
  'preinstall',
  'install',
  'postinstall',
  'prepare',
  'preprepare',
  'postprepare',
  'dependencies',
];

/** What is published is what is meant, needs nothing else and runs nothing when it is installed. */
export function manifestProblems(manifest: PackageManifest): string[] {
  const { files = [], scripts = {} } = manifest;
  return [
    ...files
      .filter(name => !PUBLISHED.includes(name))
      .map(name => `files: ${name} is not meant to be published`),
    ...PUBLISHED.filter(name => !files.includes(name)).map(name => `files: ${name} is missing`),
    ...AT_INSTALL.filter(name => name in scripts).map(name => `scripts: ${name} runs at install`),
    ...Object.keys(manifest)
      .filter(key => /^(?:d|peerD|optionalD|bundledD|bundleD)ependencies$/.test(key))
      .map(key => `${key}: the package is a bundle and needs none`),
    ...(manifest.engines?.node === undefined ? ['engines: the oldest Node.js is not named'] : []),
  ];
}

/** The lock file names no host, so that it works behind every registry, and every package has its checksum. */
export function lockProblems(lock: {
  readonly packages?: Readonly<Record<string, { readonly integrity?: string; readonly link?: boolean }>>;
}): string[] {
  const packages = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '');
  return [
    ...(packages.length === 0 ? ['it locks nothing'] : []),
    ...packages.filter(([, entry]) => 'resolved' in entry).map(([path]) => `${path}: has a resolved URL`),
    ...packages
      .filter(([, entry]) => entry.integrity === undefined && entry.link !== true)
      .map(([path]) => `${path}: has no checksum`),
  ];
}
