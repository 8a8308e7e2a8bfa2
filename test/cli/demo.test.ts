import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readOne } from '../conventions/repository.ts';

const DEMO = fileURLToPath(new URL('../../scripts/demo.mjs', import.meta.url));

/** The time is another one in each run. */
const withoutTimes = (text: string): string => text.replace(/(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/g, 'TIME');

/** What README shows of the demo: its command, and pieces of what that prints, with `…` where something is left out. */
async function shownPieces(): Promise<string[]> {
  const { text } = await readOne('README.md');
  const [, block = ''] = /```console\n(\$ deploy-marker trace [\s\S]*?)\n```/.exec(text) ?? [];
  const [command = '', ...lines] = block.split('\n');
  return [command, ...lines.join('\n').split('\n…\n')].map(withoutTimes);
}

test('the demo ends with who changed a function, offline, as README shows it', async () => {
  const env = { PATH: process.env['PATH'], TZ: 'UTC', AWS_ENDPOINT_URL: 'http://127.0.0.1:9' };
  const { stdout } = await promisify(execFile)(process.execPath, [DEMO], { env });
  const [, path = ''] = /\nThe same as a page: (.+)\n/.exec(stdout) ?? [];
  const page = await readFile(path, 'utf8');
  await rm(dirname(path), { recursive: true });
  for (const text of [stdout, page]) {
    expect(text).toContain('https://github.com/acme/app/commit/a1b2c3d4e5f6');
    expect(text).toContain('https://github.com/acme/app/actions/runs/42');
    expect(text).toContain('ada (github), acme/app main');
    expect(text).toContain('AWSReservedSSO_Admin_0123456789abcdef/jane.doe@example.com');
  }
  expect(stdout).toMatch(/ {2}reason OPS-123, approved by bob\n/);
  expect(stdout).toMatch(/ {4}\d\d:\d\d:\d\d {2}UpdateFunctionCode {2,}session/);
  expect(stdout).toMatch(/ {2}✗ UNEXPLAINED {2}\S+ \S+ {2}UpdateFunctionConfiguration\n/);
  expect(stdout).toMatch(/\naudit failed: 1 change to look at/);
  const printed = `\n${withoutTimes(stdout)}`;
  const places = (await shownPieces()).map(piece => printed.indexOf(`\n${piece}\n`));
  expect(places).toHaveLength(3);
  expect(places).toEqual(places.filter(place => place > 0).toSorted((a, b) => a - b));
});
