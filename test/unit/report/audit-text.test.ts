import { expect, test } from 'vitest';
import { describeVerdict, renderAuditText } from '../../../src/report/audit-text.ts';
import { sampleReport } from './sample-report.ts';

const report = sampleReport({ changes: 50, command: 'audit' });

test('findings about one change stand together, those that fail first', () => {
  const text = renderAuditText(report);
  expect(text).toMatch(
    /\n✗ FAIL {2}2025-12-1\d \d\d:\d\d:\d\d {2}lambda:[\w-]+ {2}123456789012 eu-west-1 {2}new\n {8}unexplained-change: no deploy explains \w+\n {8}person-change: /,
  );
  expect(text.lastIndexOf('\n✗ FAIL')).toBeLessThan(text.indexOf('\n· info'));
});

test('every finding shows the id of its change, or of its deploy', () => {
  const text = renderAuditText(report);
  for (const { event_id, deploy_id, accepted } of report.findings ?? [])
    if (accepted === undefined)
      expect(text).toContain(
        event_id === undefined ? `        deploy ${deploy_id}\n` : `        event ${event_id}\n`,
      );
});

test('a finding that is about a deploy tells who made it, and from where', () => {
  const text = renderAuditText(report);
  for (const row of ['by ', 'commit ', 'run https://app.circleci.com/']) {
    expect(text).toMatch(new RegExp(`^ {8}deploy [0-9a-f]{7} {2}[\\s\\S]*?^ {10}${row}`, 'm'));
  }
});

test('accepted findings are only counted', () => {
  const findings = (report.findings ?? []).map(finding => ({ ...finding, accepted: 'in the baseline' }));
  const text = renderAuditText({ ...report, findings });
  expect(text).not.toMatch(/^(?:✗ FAIL|· info)/m);
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
