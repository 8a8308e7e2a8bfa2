/** One thing that is wrong with a record: where (a JSON Pointer, RFC 6901; empty for the whole) and what. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

/** A JSON Pointer for a path of keys. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** Problems in one line, for an error message. */
export function describeProblems(problems: readonly Problem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
}

/** A problem with its place in a file, as compilers write it. */
export function describeInFile(file: string, line: number, { path, message }: Problem): string {
  return path === '' ? `${file}:${line}: ${message}` : `${file}:${line}: ${path} ${message}`;
}
