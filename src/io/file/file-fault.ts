/** Why the system refuses a file, as people say it. Codes: https://nodejs.org/api/errors.html#common-system-errors */
const WORDS: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead nowhere',
  ENAMETOOLONG: 'its name is too long',
  ENOSPC: 'no space is left',
  ENOTDIR: 'a part of its path is no folder',
  EPERM: 'permission is denied',
  EROFS: 'it is on a file system that cannot be written',
};

/**
 * Why a call of the system failed, in words, with the system's code, and without the path that it was given: people may know the file
 * by another one.
 *
 * @param wanted what was to be done with the file: one that is to be written may be missing, but not its folder
 */
export function describeFileFault(error: unknown, wanted: 'read' | 'write'): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const missing = wanted === 'read' ? 'it does not exist' : 'its folder does not exist';
  const words = code === 'ENOENT' ? missing : WORDS[code];
  return words === undefined ? error.message.replace(/, \w+ '.*$/s, '') : `${words} (${code})`;
}
