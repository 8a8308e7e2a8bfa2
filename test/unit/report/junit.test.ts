import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderJunit } from '../../../src/report/junit.ts';
import { HOSTILE_TEXTS, hostileReport } from './hostile-report.ts';
import { reportWithGaps, sampleReport } from './sample-report.ts';
import { markupProblem } from './well-formed.ts';

const report = sampleReport({ changes: 50, command: 'audit' });
const tally = (xml: string, tag: string) => xml.split(`<${tag} `).length - 1;

test('each component is a case that fails with the findings that fail', () => {
  const xml = renderJunit(report);
  expect(xml).toMatch(
    /<testsuite name="deploy-marker audit" tests="4" failures="1" errors="0" skipped="1" time="0" timestamp="2025-12-14T18:00:05">/,
  );
  expect(tally(xml, 'testcase')).toBe(4);
  expect(xml).toMatch(
    /<testcase classname="[a-z+]+\.123456789012\.eu-west-1" name="lambda:[\w-]+" time="0"><failure type="unexplained-change" message="2 findings, the first: no deploy explains \w+">/,
  );
  expect(xml).toMatch(/<skipped message="2 findings not counted: in the baseline of 2025-12-01"\/>/);
});

test('a case of very many findings tells some and counts the rest', () => {
  const [first] = report.findings ?? [];
  if (first === undefined) throw new Error('no finding');
  const xml = renderJunit({
    ...report,
    findings: Array.from({ length: 1_234 }, () => ({ ...first, fails: true })),
  });
  expect(xml.split(`${first.kind}: `).length - 1).toBe(100);
  expect(xml).toContain('message="1,234 findings, the first: ');
  expect(xml).toContain('… and 1,134 more, see --json\n</failure>');
});

test('information and acceptance alone never fail a case', () => {
  const findings = (report.findings ?? []).map(finding => ({ ...finding, fails: false }));
  expect(renderJunit({ ...report, findings })).not.toContain('<failure');
});

test('a source that failed is an error', () => {
  const xml = renderJunit(sampleReport({ changes: 0, command: 'audit', complete: false }));
  expect(xml).toContain('tests="1" failures="0" errors="1"');
  expect(xml).toMatch(
    /<testcase classname="gaps\.failed" name="event-history 123456789012 us-east-1" time="0"><error message="event-history 123456789012 us-east-1 \(changes\): cloudtrail:LookupEvents is not allowed[^"]*" type="ACCESS_DENIED"\/>/,
  );
});

test('gaps are a suite of their own, in which what does not matter is skipped', () => {
  const xml = renderJunit({ ...reportWithGaps(150), command: 'audit' });
  expect(xml).toContain(
    '<testsuites name="deploy-marker" tests="102" failures="0" errors="0" skipped="101" time="0">',
  );
  expect(xml).toContain(
    '<testsuite name="deploy-marker audit: gaps" tests="101" failures="0" errors="0" skipped="101"',
  );
  expect(xml).toContain(
    '<testcase classname="gaps.passed-over" name="logs" time="0"><skipped message="logs: 7 files beside the logs"/></testcase>',
  );
  expect(xml).toContain('<skipped message="… and 50 more gaps, see --json"/>');
});

test('a secret is taken out before anything is escaped', () => {
  const secret = `<&"' a secret`;
  const clean = (text: string) => text.replaceAll(secret, '***');
  const xml = renderJunit(hostileReport(secret, { command: 'audit' }), clean);
  expect(xml).not.toContain('a secret');
  expect(xml).toContain('name="***"');
});

test('nothing to judge is a suite without cases', () => {
  expect(renderJunit(sampleReport({ changes: 0, command: 'audit' }))).toContain('tests="0" failures="0"');
});

test('it is XML whatever the values are', () => {
  for (const text of HOSTILE_TEXTS)
    expect(markupProblem(renderJunit(hostileReport(text, { command: 'audit' }))), text).toBeUndefined();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), text => {
      expect(markupProblem(renderJunit(hostileReport(text, { command: 'audit' })))).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test('the check of markup finds what is broken', () => {
  expect(markupProblem('<a b="1">x &amp; y<c/></a>')).toBeUndefined();
  for (const bad of [
    '<a>',
    '</a>',
    '<a></b>',
    '<a>&</a>',
    '<a b="&x"/>',
    '<a>\u0000</a>',
    '<a b=1/>',
    '<a><</a>',
  ])
    expect(markupProblem(bad), bad).toBeDefined();
});
