import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderAuditText } from '../../../src/report/audit-text.ts';
import { cellWidth } from '../../../src/report/plain-text.ts';
import { renderTraceTable } from '../../../src/report/trace-table.ts';
import { HOSTILE_TEXTS, hostileReport } from './hostile-report.ts';
import { reportWithGaps, sampleReport } from './sample-report.ts';

function expectToSuitTerminal(text: string): void {
  expect(text.endsWith('\n')).toBe(true);
  for (const line of text.slice(0, -1).split('\n')) {
    expect(cellWidth(line), line).toBeLessThanOrEqual(80);
    expect(line).not.toMatch(/\p{C}/u);
  }
}

test('a deploy shows its changes, and what it does not explain stands apart', () => {
  const lines = renderTraceTable(sampleReport({ changes: 24 })).split('\n');
  expect(lines.slice(0, 2)).toEqual([
    'trace  2025-12-07 18:00:00 to 2025-12-14 18:00:00 UTC',
    '  --since 7d',
  ]);
  const deploy = lines.findIndex(line => line.startsWith('2025-12-14 17:20:00  ✓ success'));
  expect(lines[deploy]).toMatch(/ {2}[0-9a-f]{7} {2}prod {2}lambda:resize-image$/);
  const told = lines.slice(deploy + 1, deploy + 7);
  expect(told.slice(0, 4)).toEqual([
    '  by jane (circleci), acme/app main',
    expect.stringMatching(/^ {2}commit https:\/\/github\.com\/acme\/app\/commit\/[0-9a-f]{12}$/),
    expect.stringMatching(/^ {2}run https:\/\/app\.circleci\.com\/pipelines\/gh\/acme\/app\/\d+$/),
    '  reason OPS-123, approved by bob',
  ]);
  expect(told[4]).toMatch(/^ {2}session deploy\/ci-prod-deploy-prod-sam-deploy-[0-9a-f]{7}$/);
  expect(told[5]).toBe('  window 2025-12-14 17:18:00 to 17:37:00');
  expect(lines[deploy + 7]).toMatch(/^ {4}17:2\d:00 {2}\w+(?: x\d)? +session$/);
  const open = lines.indexOf('Changes that no deploy explains');
  expect(open).toBeGreaterThan(deploy);
  expect(lines[open + 2]).toMatch(
    /^ {2}[✗~?] (?:UNEXPLAINED|COINCIDENT|AMBIGUOUS) +2025-12-1\d \d\d:\d\d:\d\d {2}\w+$/,
  );
  expect(lines.slice(-5)[1]).toMatch(/^\d+ explained, .*unexplained$/);
  expect(lines.slice(-3).join('\n')).toMatch(/may still be missing: CloudTrail\ntakes about five\.\n$/);
  expect(lines.join('\n')).not.toContain('INCOMPLETE');
});

test('equal changes of one deploy are one line with their number', () => {
  const report = sampleReport({ changes: 1 });
  const changes = [...report.changes, ...report.changes, ...report.changes];
  expect(renderTraceTable({ ...report, changes })).toMatch(
    / {4}17:21:00 {2}UpdateFunctionCode x3 {2}session\n/,
  );
});

test('every change shows the id that names it, equal ones each with its time, up to fifty', () => {
  const report = sampleReport({ changes: 24 });
  const text = renderTraceTable(report);
  for (const { event_id } of report.changes) expect(text).toContain(`event ${event_id}\n`);
  const [change] = report.changes;
  if (change === undefined) throw new Error('no change');
  const many = Array.from({ length: 55 }, (_, i) => ({
    ...change,
    standing: 'unexplained' as const,
    deploys: [],
    event_id: `e${i}`,
    time: `2025-12-14T17:21:${String(i).padStart(2, '0')}Z`,
  }));
  const open = renderTraceTable({ ...report, changes: many.toReversed() });
  expect(open).toContain(' x55\n');
  for (let i = 0; i < 50; i += 1)
    expect(open).toContain(`               2025-12-14 17:21:${String(i).padStart(2, '0')}  event e${i}\n`);
  expect(open).toContain('               … and 5 more events, see --json\n');
});

test('no actor, component or action is cut, however long', () => {
  const report = sampleReport({ changes: 24 });
  const long = (text: string) => `${text}/${'x'.repeat(150)}:end`;
  const changes = report.changes.map(change => ({
    ...change,
    action: long('action'),
    component: long('lambda:name'),
    actor: { ...change.actor, role: long('role'), session: long('session') },
  }));
  const deploys = report.deploys.map(deploy => ({
    ...deploy,
    components: ['a', 'b', 'c'].map(name => long(name)),
    role_session_name: long('session-name'),
  }));
  const text = renderTraceTable({ ...report, changes, deploys }).replaceAll(/\s+/g, '');
  for (const part of ['action', 'lambda:name', 'role', 'a', 'b', 'c', 'session-name'])
    expect(text, part).toContain(long(part));
  expect(text).toContain(`${long('role')}/${long('session')}`);
  expect(text).not.toContain('…');
});

test('what does not make an answer incomplete has its own section', () => {
  const text = renderTraceTable(reportWithGaps(3));
  expect(text).toMatch(
    /\nAlso to know\n {2}passed over: logs: 7 files beside the logs\n {2}bounded: uid-1: its window was cut \(3\)\n/,
  );
  expect(text).not.toContain('INCOMPLETE');
  expect(renderTraceTable(reportWithGaps(100))).toContain('\n  … and 40 more gaps, see --json\n');
});

test('an empty report says that there is nothing', () => {
  expect(renderTraceTable(sampleReport({ changes: 0 }))).toMatch(
    /\n0 deploys, 0 changes\nNo record was seen\. /,
  );
});

test('an incomplete report ends with what failed', () => {
  const text = renderTraceTable(sampleReport({ changes: 1, complete: false }));
  expect(text).toMatch(/\nINCOMPLETE: what is missing may change this answer\n {2}failed: event-history /);
  expect(text).toContain('us-east-1');
  expect(text).toContain('(ACCESS_DENIED)');
});

test('5,000 changes stay a text that somebody reads', () => {
  const text = renderTraceTable(sampleReport({ changes: 5000 }));
  expectToSuitTerminal(text);
  expect(text.split('\n').length).toBeLessThan(2_000);
  expect(text).toContain('… and 160 more deploys, see --json\n');
  expect(text).toMatch(/… and \d+ more kinds of change, see --json\n/);
});

describe('no value breaks a line, passes 80 cells or steers the terminal', () => {
  test.each(HOSTILE_TEXTS)('hostile text %#', text => {
    expectToSuitTerminal(renderTraceTable(hostileReport(text)));
    expectToSuitTerminal(renderAuditText(hostileReport(text, { command: 'audit' })));
  });

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expectToSuitTerminal(renderTraceTable(hostileReport(text)));
        expectToSuitTerminal(renderAuditText(hostileReport(text, { command: 'audit' })));
      }),
      { numRuns: 8 },
    );
  });
});
