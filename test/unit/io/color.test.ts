import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createRedactor } from '../../../src/errors/redactor.ts';
import { wantsColor } from '../../../src/io/color.ts';
import type { Env, Io } from '../../../src/io/io.ts';
import { createOutput } from '../../../src/io/output.ts';
import { createPaint } from '../../../src/io/paint.ts';
import { auditLines } from '../../../src/report/audit-text.ts';
import { cellWidth } from '../../../src/report/plain-text.ts';
import { traceLines } from '../../../src/report/trace-table.ts';
import { HOSTILE_TEXTS, hostileReport } from '../report/hostile-report.ts';
import { sampleReport } from '../report/sample-report.ts';

test.each<[string, Env, boolean, boolean]>([
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['auto', { TERM: 'dumb' }, true, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['auto', { FORCE_COLOR: '1' }, false, true],
  ['auto', { FORCE_COLOR: '1', TERM: 'dumb' }, false, true],
  ['auto', { FORCE_COLOR: '0' }, true, false],
  ['auto', { FORCE_COLOR: 'false' }, true, false],
  ['always', { NO_COLOR: '1', TERM: 'dumb' }, false, true],
  ['never', { FORCE_COLOR: '1' }, true, false],
])('--color %s with %j on a terminal: %s', (choice, env, isTerminal, wants) => {
  expect(wantsColor({ choice, env, isTerminal })).toBe(wants);
});

/** What the gate writes of lines. */
function written(
  lines: Parameters<ReturnType<typeof createOutput>['resultLines']>[0],
  isColored = true,
): string {
  let said = '';
  const sink = {
    write(text: string) {
      said += text;
    },
  };
  const io: Io = {
    env: {},
    cwd: '/',
    stdin: (async function* () {})(),
    stdout: sink,
    stderr: sink,
    now: () => 0,
    signal: new AbortController().signal,
    nodeVersion: '20.20.2',
    self: { node: '', script: '' },
  };
  const out = createOutput(io, { quiet: false, debug: false }, createRedactor());
  out.resultLines(lines, isColored ? createPaint() : undefined);
  return said;
}

const ESCAPE = String.fromCharCode(27);
// What our own paint writes: bold, dim, and the three colours, each taken back.
const OURS = new RegExp(`${ESCAPE}\\[(?:1|2|22|31|32|35|39)m`, 'g');

describe('colours', () => {
  test('leave every line what it is without them, at most 80 cells wide', () => {
    for (const lines of [
      traceLines(sampleReport({ changes: 24 })),
      auditLines(sampleReport({ changes: 50, command: 'audit', complete: false })),
    ]) {
      const colored = written(lines);
      expect(colored.match(OURS)?.length).toBeGreaterThan(20);
      expect(stripVTControlCharacters(colored)).toBe(written(lines, false));
      for (const line of stripVTControlCharacters(colored).split('\n'))
        expect(cellWidth(line)).toBeLessThan(81);
      expect(colored.replaceAll(OURS, '')).not.toContain('\u001b');
    }
  });

  test.each([...HOSTILE_TEXTS, '\u001b[32mgreen', '##[add-mask]x', '::add-mask::x', '\u001b[39m\u001b[2K'])(
    'are ours alone: %j',
    text => {
      for (const command of ['trace', 'audit'] as const) {
        const report = hostileReport(text, { command });
        const lines = command === 'trace' ? traceLines(report) : auditLines(report);
        const colored = written(lines);
        expect(stripVTControlCharacters(colored)).toBe(written(lines, false));
        expect(colored.replaceAll(OURS, '')).toBe(written(lines, false));
        expect(colored.replaceAll(OURS, '')).not.toMatch(/^\s*::|##(?=\w*\[)/m);
      }
    },
  );

  test('a line that the gate has to change is written without them', () => {
    expect(written([[{ text: '::add-', tone: 'bad' }, { text: 'mask::x' }]])).toBe('\\u003a:add-mask::x\n');
    expect(written([[{ text: '#', tone: 'bad' }, { text: '#[x]' }]])).toBe('#\\u0023[x]\n');
    expect(written([[{ text: 'a\u001b[31mb', tone: 'good' }]])).toBe('a\\u001b[31mb\n');
    expect(written([[{ text: 'AKIAABCDEFGHIJKLMNOP', tone: 'good' }]])).toBe('***\n');
    expect(written([[{ text: 'a\nb', tone: 'good' }]])).not.toContain('\nb');
  });
});
