/** Rows of the table of who can do what: who, what they can, what they cannot. */
export function threatRows(document: string): string[][] {
  const lines = document.split('\n');
  const head = lines.findIndex(line => line.startsWith('| somebody who |'));
  const end = lines.findIndex((line, rank) => rank > head && !line.startsWith('|'));
  return lines.slice(head + 2, end).map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

/** Each thing that somebody cannot do names a test that is there. */
export function threatProblems(document: string, paths: readonly string[]): string[] {
  return threatRows(document).flatMap(([who = '', , cannot = '']) =>
    cannot.split(';').flatMap(each => {
      const tests = [...each.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path);
      if (tests.length === 0) return [`${who}: ${JSON.stringify(each.trim())} names no test`];
      return tests
        .filter(path => !path.endsWith('.test.ts') || !paths.includes(path))
        .map(path => `${who}: ${path} is no test`);
    }),
  );
}
