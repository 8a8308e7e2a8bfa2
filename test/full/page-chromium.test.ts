import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, measurePage } from '../../scripts/bench/page.mjs';
import type { Report } from '../../src/core/findings/report.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { renderPage } from '../../src/report/page/html-page.ts';
import { HOSTILE_TEXTS, hostileReport } from '../unit/report/hostile-report.ts';
import { sampleInvestigation } from '../unit/report/sample-investigation.ts';
import { sampleReport } from '../unit/report/sample-report.ts';

const executablePath = findChromium();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// Rows are all made alike: axe-core, which takes many minutes for thousands, sees the first of each list.
const MORE_ROWS = 'tbody tr:nth-child(n+40), .findings li:nth-child(n+40)';
const SIZES = [0, 1, 50, 5000];

test('a Chromium is there in CI: DEPLOY_MARKER_CHROMIUM, or chromium on PATH', () => {
  if (process.env['CI'] === 'true') expect(executablePath).toBeDefined();
});

describe.runIf(executablePath !== undefined)('the page in Chromium', () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-page-'));

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '' });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface View {
    readonly report: Report;
    readonly width?: number;
    readonly colorScheme?: 'light' | 'dark';
  }

  /** Opens the page; `seen` holds what went to the console and every request but the one for the page. */
  async function open({ report, width = 1280, colorScheme = 'light' }: View) {
    const file = join(folder, 'page.html');
    writeFileSync(file, renderPage(report));
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const seen: string[] = [];
    page.on('console', message => seen.push(message.text()));
    page.on('pageerror', error => seen.push(error.message));
    page.on('request', request => seen.push(request.url()));
    const address = pathToFileURL(file).href;
    await page.goto(address);
    expect(seen.shift()).toBe(address);
    return { page, seen };
  }

  /** What axe-core finds wrong, as lines that name the rule and the first place. */
  async function axeProblems(page: Page): Promise<string[]> {
    return page.evaluate(`${AXE};document.querySelectorAll('${MORE_ROWS}').forEach(row => row.remove());
      axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations.map(({ id, help, nodes }) => id + ': ' + help + ' ' + nodes[0].html.slice(0, 200)))`);
  }

  const overflow = (page: Page) =>
    page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  describe.each(SIZES)('%i changes', changes => {
    test.each([
      [1280, 'light'],
      [1280, 'dark'],
      [375, 'light'],
      [375, 'dark'],
    ] as const)('%i pixels, %s: accessible, quiet, no wider than the screen', async (width, colorScheme) => {
      const command = width === 375 ? 'audit' : 'trace';
      const report = sampleReport({ changes, command, complete: changes !== 50 });
      const { page, seen } = await open({ report, width, colorScheme });
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await axeProblems(page)).toEqual([]);
      expect(seen).toEqual([]);
      await page.close();
    });
  });

  test.each([
    [1280, 'light'],
    [375, 'dark'],
    [375, 'light'],
  ] as const)(
    'an investigation at %i pixels, %s: accessible, quiet, no wider than the screen',
    async (width, colorScheme) => {
      for (const changes of [0, 20]) {
        const { page, seen } = await open({ report: sampleInvestigation({ changes }), width, colorScheme });
        expect(await overflow(page)).toBeLessThanOrEqual(0);
        expect(await axeProblems(page)).toEqual([]);
        expect(seen).toEqual([]);
        await page.close();
      }
      for (const text of HOSTILE_TEXTS) {
        const base = hostileReport(text, { command: 'trace' });
        const { page, seen } = await open({
          report: sampleInvestigation({ changes: 3, text, base }),
          width,
          colorScheme,
        });
        expect(await overflow(page), text).toBeLessThanOrEqual(0);
        expect(seen).toEqual([]);
        await page.close();
      }
    },
  );

  test('hostile values run nothing, load nothing and widen nothing', async () => {
    for (const text of HOSTILE_TEXTS) {
      const { page, seen } = await open({ report: hostileReport(text, { command: 'audit' }), width: 375 });
      expect(await overflow(page), text).toBeLessThanOrEqual(0);
      expect(seen).toEqual([]);
      await page.close();
    }
  });

  test('the keyboard reaches marks, and from a mark its row', async () => {
    const { page } = await open({ report: sampleReport({ changes: 50 }) });
    expect(await page.getByRole('link', { name: /^Deploy [0-9a-f]{7} / }).count()).toBeGreaterThan(10);
    expect(await page.getByRole('link', { name: /^unexplained: / }).count()).toBe(2);
    const focused = () => page.evaluate<string>(`document.activeElement.getAttribute('class') ?? ''`);
    for (let i = 0; i < 40 && (await focused()) !== 'c'; i += 1) await page.keyboard.press('Tab');
    expect(await focused()).toBe('c');
    const shown = page.locator('.t:visible');
    expect(await shown.count()).toBe(1);
    const target = await page.evaluate<string>(`document.activeElement.getAttribute('href')`);
    await page.keyboard.press('Enter');
    await page.waitForFunction(`document.activeElement.tagName === 'TR'`);
    expect(await page.evaluate<string>(`'#' + document.activeElement.id`)).toBe(target);
    expect(await page.locator('tr:target').count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate<boolean>(`document.activeElement.closest('tr') !== null`)).toBe(true);
    await page.close();
  });

  test('pointing at a mark shows its details inside the time line', async () => {
    const { page } = await open({ report: sampleReport({ changes: 50 }), width: 1000 });
    const marks = page.locator('.lanes a');
    for (let i = 0; i < (await marks.count()); i += 1) {
      const tip = marks.nth(i).locator('.t');
      await marks.nth(i).focus();
      await page.keyboard.press('Shift');
      const box = await tip.boundingBox();
      const board = await page.locator('.board').boundingBox();
      if (box === null || board === null) throw new Error(`mark ${i} shows nothing`);
      expect(box.x).toBeGreaterThanOrEqual(board.x);
      expect(box.x + box.width).toBeLessThanOrEqual(board.x + board.width);
    }
    await page.close();
  });

  test('a mark leads to its row among thousands', async () => {
    const { page } = await open({ report: sampleReport({ changes: 5000 }) });
    await page.locator('.lanes .c').nth(20).locator('.h').click();
    const row = page.locator('tr:target');
    await expect.poll(() => row.evaluate(element => element.getBoundingClientRect().top)).toBeLessThan(800);
    expect(await row.evaluate(element => element.getBoundingClientRect().bottom)).toBeGreaterThan(0);
    await page.close();
  });

  test('on paper every row is there, and none is broken in two', async () => {
    const { page } = await open({ report: sampleReport({ changes: 5000 }), colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const styles = await page.evaluate(`(() => {
      const rows = [...document.querySelectorAll('tbody tr')].map(row => getComputedStyle(row));
      const { color, backgroundColor } = getComputedStyle(document.body);
      return {
        rows: rows.length,
        hidden: rows.filter(({ contentVisibility }) => contentVisibility !== 'visible').length,
        breaks: [...new Set(rows.map(({ breakInside }) => breakInside))],
        ink: color,
        paper: backgroundColor,
      };
    })()`);
    expect(styles).toEqual({
      rows: 5200,
      hidden: 0,
      breaks: ['avoid'],
      ink: 'rgb(0, 0, 0)',
      paper: 'rgb(255, 255, 255)',
    });
    await page.close();
  });

  test('the JUnit file is XML to a real parser', async () => {
    const { page } = await open({ report: sampleReport({ changes: 0 }) });
    for (const text of HOSTILE_TEXTS) {
      const xml = renderJunit(hostileReport(text, { command: 'audit' }));
      const problem = await page.evaluate(
        `new DOMParser().parseFromString(${JSON.stringify(xml)}, 'application/xml').querySelector('parsererror')?.textContent`,
      );
      expect(problem).toBeUndefined();
    }
    await page.close();
  });

  test('5,000 changes open in under 2 s', async () => {
    const time = await measurePage();
    console.log(`the page of 5,000 changes opens in ${Math.round(time ?? Number.NaN)} ms`);
    // The benchmark holds the figure; here other tests may run at the same time.
    expect(time).toBeLessThan(8000);
  });
});
