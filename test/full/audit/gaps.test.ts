import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withAwsServer } from '../../cli/emit/scene.ts';
import { errorOf, type RunResult, runCli } from '../../cli/run-cli.ts';
import { fillHistories, reportOf, storyFolder, tellStory } from '../../cli/trail/trail-scene.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';

const STORY = tellStory();
const UNKNOWN_STORE = 'ffffffff-0000-4000-8000-000000000000';

/** Something wrong with one of the files of a story. */
const FAULTS = {
  async truncated(cwd: string) {
    const [name = ''] = (await readdir(join(cwd, 'logs'), { recursive: true })).filter(each =>
      each.endsWith('.gz'),
    );
    const whole = await readFile(join(cwd, 'logs', name));
    await writeFile(join(cwd, 'logs/cut.json.gz'), whole.subarray(0, whole.length - 30));
  },
  foreign: (cwd: string) => writeFile(join(cwd, 'logs/foreign.json'), '{"events":[{"hello":"world"}]}'),
  page: (cwd: string) => writeFile(join(cwd, 'logs/page.json'), '<html>Sign in</html>'),
  async cutLine(cwd: string) {
    const text = await readFile(join(cwd, 'markers.jsonl'), 'utf8');
    await writeFile(join(cwd, 'markers.jsonl'), `${text.slice(0, 60)}\n${text}`);
  },
  noMarker: (cwd: string) => writeFile(join(cwd, 'markers.jsonl'), '{"env":"prod"}\n', { flag: 'a' }),
} as const;

async function runBroken(
  command: 'trace' | 'audit',
  fault: keyof typeof FAULTS,
  args: readonly string[] = ['--markers', 'markers.jsonl', '--changes', 'logs'],
): Promise<RunResult> {
  const cwd = await storyFolder(STORY);
  await FAULTS[fault](cwd);
  return runCli([command, '--json', ...args], { cwd });
}

/** What stderr says under `--json`: a line for each error, the one that decided last. */
function errorsOf({ stderr }: RunResult): { level: string; code: string; message: string }[] {
  return stderr
    .trim()
    .split('\n')
    .map(line => {
      const parsed = JSON.parse(line);
      return { level: Object.keys(parsed)[0] ?? '', ...(parsed.error ?? parsed.warning) };
    });
}

describe.concurrent('a gap in files', () => {
  test.each([
    ['trace', 'truncated', 'TRAIL_LOG_INVALID', 'cut.json.gz'],
    ['audit', 'truncated', 'TRAIL_LOG_INVALID', 'cut.json.gz'],
    ['audit', 'foreign', 'TRAIL_LOG_INVALID', 'foreign.json'],
    ['audit', 'page', 'TRAIL_LOG_INVALID', 'page.json'],
    ['trace', 'cutLine', 'MARKER_INVALID', 'markers.jsonl'],
    ['audit', 'cutLine', 'MARKER_INVALID', 'markers.jsonl'],
    ['audit', 'noMarker', 'MARKER_INVALID', 'markers.jsonl'],
  ] as const)(
    '%s: %s ends with 7, names the file and reports the rest',
    async (command, fault, code, name) => {
      const run = await runBroken(command, fault);
      expect(run.code).toBe(7);
      expect(errorsOf(run).at(-1)).toMatchObject({
        level: 'error',
        code,
        message: expect.stringContaining(name),
      });
      const report = reportOf(run);
      expect(report).toMatchObject({ complete: false, totals: { deploys: 1, changes: 3 } });
      expect(report.sources.filter(({ complete }) => !complete)).toMatchObject([
        { side: code === 'MARKER_INVALID' ? 'markers' : 'changes', error: { code } },
      ]);
    },
  );

  test.each([
    ['trace', ['--markers', 'none.jsonl', '--changes', 'logs'], 'none.jsonl'],
    ['audit', ['--markers', 'markers.jsonl', '--changes', 'none'], 'none'],
    ['audit', ['--markers', 'empty', '--changes', 'logs'], 'empty'],
    ['trace', ['--markers', 'markers.jsonl', '--changes', 'empty', '--changes', 'logs'], 'empty'],
  ])('%s %j ends with 2', async (command, args, name) => {
    const cwd = await storyFolder(STORY);
    await mkdir(join(cwd, 'empty'));
    const run = await runCli([command, '--json', ...args], { cwd });
    expect(run.code).toBe(2);
    expect(errorsOf(run).at(-1)).toMatchObject({
      code: 'INPUT_UNREADABLE',
      message: expect.stringContaining(name),
    });
    expect(reportOf(run).complete).toBe(false);
  });
});

/** Runs audit over the story's files and one more source that fails. */
async function auditWith(server: AwsServer, args: readonly string[], cwd?: string): Promise<RunResult> {
  fillHistories(server, STORY);
  const files = ['--markers', 'markers.jsonl', '--changes', 'logs'];
  return runCli(['audit', '--json', ...files, ...args], {
    cwd: cwd ?? (await storyFolder(STORY)),
    env: { ...server.env(), AWS_MAX_ATTEMPTS: '1' },
  });
}

describe.concurrent('a source in AWS that fails', () => {
  test.each<[string, number, string, (server: AwsServer) => readonly string[]]>([
    ['an unknown store', 5, 'STORE_NOT_FOUND', () => ['--changes', `lake:${UNKNOWN_STORE}`]],
    ['a log group that is not there', 5, 'LOG_GROUP_NOT_FOUND', () => ['--markers', 'logs:/none']],
    [
      'no permission',
      3,
      'ACCESS_DENIED',
      server => {
        server.faults.add('LookupEvents', { kind: 'denied' }, 9);
        return ['--changes', 'event-history'];
      },
    ],
    [
      'a query that fails',
      4,
      'QUERY_FAILED',
      ({ state: { lake } }) => {
        lake.answerQuery = () => ({ status: 'FAILED', message: 'no luck' });
        return ['--changes', `lake:${lake.changeStoreId}`];
      },
    ],
    [
      'a query that times out',
      8,
      'QUERY_TIMED_OUT',
      ({ state: { lake } }) => {
        lake.answerQuery = () => ({ status: 'TIMED_OUT' });
        return ['--markers', `lake:${lake.markerStoreId}`];
      },
    ],
    [
      'a row that is no marker',
      7,
      'MARKER_INVALID',
      ({ state: { lake } }) => {
        lake.answerQuery = () => ({ rows: [{ uid: 'u1', marker: '{"env":"prod"}' }] });
        return ['--markers', `lake:${lake.markerStoreId}`];
      },
    ],
    ['--max-pages', 8, 'ANSWER_INCOMPLETE', () => ['--changes', 'event-history', '--max-pages', '1']],
    ['more than 90 days', 8, 'ANSWER_INCOMPLETE', () => ['--changes', 'event-history', '--since', '100d']],
    ['an id that is none', 7, 'ARN_INVALID', () => ['--changes', "lake:x' OR 1=1"]],
  ])('%s ends with %i %s, and the rest is reported', (_, exit, code, prepare) =>
    withAwsServer(async server => {
      const run = await auditWith(server, prepare(server));
      expect(run.code).toBe(exit);
      expect(errorsOf(run)).toMatchObject([
        { level: 'warning', code: 'AUDIT_FAILED' },
        { level: 'error', code },
      ]);
      const report = reportOf(run);
      const broken = report.sources.find(({ complete }) => !complete);
      expect(broken).toMatchObject({ error: { code } });
      expect(errorsOf(run).at(-1)?.message).toContain(broken?.source);
      expect(report).toMatchObject({
        complete: false,
        totals: { changes: 3, standings: { unexplained: 1 } },
      });
      expect(report.findings?.filter(({ fails }) => fails)).toHaveLength(2);
    }),
  );

  test('of several failures the first by rank counts, and the others are told', () =>
    withAwsServer(async server => {
      server.faults.add('LookupEvents', { kind: 'denied' }, 9);
      const cwd = await storyFolder(STORY);
      const history = ['--changes', 'event-history'];
      const store = ['--changes', `lake:${UNKNOWN_STORE}`];
      expect((await auditWith(server, [...store, ...history], cwd)).code).toBe(3);
      await FAULTS.truncated(cwd);
      const three = await auditWith(server, [...store, ...history], cwd);
      expect(three.code).toBe(7);
      expect(
        errorsOf(three)
          .map(({ level, code }) => `${level} ${code}`)
          .toSorted(),
      ).toEqual([
        'error TRAIL_LOG_INVALID',
        'warning ACCESS_DENIED',
        'warning AUDIT_FAILED',
        'warning STORE_NOT_FOUND',
      ]);
      const four = await auditWith(server, [...store, ...history, '--changes', 'none'], cwd);
      expect(four.code).toBe(2);
    }));

  test('text says that the answer is not complete, and why', () =>
    withAwsServer(async server => {
      const files = ['--markers', 'markers.jsonl', '--changes', 'logs', '--changes', `lake:${UNKNOWN_STORE}`];
      const cwd = await storyFolder(STORY);
      for (const command of ['trace', 'audit']) {
        const run = await runCli([command, ...files], { cwd, env: server.env() });
        expect(run.code).toBe(5);
        expect(run.stdout).toMatch(/not complete|incomplete/i);
        expect(run.stdout).toContain(`lake:${UNKNOWN_STORE}`);
        expect(errorOf(run).code).toBe('STORE_NOT_FOUND');
      }
    }));
});

describe.concurrent('a place that cannot be written', () => {
  const flags = ['--json', '--markers', 'markers.jsonl', '--changes', 'logs'];

  test.each(['--junit', '--html', '--state'])('of %s ends with 5, and what was found is told', async flag => {
    const cwd = await storyFolder(STORY);
    // That nobody reads a pipe is seen when it is written to; a folder in the place of the file is refused before anything is read.
    execFileSync('mkfifo', [join(cwd, 'taken')]);
    const place = flag === '--state' ? 'markers.jsonl/state.json' : 'taken';
    const run = await runCli(['audit', ...flags, '--state', 'state.json', flag, place], { cwd });
    expect(run.code).toBe(flag === '--state' ? 2 : 5);
    if (flag === '--state') return;
    expect(errorsOf(run)).toMatchObject([
      { level: 'warning', code: 'AUDIT_FAILED' },
      { level: 'error', code: 'FILE_UNWRITABLE' },
    ]);
    expect(reportOf(run).findings).toHaveLength(2);
    // Whoever reads that file has not been told.
    expect((await readdir(cwd)).toSorted()).toEqual(['logs', 'markers.jsonl', 'taken']);
  });

  test('counts less than a log that does not hold', async () => {
    const cwd = await storyFolder(STORY);
    await FAULTS.truncated(cwd);
    execFileSync('mkfifo', [join(cwd, 'taken')]);
    const run = await runCli(['audit', ...flags, '--state', 'state.json', '--junit', 'taken'], { cwd });
    expect(run.code).toBe(7);
    expect(
      errorsOf(run)
        .map(({ level, code }) => `${level} ${code}`)
        .toSorted(),
    ).toEqual(['error TRAIL_LOG_INVALID', 'warning AUDIT_FAILED', 'warning FILE_UNWRITABLE']);
  });
});
