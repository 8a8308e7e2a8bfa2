import { describe, expect, test } from 'vitest';
import { renderInvestigation } from '../../../src/report/investigate-text.ts';
import { renderPage } from '../../../src/report/page/html-page.ts';
import { cellWidth, LINE_CELLS } from '../../../src/report/plain-text.ts';
import { HOSTILE_TEXTS, hostileReport } from './hostile-report.ts';
import { sampleInvestigation } from './sample-investigation.ts';
import { markupProblem } from './well-formed.ts';

describe('an investigation', () => {
  test.each([0, 1, 5, 200])(
    'of %i changes fits a terminal, and its summary has three to six lines',
    changes => {
      const report = sampleInvestigation({ changes });
      const lines = renderInvestigation(report).split('\n');
      expect(lines.filter(line => line.length > LINE_CELLS)).toEqual([]);
      expect(report.summary.length).toBeGreaterThanOrEqual(3);
      expect(report.summary.length).toBeLessThanOrEqual(6);
      expect(lines.filter(line => line === '' || line !== line.trimEnd()).every(line => line === '')).toBe(
        true,
      );
    },
  );

  test.each(HOSTILE_TEXTS)('steers no terminal and no page: %j', text => {
    const base = hostileReport(text, { command: 'trace' });
    const report = sampleInvestigation({ changes: 3, text, base });
    const lines = renderInvestigation(report).split('\n');
    for (const line of lines) {
      expect(cellWidth(line), line).toBeLessThanOrEqual(LINE_CELLS);
      expect(line).not.toMatch(/\p{C}/u);
    }
    const page = renderPage(report).replace(/<style>[\s\S]*?<\/style>/, '');
    expect(markupProblem(page, tag => tag === 'meta' || tag === 'br')).toBeUndefined();
    expect(page).not.toMatch(/<(?:script|img|iframe)\b/i);
  });

  test('that AWS Config records nothing is told once for each place, and what it records each time', () => {
    const report = sampleInvestigation({ changes: 3 });
    const none = { differences: [], noise: 0, shared_with: [], note: 'there is no recorder here' } as const;
    const tell = (state: 'not-recorded' | 'unchanged', regions: readonly string[]): number => {
      const changes = report.changes.map((change, rank) => ({
        ...change,
        region: regions[rank] ?? change.region,
        recorded: { ...none, state },
      }));
      return renderInvestigation({ ...report, changes }).split('there is no recorder here').length - 1;
    };
    const [here, there] = ['eu-west-1', 'us-east-1'];
    expect(tell('not-recorded', [here, here, here])).toBe(1);
    expect(tell('not-recorded', [here, there, here])).toBe(2);
    expect(tell('unchanged', [here, here, here])).toBe(3);
  });

  test('what must not be shown is cleaned in text and page', () => {
    const report = sampleInvestigation({ changes: 3, text: 'very-secret' });
    const clean = (text: string): string => text.replaceAll('very-secret', '***');
    expect(renderInvestigation(report, clean)).not.toContain('very-secret');
    expect(renderPage(report, clean)).not.toContain('very-secret');
  });
});
