import { expect, test } from 'vitest';
import type { FindingKind, Report, ReportFinding } from '../../../src/core/findings/report.ts';
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

test('findings that do not count are a line each, with the reason, what nobody accepted first', () => {
  const [one, , ...rest] = (report.findings ?? []).filter(({ event_id }) => event_id !== undefined);
  if (one === undefined) throw new Error('there is no finding');
  const findings = [
    ...rest.slice(0, 2).map(finding => ({ ...finding, accepted: 'allowed until 2099-12-31: OPS-1' })),
    { ...one, id: 'b', event_id: 'b', accepted: 'in the baseline' },
    { ...one, accepted: 'told on 2025-12-15T06:00:00Z' },
  ];
  const text = renderAuditText({ ...report, findings });
  expect(text).not.toMatch(/^(?:✗ FAIL|· info)/m);
  const list = text.replaceAll(/\n {6}/g, ' ');
  const told = list.indexOf(`${one.component}  ${one.kind}: told on 2025-12-15T06:00:00Z\n`);
  const allowed = list.indexOf('allowed until 2099-12-31: OPS-1\n');
  expect(told).toBeGreaterThan(list.indexOf('Found, and not counted\n'));
  expect(allowed).toBeGreaterThan(told);
  expect(list).toContain(`${one.component}  ${one.kind}: in the baseline\n`);
  const verdict = describeVerdict({ ...report, findings });
  expect(verdict).toBe(
    'audit passed: nothing new to look at (1 told before and still there, 1 in the baseline, 2 allowed)',
  );
});

test('many that do not count are not all told', () => {
  const [one] = report.findings ?? [];
  if (one === undefined) throw new Error('there is no finding');
  const findings = Array.from({ length: 50 }, (_, rank) => ({
    ...one,
    id: `${rank}`,
    event_id: `${rank}`,
    accepted: 'in the baseline',
  }));
  const text = renderAuditText({ ...report, findings });
  expect(text).toContain('… and 30 more not counted, see --json\n');
  expect(describeVerdict({ ...report, findings })).toBe(
    'audit passed: nothing but what is accepted (50 in the baseline)',
  );
});

test('the verdict counts what is to be looked at, and never passes an incomplete answer', () => {
  expect(describeVerdict(report)).toMatch(
    /^audit failed: 1 change to look at \(unexplained-change, person-change, 4 for information, 2 in the baseline\)$/,
  );
  expect(describeVerdict({ ...report, complete: false })).toMatch(/, and the answer is incomplete$/);
  expect(describeVerdict({ ...report, findings: [] })).toBe('audit passed: nothing to look at');
  expect(describeVerdict({ ...report, findings: [], complete: false })).toBe(
    'audit incomplete: nothing to look at so far',
  );
  const failing = (report.findings ?? []).filter(({ fails, accepted }) => fails && accepted === undefined);
  const second = failing.map(finding => ({ ...finding, id: `${finding.id}2`, event_id: 'other' }));
  expect(describeVerdict({ ...report, findings: [...failing, ...second] })).toBe(
    'audit failed: 2 changes to look at (2 unexplained-change, 2 person-change)',
  );
  const ofDeploy = failing.slice(0, 1).map(({ event_id, ...finding }) => ({
    ...finding,
    id: `${event_id}`,
    deploy_id: 'd',
    kind: 'unfinished-deploy' as const,
  }));
  expect(describeVerdict({ ...report, findings: [...failing, ...ofDeploy] })).toBe(
    'audit failed: 1 change and 1 other finding to look at (1 unexplained-change, 1 person-change, 1 unfinished-deploy)',
  );
});

test('what does not fail is told with its kinds; where nothing was to fail, that is no pass', () => {
  const [one] = report.findings ?? [];
  if (one === undefined) throw new Error('there is no finding');
  const { accepted: _, ...open } = one;
  const toNote = (kind: FindingKind, fields: Partial<ReportFinding> = {}): ReportFinding => ({
    ...open,
    id: kind,
    kind,
    fails: false,
    ...fields,
  });
  const note = toNote('person-change');
  const notes = [note, toNote('coincident-change')];
  const verdict = (findings: readonly ReportFinding[], fields: Partial<Report> = {}): string =>
    describeVerdict({ ...report, findings, ...fields });
  const failing = (...fail_on: FindingKind[]): Partial<Report> => ({
    judged_by: { tool: 'deploy-marker 1.2.3', settings: [], files: [], accounts: [], fail_on },
  });
  const kinds = '(person-change, coincident-change)';
  expect(verdict(notes)).toBe(`audit passed: 2 findings, none of which fails by --fail-on ${kinds}`);
  expect(verdict([note])).toBe('audit passed: 1 finding, which does not fail by --fail-on (person-change)');
  const allowed = toNote('coincident-change', { event_id: 'a', accepted: 'allowed until 2099-12-31: x' });
  expect(verdict([note, allowed])).toBe(
    'audit passed: 1 finding, which does not fail by --fail-on (person-change, 1 allowed)',
  );
  expect(verdict(notes, { complete: false })).toBe(
    `audit incomplete: 2 findings so far, none of which fails by --fail-on ${kinds}`,
  );
  expect(verdict(notes, failing())).toBe(`report only: 2 findings, and none was to fail ${kinds}`);
  expect(verdict([], failing())).toBe('report only: nothing to look at');
  expect(verdict([], failing('person-change'))).toBe('audit passed: nothing to look at');
  expect(verdict([toNote('tampered-log', { fails: true })], failing())).toMatch(/^audit failed: /);
});

test('where no changes could be read, nothing was judged', () => {
  const error = { code: 'ACCESS_DENIED', message: 'no' };
  const sources = report.sources.map(source =>
    source.side === 'changes' ? { ...source, records: 0, complete: false, error } : source,
  );
  expect(describeVerdict({ ...report, sources, findings: [], complete: false })).toMatch(
    /^audit incomplete: nothing could be judged \(no changes could be read of \d sources?\)$/,
  );
});
