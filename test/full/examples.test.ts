import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../cli/run-cli.ts';
import { folderWithMarkers, type ShellJob, startShellJob } from './shell-job.ts';

// What help prints is what people type: every command in it runs here, in a shell, in a CircleCI-like job.

const COMMANDS = [
  'session-name',
  'assume-role',
  'emit',
  'validate',
  'trace',
  'audit',
  'investigate',
  'query',
  'template',
  'doctor',
];
let job: ShellJob;

beforeAll(async () => {
  job = await startShellJob();
});

afterAll(async () => {
  expect(job.server.violations).toEqual([]);
  await job.close();
});

describe('help', () => {
  test.each([...COMMANDS, 'help'])('every example of %s runs', async command => {
    const { stdout } = await runCli([command, '--help']);
    const examples = [...stdout.matchAll(/^ {2}(deploy-marker (?:.*\\\n)*.*)$/gm)].map(
      ([, line]) => line ?? '',
    );
    expect(examples.length).toBeGreaterThan(1);
    for (const line of examples) {
      const result = await job.run(line, await folderWithMarkers());
      expect(result, `${line}\n${result.output}`).toMatchObject({ code: 0 });
    }
  });
});
