import { expect, test } from 'vitest';
import { describeVerdict, renderAuditText } from '../../../src/report/audit-text.ts';
import { sampleReport } from './sample-report.ts';

const report = sampleReport({ changes: 50, command: 'audit' });

test('findings about one change stand together, those that fail first', () => {
  const text = renderAuditText(report);
  expect(text).toMatch(
    /\nFAIL {2}2025-12-1\d \d\d:\d\d:\d\d {2}lambda:[\w-]+ {2}123456789012 eu-west-1 {2}new\n {6}unexplained-change: no deploy explains \w+\n {6}person-change: /,
  );
  expect(text.lastIndexOf('\nFAIL')).toBeLessThan(text.indexOf('\ninfo'));
});

test('every finding shows the id of its change, or of its deploy', () => {
  const text = renderAuditText(report);
  for (const { event_id, deploy_id, accepted } of report.findings ?? [])
    if (accepted === undefined)
      expect(text).toContain(
        event_id === undefined ? `      deploy ${deploy_id}\n` : `      event ${event_id}\n`,
      );
});

test('accepted findings are only counted', () => {
  const findings = (report.findings ?? []).map(finding => ({ ...finding, accepted: 'in the baseline' }));
  const text = renderAuditText({ ...report, findings });
  expect(text).not.toMatch(/^(?:FAIL|info)/m);
  expect(text).toMatch(new RegExp(`\naudit passed: nothing to look at \\(${findings.length} accepted\\)\n$`));
});

test('the verdict counts what fails by kind, and never passes an incomplete answer', () => {
  expect(describeVerdict(report)).toMatch(
    /^audit failed: 2 findings to look at \(1 unexplained-change, 1 person-change, 4 for information, 2 accepted\)$/,
  );
  expect(describeVerdict({ ...report, complete: false })).toMatch(/, and the answer is incomplete$/);
  expect(describeVerdict({ ...report, findings: [] })).toBe('audit passed: nothing to look at');
  expect(describeVerdict({ ...report, findings: [], complete: false })).toBe(
    'audit incomplete: nothing to look at so far',
  );
});
