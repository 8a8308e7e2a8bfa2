import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DiffedFinding } from '../../../src/core/investigate/found-difference.ts';
import type { Investigation } from '../../../src/core/investigate/investigation.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { RECORDED_STORIES } from '../../trail-world/recorded/stories.ts';
import { withAwsServer } from '../emit/scene.ts';
import { fillConfig, investigate, type RecordedScene, recordedScene } from '../investigate/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import { COMMIT, FROM_FILES } from '../trail/trail-scene.ts';

const SECRET_STORY = RECORDED_STORIES.find(({ name }) => name === 'environment-secret');

async function withStory(use: (server: AwsServer, scene: RecordedScene) => Promise<void>): Promise<void> {
  if (SECRET_STORY === undefined) throw new Error('there is no such story');
  const scene = await recordedScene(SECRET_STORY);
  await withAwsServer(async server => {
    fillConfig(server, scene.truth.items);
    await use(server, scene);
  });
}

function audit(server: AwsServer, { folder }: RecordedScene, args: readonly string[]): Promise<RunResult> {
  return runCli(['audit', ...FROM_FILES, '--allow-quiet', ...args], { cwd: folder, env: server.env() });
}

function expectNoSecret({ truth }: RecordedScene, texts: readonly string[]): void {
  for (const secret of truth.secrets) for (const text of texts) expect(text).not.toContain(secret);
}

describe.concurrent('audit', () => {
  test('--diff adds what Config recorded to findings, in every form, and shows no secret', () =>
    withStory(async (server, scene) => {
      const json = await audit(server, scene, ['--diff', '--json']);
      expect(json.code).toBe(10);
      const findings: DiffedFinding[] = JSON.parse(json.stdout).findings;
      const [id] = scene.truth.changes.keys();
      const found = findings.filter(({ event_id }) => event_id === id);
      expect(found.length).toBeGreaterThan(0);
      for (const { recorded } of found) {
        expect(recorded.state).toBe('changed');
        expect(recorded.differences.map(({ path }) => path)).toContain('environment.variables.DB_PASSWORD');
      }
      const text = await audit(server, scene, ['--diff', '--html', 'page.html', '--junit', 'junit.xml']);
      expect(text.stdout).toMatch(/environment\.variables\.DATABASE_URL nothing → \(51 characters/);
      const files = await Promise.all(
        ['page.html', 'junit.xml'].map(name => readFile(join(scene.folder, name), 'utf8')),
      );
      expect(files[0]).toContain('environment.variables.DB_PASSWORD');
      expectNoSecret(scene, [json.stdout, text.stdout, text.stderr, ...files]);
    }));

  test('--diff and investigate keep who explained a change', () =>
    withStory(async (server, scene) => {
      const [id = ''] = scene.truth.changes.keys();
      const { component } = scene.truth;
      const what = ['--env', 'prod', '--component', component, '--git-sha', COMMIT, '--explains', id];
      const who = ['--reason', 'INC-7', '--actor', 'jane', '--approved-by', 'bob', '--file', 'markers.jsonl'];
      await runCli(['emit', ...what, ...who], { cwd: scene.folder });
      const told = { actor: 'jane', approved_by: 'bob', reason: 'INC-7' };
      const { stdout } = await audit(server, scene, ['--diff', '--json']);
      const findings: DiffedFinding[] = JSON.parse(stdout).findings;
      const found = findings.filter(({ event_id }) => event_id === id);
      expect(found).toMatchObject([
        { kind: 'attested-change', explanation: told, recorded: { state: 'changed' } },
      ]);
      const run = await investigate(server, scene, ['--json']);
      const { changes }: Investigation = JSON.parse(run.stdout);
      expect(changes.find(({ event_id }) => event_id === id)?.explanation).toMatchObject(told);
    }));

  test('without --diff nothing is asked, and pages show what changes asked for', () =>
    withStory(async (server, scene) => {
      const run = await audit(server, scene, ['--html', 'page.html', '--json']);
      expect(server.requests).toEqual([]);
      expect(run.stdout).not.toContain('"recorded"');
      const trace = await runCli(['trace', ...FROM_FILES, '--html', 'trace.html'], { cwd: scene.folder });
      expect(trace.code).toBe(0);
      for (const name of ['page.html', 'trace.html']) {
        const page = await readFile(join(scene.folder, name), 'utf8');
        expect(page).toContain('<summary>asked for</summary>');
        expect(page).toContain('environment.variables.TOKEN');
        expectNoSecret(scene, [page]);
      }
    }));

  test('--diff that is denied leaves the findings, and the answer incomplete', () =>
    withStory(async (server, scene) => {
      server.faults.add('GetResourceConfigHistory', { kind: 'denied' }, 9);
      const run = await audit(server, scene, ['--diff', '--json']);
      expect(run.code).toBe(3);
      const report = JSON.parse(run.stdout);
      expect(report.complete).toBe(false);
      expect(report.findings.length).toBeGreaterThan(0);
    }));
});
