import { describe, expect, test } from 'vitest';
import type { Report } from '../../../../src/core/findings/report.ts';
import { reportJson } from '../../../../src/core/findings/report-json.ts';
import { sampleReport } from '../../report/sample-report.ts';

describe('the JSON of a report', () => {
  test.each<[string, Report]>([
    ['of an audit', sampleReport({ changes: 40 })],
    ['of nothing', { ...sampleReport({ changes: 0 }), deploys: [], changes: [], findings: [], sources: [] }],
  ])('is what JSON.stringify makes %s', (_, report) => {
    expect([...reportJson(report)].join('')).toBe(JSON.stringify(report));
  });

  test('comes in pieces, none of which is long, and which end between entries', () => {
    const pieces = [...reportJson(sampleReport({ changes: 5_000 }))];
    expect(pieces.length).toBeGreaterThan(10);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(80_000);
    expect(pieces.slice(0, -1).filter(piece => !/[}\]]$/.test(piece))).toEqual([]);
  });
});
