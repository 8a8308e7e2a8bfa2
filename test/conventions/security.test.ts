import { describe, expect, test } from 'vitest';
import { readFiles, readOne } from './repository.ts';
import { threatProblems, threatRows } from './security-rules.ts';

const { text } = await readOne('SECURITY.md');
const PATHS = (await readFiles()).map(({ path }) => path);

describe('SECURITY.md', () => {
  test('has a test for all that somebody cannot do', () => {
    expect(threatProblems(text, PATHS)).toEqual([]);
  });

  test('tells of everybody who may want to do harm', () => {
    const rows = threatRows(text).map(([who]) => who);
    for (const who of [
      'branch',
      'colleague',
      'stops the trail',
      'nobody looks',
      '--deploy-role',
      'markers',
      'state',
      'trail',
      'proxy',
      'registry',
      'service',
    ]) {
      expect(rows.join(' ')).toContain(who);
    }
  });

  test.each([
    ['| a | b | do it |', '', 'a: "do it" names no test'],
    ['| a | b | do it [^1] |', '', 'a: "do it [^1]" names no test'],
    ['| a | b | do it [^1] |', '[^1]: `test/none.test.ts`', 'a: test/none.test.ts is no test'],
    ['| a | b | do it [^1] |', '[^1]: `src/x.ts`', 'a: src/x.ts is no test'],
    ['| a | b | do it [^1]; and that |', '[^1]: `test/x.test.ts`', 'a: "and that" names no test'],
    [
      '| a | b | do it [^1] |',
      '[^1]: `test/x.test.ts`\n[^2]: `test/x.test.ts`',
      '[^2] is of nothing in the table',
    ],
    ['| a | b | |', '', 'a: "" names no test'],
  ])('%s with %j is found', (row, notes, problem) => {
    const table = `| somebody who | can | cannot |\n| --- | --- | --- |\n${row}\n\n${notes}\n`;
    expect(threatProblems(table, ['test/x.test.ts'])).toEqual([problem]);
  });
});
