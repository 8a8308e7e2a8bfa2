import { expect, test } from 'vitest';
import { DEFAULT_FAIL_ON } from '../../../../src/core/findings/finding.ts';
import type { JudgedBy, Report } from '../../../../src/core/findings/report.ts';
import {
  judgedParagraphs,
  renderJudged,
  toJudgedProperties,
} from '../../../../src/report/words/judged-words.ts';
import { sampleReport } from '../sample-report.ts';

const REPORT = sampleReport({ changes: 5, command: 'audit' });

function judgedBy(fields: Partial<JudgedBy>): Report {
  const { judged_by: by } = REPORT;
  if (by === undefined) throw new Error('it does not tell what it was judged by');
  return { ...REPORT, question: { since: '7d' }, judged_by: { ...by, ...fields } };
}

const textOf = (report: Report): string =>
  judgedParagraphs(report)
    .map(({ text }) => text)
    .join('\n');

test('text tells what somebody set, and which lists', () => {
  expect(textOf(judgedBy({}))).toBe(
    'Judged by deploy-marker 1.2.3: --fail-on unexplained-change,person-change --deploy-role deploy,ship-* --allow allow.json (sha256 c0f5d421c0f5)',
  );
  expect(textOf(judgedBy({ fail_on: DEFAULT_FAIL_ON, settings: [] }))).toBe('Judged by deploy-marker 1.2.3');
  const verified = [{ flag: 'verify', values: ['true'], from: 'flag' } as const];
  expect(textOf(judgedBy({ fail_on: [], settings: verified }))).toBe(
    'Judged by deploy-marker 1.2.3: --fail-on none --verify',
  );
});

test('the page tells all of it, with whole digests, and who set what', () => {
  const page = renderJudged(judgedBy({}))
    ?.markup.replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
  for (const row of [
    'program deploy-marker 1.2.3',
    'asked by circleci, acme/app main',
    ', started by jane, https://app.circleci.com/',
    'accounts seen 123456789012',
    '--since 7d',
    '--fail-on unexplained-change, person-change --services',
    '--services lambda, cloudformation by default',
    '--deploy-role deploy, ship-* from the settings file',
    '--verify no by default',
    `--allow allow.json sha256 ${'c0f5d421'.repeat(8)} · from a variable`,
  ]) {
    expect(page).toContain(row);
  }
});

test('very many accounts are not all named, and none is told as such', () => {
  const accounts = Array.from({ length: 80 }, (_, rank) => String(100_000_000_000 + rank));
  const many = toJudgedProperties(judgedBy({ accounts }), text => text)?.markup ?? '';
  expect(many).toContain('100000000049 and 30 more, see --json');
  expect(many).not.toContain('100000000050');
  expect(renderJudged(judgedBy({ accounts: [] }))?.markup).toMatch(/accounts seen<\/dt><dd>none/);
});

test('a report of another command has none of it', () => {
  const trace = sampleReport({ changes: 5 });
  expect([judgedParagraphs(trace), renderJudged(trace), toJudgedProperties(trace, text => text)]).toEqual([
    [],
    undefined,
    undefined,
  ]);
});
