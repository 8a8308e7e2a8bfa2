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

/** The tests that a footnote names, by its label. */
function footnotes(document: string): Map<string, string[]> {
  const notes = [...document.matchAll(/^(\[\^[^\]]+\]): (.*)$/gm)];
  return new Map(
    notes.map(([, label = '', text = '']) => [
      label,
      [...text.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
    ]),
  );
}

/** Each thing that somebody cannot do has a footnote with tests that are there; and no footnote is left over. */
export function threatProblems(document: string, paths: readonly string[]): string[] {
  const notes = footnotes(document);
  const used = new Set<string>();
  const problems = threatRows(document).flatMap(([who = '', , cannot = '']) =>
    cannot.split(';').flatMap(each => {
      const labels = each.match(/\[\^[^\]]+\]/g) ?? [];
      for (const label of labels) used.add(label);
      const tests = labels.flatMap(label => notes.get(label) ?? []);
      if (tests.length === 0) return [`${who}: ${JSON.stringify(each.trim())} names no test`];
      return tests
        .filter(path => !/^test\/.*\.test\.ts$/.test(path) || !paths.includes(path))
        .map(path => `${who}: ${path} is no test`);
    }),
  );
  const left = [...notes.keys()].filter(label => !used.has(label));
  return [...problems, ...left.map(label => `${label} is of nothing in the table`)];
}
