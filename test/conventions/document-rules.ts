import type { TextFile } from './repository.ts';

/** Which of the words a document does not hold as code, that is between backticks. */
export function missingFrom(document: string, words: readonly string[]): string[] {
  return words.filter(word => !document.includes(`\`${word}\``));
}

// Written so that this file does not hold what it looks for.
const PLACES: readonly (readonly [what: string, pattern: RegExp])[] = [
  ['a path of one machine', /(?<![\w.:/-])\/(?:work|home\/\w+|Users\/\w+)\//],
  ['a folder outside the repository', /\.\.\/shared\b|\bshared\/(?:design|facts|style)/],
  ['a package registry', /\b(?:registry\.(?:npmjs|yarnpkg)|npm\.pkg|pypi|pythonhosted)\.[a-z]/i],
  ['a package registry', /\bhttps?:\/\/[^\s/'"`]*(?:artifact|registry|nexus|verdaccio)[^\s/'"`]*\//i],
];

/** No file names the place where it was written, or where packages came from there. */
export function placeProblems(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const found = PLACES.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
    return [...new Set(found)].map(what => `${path}: names ${what}`);
  });
}

/** Every folder that holds tests by its name does hold some, and every test file is one that the runner finds. */
export function testFolderProblems(paths: readonly string[], folders: readonly string[]): string[] {
  return [
    ...folders
      .filter(folder => !paths.some(path => path.startsWith(`test/${folder}/`) && path.endsWith('.test.ts')))
      .map(folder => `test/${folder}: has no test`),
    ...paths
      .filter(path => /[._-](?:test|spec)s?\.[cm]?[jt]sx?$/.test(path) && !/^test\/.*\.test\.ts$/.test(path))
      .map(path => `${path}: the runner does not find it`),
  ];
}
