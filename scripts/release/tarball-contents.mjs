/** Bytes of the tarball; what installs it in a deploy waits for each. */
const MOST_BYTES = 700_000;
/** What nobody can do without. */
const NEEDED = [
  'LICENSE',
  'README.md',
  'THIRD-PARTY-LICENSES.txt',
  'dist/cli.cjs',
  'dist/index.mjs',
  'dist/package.json',
  'dist/orb/install.sh',
  'dist/types/index.d.ts',
  'package.json',
];
const MEANT =
  /^dist\/(?:chunks\/[\w-]+\.cjs|orb\/install\.sh|templates\/[\w-]+\.yaml|types\/[\w/-]+\.d\.ts|(?:cli|index)\.[cm]js)$/;
const EXECUTABLE = 0o111;

/**
 * What is wrong with a tarball, as `npm pack --json` and `npm publish --json` tell of it: one line each. It holds what is meant and
 * nothing else, is no larger than it may be, and its command can be run.
 *
 * @param {{name: string, size: number, files: {path: string, mode: number}[]}} packed
 * @param {string} name that it is to be published under
 */
export function contentProblems({ name: found, size, files }, name) {
  const paths = files.map(({ path }) => path);
  const command = files.find(({ path }) => path === 'dist/cli.cjs');
  return [
    ...(found === name ? [] : [`the package is called ${found}, not ${name}`]),
    ...paths
      .filter(path => !MEANT.test(path) && !NEEDED.includes(path))
      .map(path => `${path} is not meant to be in it`),
    ...NEEDED.filter(path => !paths.includes(path)).map(path => `${path} is missing`),
    ...(command === undefined || (command.mode & EXECUTABLE) === EXECUTABLE
      ? []
      : ['dist/cli.cjs cannot be run']),
    ...(size <= MOST_BYTES ? [] : [`it has ${size} bytes, over ${MOST_BYTES}`]),
  ];
}
