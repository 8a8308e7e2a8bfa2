import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchorsIn, linkProblems, linksIn } from './document-links.ts';
import { readFiles, readOne } from './repository.ts';

const FILES = await readFiles();
const DOCUMENTS = FILES.filter(({ path }) => path.endsWith('.md'));

describe('links', () => {
  test('every one of every document leads somewhere', () => {
    const links = DOCUMENTS.flatMap(linksIn).filter(link => !link.startsWith('https:'));
    expect(links.length).toBeGreaterThan(50);
    expect(linkProblems(FILES)).toEqual([]);
  });

  // npm shows README alone, and finds what it links to by `repository`, from the root.
  test('those of README stay below the root', async () => {
    const links = linksIn(await readOne('README.md'));
    expect(links.filter(link => !/^(?:https:\/\/|#|[\w.-]+(?:\/|\.md|$))/.test(link))).toEqual([]);
  });

  test('every other document is reached from README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      const document = DOCUMENTS.find(each => each.path === path);
      for (const link of document === undefined ? [] : linksIn(document)) {
        const [name = ''] = link.split('#');
        if (name.endsWith('.md') && !link.startsWith('https:'))
          reached.add(new URL(name, `file:///${path}`).pathname.slice(1));
      }
    }
    expect(DOCUMENTS.map(({ path }) => path).filter(path => !reached.has(path))).toEqual([]);
  });

  test.each([
    ['a missing file', '[x](gone.md)'],
    ['a missing heading', '[x](#gone)'],
    ['a missing heading of another file', '[x](b/B.md#gone)'],
    ['a path from the root', '[x](/b/B.md)'],
    ['another scheme', '[x](http://example.com)'],
    ['code in its text', '[`x`](gone.md)'],
  ])('%s is found', (_, text) => {
    const files = [
      { path: 'A.md', text: `# Top\n${text}` },
      { path: 'b/B.md', text: '## Here' },
    ];
    expect(linkProblems(files)).toHaveLength(1);
  });

  test('what leads somewhere, or is code, is fine', () => {
    const text =
      '# It’s *a* `b_c`: d\n# Twice\n# Twice\n[x](#its-a-b_c-d) [y](b/B.md#here) [z](#twice-1) `[a](b)`';
    const files = [
      { path: 'A.md', text: `${text}\n\`\`\`sh\n# no heading\n[a](b)\n\`\`\`\n` },
      { path: 'b/B.md', text: '## Here\n[up](../A.md)' },
    ];
    expect(linkProblems(files)).toEqual([]);
    expect([...anchorsIn({ path: 'A.md', text })]).toEqual(['its-a-b_c-d', 'twice', 'twice-1']);
  });
});

test('package.json, the orb and npm know one address of the repository', async () => {
  const { repository, homepage, bugs } = JSON.parse((await readOne('package.json')).text);
  const { display } = parse((await readOne('orb/src/@orb.yml')).text);
  expect({ repository, homepage, bugs }).toEqual({
    repository: { type: 'git', url: `git+${display.source_url}.git` },
    homepage: `${display.home_url}#readme`,
    bugs: `${display.source_url}/issues`,
  });
});
