import type { Report } from '../../../src/core/findings/report.ts';
import { sampleReport } from './sample-report.ts';

// Closed sets, times and numbers are ours; everything else came from a log, a marker or a flag.
const OURS = new Set([
  'command',
  'standing',
  'rule',
  'status',
  'state',
  'kind',
  'side',
  'time',
  'generated_at',
  'from',
  'until',
  'started_at',
  'deployed_at',
]);

/** A report in which every value from outside is the given text; ids stay what they lead to. */
export function hostileReport(
  text: string,
  options: Partial<Parameters<typeof sampleReport>[0]> = {},
): Report {
  const report = sampleReport({ changes: 24, complete: false, ...options });
  const ids = new Set(report.deploys.map(({ deploy_id }) => deploy_id));
  return JSON.parse(JSON.stringify(report), (key, value: unknown) =>
    typeof value !== 'string' || OURS.has(key) || ids.has(value) ? value : text,
  );
}

/** Escape sequences, bidirectional marks, markup and what XML cannot hold. */
export const HOSTILE_TEXTS = [
  '\u001b[2J\u001b]0;title\u0007',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onfocus='alert(1)",
  ']]>&lt;&#0;<!--',
  '\u0000\u0008\u000b\ufffe\uffff\ud800',
  '\u202egnp.exe\u2066',
  'line\r\nbreak\u2028\u2029\u0085\u009b31m',
  'javascript:alert(1)',
  '日本語のとても長い名前'.repeat(12),
  'e\u0301'.repeat(200),
  '👩‍👩‍👧‍👦'.repeat(40),
  'x'.repeat(3000),
  '',
] as const;
