/** The two files of AWS's tools; each spells the sections of profiles in its own way. */
export type AwsFileKind = 'config' | 'credentials';

/** Lines of a file from `start` up to `end`. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The profile whose section a line begins. In the configuration file that is `[profile NAME]`, or `[default]`, which may be
 * `[profile default]`, too; in the credentials file `[NAME]`, where the other spelling counts for a few tools. White space, quotes
 * and a comment behind it are taken as the AWS CLI takes them, or more widely: what might be the section is it.
 */
export function profileOfHeader(line: string, kind: AwsFileKind): string | undefined {
  // A byte order mark, read as UTF-8 or one character a byte.
  const name = /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s*\[([^\]]+)\]/.exec(line)?.[1];
  const words =
    name
      ?.replace(/["'\\]/g, '')
      .trim()
      .split(/\s+/) ?? [];
  if (words.length === 2 && words[0] === 'profile') return words[1];
  const isPlain = words.length === 1 && (kind === 'credentials' || words[0] === 'default');
  return isPlain ? words[0] : undefined;
}

/** The sections of a profile, from their headers up to the next header of any kind. */
export function findSections(lines: readonly string[], profile: string, kind: AwsFileKind): LineRange[] {
  return rangesOf(lines, line => profileOfHeader(line, kind) === profile);
}

function rangesOf(lines: readonly string[], begins: (line: string) => boolean): LineRange[] {
  return lines.flatMap((line, start) => {
    if (!begins(line)) return [];
    const length = lines.slice(start + 1).findIndex(next => next.trimStart().startsWith('['));
    return [{ start, end: length === -1 ? lines.length : start + 1 + length }];
  });
}

/**
 * The sections `[DEFAULT]`, not to be confused with `[default]`: Python's parser, and with it the AWS CLI, gives what stands in them to
 * every other section of the file.
 * Source: https://docs.python.org/3/library/configparser.html, "default_section"
 */
export function sectionsForAll(lines: readonly string[]): LineRange[] {
  return rangesOf(lines, line => /^\s*\[DEFAULT\]/.test(line));
}

/** The setting that a line gives: its key in lower case, and its value; both `=` and `:` may stand between, as in Python's files. */
export function readSetting(line: string): { readonly key: string; readonly value: string } | undefined {
  const match = /^\s*([^\s#;[=:][^=:]*?)\s*[=:]\s*(.*?)\s*$/.exec(line);
  return match === null ? undefined : { key: (match[1] ?? '').toLowerCase(), value: match[2] ?? '' };
}
