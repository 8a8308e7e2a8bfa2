import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { readOne } from '../conventions/repository.ts';
import { folderWithMarkers, type ShellJob, startShellJob } from './shell-job.ts';

// Programs read what `--json` prints: the reference tells every key of it.

const REFERENCE = (await readOne('src/commands/README.md')).text;
const DEPLOY = ['--env', 'prod', '--component', 'lambda:a', '--git-sha', 'a1b2c3d'];
const STORES = [
  '--marker-store',
  'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3',
  '--change-store',
  'a1b2c3d4-0002-4a5b-8c6d-7e8f90a1b2c3',
];
const SOURCES = ['--markers', 'deploys.jsonl', '--changes', 'trail'];

/** The commands whose sections tell the report, which each of them prints. */
const REPORT = ['trace', 'audit', 'investigate'];

const CASES: readonly (readonly [command: string, ...args: string[]])[] = [
  ['session-name', '--env', 'prod', '--git-sha', 'a1b2c3d4', '--job', 'é a'],
  [
    'assume-role',
    '--env',
    'prod',
    '--git-sha',
    'a1b2c3d4',
    '--output',
    'bash-env',
    '--role-arn',
    'arn:aws:iam::123456789012:role/deploy',
  ],
  ['emit', ...DEPLOY, '--file', 'a.jsonl'],
  ['emit', ...DEPLOY, '--file', 'a.jsonl', '--dry-run'],
  ['validate', 'bad.json'],
  ['trace', 'resize-image', ...SOURCES],
  ['audit', ...SOURCES],
  ['audit', ...SOURCES, '--diff'],
  ['investigate', 'lambda:resize-image', ...SOURCES],
  ['query', ...STORES],
  ['query', ...STORES, '--run'],
  ['template', 'logs'],
  ['doctor', '--env', 'prod'],
];

let job: ShellJob;

beforeAll(async () => {
  job = await startShellJob();
});

afterAll(() => job.close());

/** The part of the reference that tells of a command. */
function sectionOf(command: string): string {
  return REFERENCE.split(`\n## ${command}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** What a text shows as code, in blocks and in lines. */
const codeIn = (text: string): string => (text.match(/```[\s\S]*?```|`[^`]+`/g) ?? []).join('\n');

/** The keys of objects, however deep. */
function keysIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [key, ...keysIn(part)]);
}

describe('the reference tells every key that --json prints', () => {
  test.each(CASES)('%s %s %s %s %s', async (command, ...args) => {
    const cwd = await folderWithMarkers();
    await writeFile(join(cwd, 'bad.json'), '{"a":1}');
    const env = { ...job.server.env(), BASH_ENV: join(cwd, 'bash-env'), DEPLOY_MARKER_ID_TOKEN: job.token };
    const { stdout, stderr } = await runCli([command, ...args, '--json'], { cwd, env });
    expect(stdout, stderr).not.toBe('');
    const told = REPORT.includes(command) ? REPORT.map(sectionOf).join('') : sectionOf(command);
    const words = new Set(codeIn(told).match(/[\w-]+/g));
    const keys = [...new Set(keysIn(JSON.parse(stdout)))];
    expect(keys.length).toBeGreaterThan(1);
    expect(keys.filter(key => !words.has(key))).toEqual([]);
  });
});
