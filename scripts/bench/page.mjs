// How long Chromium takes to show the page of 5,000 changes, from its address to the first frame after the page is loaded.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { importTypeScript } from '../import-typescript.mjs';

const CHANGES = 5000;
const ROUNDS = 5;

/** `$DEPLOY_MARKER_CHROMIUM`, else `chromium` on the path; undefined if it does not start. */
export function findChromium(env = process.env) {
  const command = env['DEPLOY_MARKER_CHROMIUM'] || 'chromium';
  const { status } = spawnSync(command, ['--version'], { timeout: 60_000 });
  if (status !== 0) return undefined;
  if (command.includes('/')) return command;
  const { stdout } = spawnSync('sh', ['-c', 'command -v "$1"', 'sh', command], { encoding: 'utf8' });
  return stdout.trim();
}

/** The page of a sample report with so many changes, made by the sources as they are. */
async function renderSamplePage(changes) {
  const { renderPage, sampleReport } = await importTypeScript(`
    export { renderPage } from './src/report/page/html-page.ts';
    export { sampleReport } from './test/unit/report/sample-report.ts';`);
  return renderPage(sampleReport({ changes }));
}

async function openOnce(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const start = performance.now();
  await page.goto(url, { waitUntil: 'load' });
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
  const time = performance.now() - start;
  await context.close();
  return time;
}

/** Milliseconds in which the page of 5,000 changes opens, the median of several; undefined without a Chromium. */
export async function measurePage() {
  const executablePath = findChromium();
  if (executablePath === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'deploy-marker-page-'));
  const browser = await chromium.launch({ executablePath });
  try {
    const file = join(folder, 'page.html');
    writeFileSync(file, await renderSamplePage(CHANGES));
    const times = [];
    for (let i = 0; i < ROUNDS; i += 1) times.push(await openOnce(browser, pathToFileURL(file).href));
    return times.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
