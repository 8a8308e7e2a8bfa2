import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeVerdict } from '../../../../src/report/audit-text.ts';
import { renderPage } from '../../../../src/report/page/html-page.ts';
import { HOSTILE_TEXTS, hostileReport } from '../hostile-report.ts';
import { reportWithGaps, sampleReport } from '../sample-report.ts';
import { markupProblem } from '../well-formed.ts';

const isVoid = (tag: string) => ['meta', 'br'].includes(tag);
const bodyOf = (page: string) => page.replace(/<style>[\s\S]*?<\/style>/, '');

/** Tags, handlers and addresses that a page of ours never has. */
function expectHarmless(page: string): void {
  expect(markupProblem(bodyOf(page), isVoid)).toBeUndefined();
  expect(page).not.toMatch(
    /<(?:script|img|iframe|object|embed|link|base|form|input|audio|video|foreignObject)\b/i,
  );
  for (const [tag] of bodyOf(page).matchAll(/<[^>]*>/g))
    expect(tag.replace(/"[^"]*"/g, '')).not.toMatch(/\son|style=/i);
  for (const [, address = ''] of page.matchAll(/\s(?:href|src|xlink:href|action)="([^"]*)"/g))
    expect(address).toMatch(/^(?:#[\w-]*|https:\/\/.*)$/);
}

test('a value that nobody reads is not the whole page, which says how much is left out', () => {
  const page = renderPage(hostileReport('x'.repeat(100_000), { changes: 1 }));
  expect(page.length).toBeLessThan(400_000);
  expect(page).toContain('[… 96,000 characters left out, see --json …]');
});

test('the page forbids itself everything but its own style', () => {
  const page = renderPage(sampleReport({ changes: 1 }));
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
  );
  expect(page).not.toMatch(/@import|url\(/);
});

test('a very large report shows what wants a look first, and says what it leaves out', () => {
  const report = sampleReport({ changes: 50, command: 'audit' });
  const [change] = report.changes;
  const [finding] = report.findings ?? [];
  if (change === undefined || finding === undefined) throw new Error('nothing to show');
  const fine = Array.from({ length: 10_000 }, () => ({ ...change, standing: 'explained' }) as const);
  const noted = Array.from({ length: 10_004 }, (_, i) => ({ ...finding, event_id: `e${i}`, fails: false }));
  const last = { ...finding, event_id: 'last', message: 'the last one', fails: true, accepted: undefined };
  const open = { ...change, standing: 'unexplained', action: 'TheOpenOne' } as const;
  const page = renderPage({ ...report, changes: [...fine, open], findings: [...noted, last] });
  expect(page).toContain('<p class="sub">Left out here: 1 change and 5 findings. See --json for all.</p>');
  for (const text of ['the last one', 'TheOpenOne']) expect(page).toContain(text);
  expect(renderPage(report)).not.toContain('Left out here');
});

describe('every value is text', () => {
  test.each(HOSTILE_TEXTS)('hostile text %#', text => {
    expectHarmless(renderPage(hostileReport(text)));
    expectHarmless(renderPage(hostileReport(text, { command: 'audit' })));
  });

  test('any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), text => {
        expectHarmless(renderPage(hostileReport(text)));
      }),
      { numRuns: 30 },
    );
  });

  test.each([
    ['https://ci.example/1?a=b&c="d"', true],
    ['http://ci.example/1', false],
    ['javascript:alert(1)', false],
    ['data:text/html,x', false],
    ['https://', false],
    [' https://ci.example/1', false],
  ])('%s is a link: %s', (url, isLink) => {
    const report = sampleReport({ changes: 1 });
    const deploys = report.deploys.map(({ commit_url: _, ...deploy }) => ({ ...deploy, url }));
    expect(renderPage({ ...report, deploys }).includes('rel="noopener noreferrer"')).toBe(isLink);
    const commits = report.deploys.map(({ url: _, ...deploy }) => ({ ...deploy, commit_url: url }));
    expect(renderPage({ ...report, deploys: commits }).includes('rel="noopener noreferrer"')).toBe(isLink);
  });
});

describe('marks and rows', () => {
  const page = renderPage(sampleReport({ changes: 50 }));
  const idsOf = (pattern: RegExp) => [...page.matchAll(pattern)].map(([, id = '']) => id);

  test('each change and each deploy has one row', () => {
    const ids = idsOf(/<tr role="row" id="([^"]*)"/g);
    expect(ids.filter(id => id.startsWith('c'))).toHaveLength(50);
    expect(ids.filter(id => id.startsWith('d'))).toHaveLength(14);
    expect(new Set(ids).size).toBe(64);
  });

  test('every mark leads to a row', () => {
    const ids = new Set(idsOf(/\sid="([^"]*)"/g));
    const targets = idsOf(/href="#([^"]*)"/g);
    expect(targets.length).toBeGreaterThan(40);
    expect(targets.filter(target => !ids.has(target))).toEqual([]);
  });

  test('standings differ in shape', () => {
    const shapes = [...page.matchAll(/<svg class="i"[^>]*><path class="m \w+" d="([^"]*)"/g)].map(
      ([, path]) => path,
    );
    expect(new Set(shapes).size).toBe(5);
  });
});

describe('what the page says first', () => {
  const titleOf = (page: string) => /<h1>(.*?)<\/h1>/.exec(page)?.[1];
  test.each([
    [sampleReport({ changes: 0 }), 'No deploy and no change'],
    [sampleReport({ changes: 1 }), 'The one change is accounted for'],
    [sampleReport({ changes: 50 }), '5 of 50 changes to look at'],
    [sampleReport({ changes: 50, command: 'audit' }), 'Audit failed'],
    [sampleReport({ changes: 0, command: 'audit' }), 'Audit passed'],
    [sampleReport({ changes: 0, command: 'audit', complete: false }), 'Audit incomplete'],
  ])('%#: %s', (report, title) => {
    expect(titleOf(renderPage(report))).toBe(title);
  });

  test('an incomplete answer names the source that failed', () => {
    expect(renderPage(sampleReport({ changes: 1, complete: false }))).toContain(
      '<li><span class="tag">failed</span> event-history 123456789012 us-east-1 (changes): cloudtrail:LookupEvents is not allowed',
    );
  });

  test('a complete answer tells quietly what it does without, and folds a long list', () => {
    const page = renderPage(reportWithGaps(3));
    expect(page).toContain('<section class="gaps quiet" aria-label="Also to know">');
    expect(page).toContain('<li><span class="tag">passed over</span> logs: 7 files beside the logs</li>');
    expect(page).not.toContain('This answer is incomplete');
    expect(page).not.toContain('<details>');
    expect(renderPage(reportWithGaps(300))).toMatch(
      /<details><summary>.*<small>300<\/small>.*<li>… and 100 more gaps, see --json<\/li>/s,
    );
  });

  test('a secret is taken out of values before they are escaped, and the verdict still counts all', () => {
    const report = sampleReport({ changes: 50, command: 'audit' });
    const [change] = report.changes;
    if (change === undefined) throw new Error('no change');
    const secret = `<&"' a secret`;
    const page = renderPage({ ...report, changes: [{ ...change, component: `lambda:${secret}` }] }, text =>
      text.replaceAll(secret, '***'),
    );
    expect(page).toContain('lambda:***');
    expect(page).not.toContain('a secret');
    expect(page).toContain(describeVerdict(report));
  });
});
