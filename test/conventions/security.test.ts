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
    for (const who of ['branch', 'colleague', 'markers', 'state', 'trail', 'proxy', 'registry', 'service']) {
      expect(rows.join(' ')).toContain(who);
    }
  });

  test.each([
    ['| a | b | do it |', 'a: "do it" names no test'],
    ['| a | b | do it (`test/none.test.ts`) |', 'a: test/none.test.ts is no test'],
    ['| a | b | do it (`test/x.test.ts`); and that |', 'a: "and that" names no test'],
    ['| a | b | |', 'a: "" names no test'],
  ])('%s is found', (row, problem) => {
    const table = `| somebody who | can | cannot |\n| --- | --- | --- |\n${row}\n`;
    expect(threatProblems(table, ['test/x.test.ts'])).toEqual([problem]);
  });
});
