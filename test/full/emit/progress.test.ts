import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { emitRecords, toJsonLines, wholeMarker, withAwsServer } from '../../cli/emit/scene.ts';
import { CLI, makeFolder, type RunResult } from '../../cli/run-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';

const MANY = 3_000;
const FROM = ['--from', 'm.jsonl', '--max-rate', 'off'];

// What a shell runs in a terminal of its own: Python has pseudo-terminals, Node has none.
const IN_TERMINAL = `
import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
`;

const hasTerminals = spawnSync('python3', ['-c', 'import pty, os; os.waitstatus_to_exitcode']).status === 0;

test('a Python with pseudo-terminals is there, or the checks below are named as skipped (with CI=true it is required)', () => {
  if (hasTerminals) return;
  if (process.env['CI'] === 'true') expect.fail('with CI=true python3 >= 3.9 is required');
  console.log('SKIPPED: progress on a terminal: python3 has no pty');
});

async function folderWithMarkers(count = MANY): Promise<string> {
  const cwd = await makeFolder();
  const records = Array.from({ length: count }, (_, index) => wholeMarker(index));
  await writeFile(join(cwd, 'm.jsonl'), toJsonLines(records));
  return cwd;
}

interface TerminalRun {
  readonly code: number | null;
  /** All that came to the screen. */
  readonly screen: string;
}

/** Runs `emit` through `sh` on a terminal; `redirection` is what a person types after it. */
async function emitOnTerminal(
  server: AwsServer,
  cwd: string,
  {
    flags = [],
    redirection = '',
    env = {},
  }: { flags?: string[]; redirection?: string; env?: Record<string, string> } = {},
): Promise<TerminalRun> {
  const command = [
    process.execPath,
    CLI,
    'emit',
    '--channel-arn',
    server.state.defaultChannelArn,
    ...FROM,
    ...flags,
  ];
  const shell = ['sh', '-c', `exec "$@" ${redirection}`, 'sh', ...command];
  const child = spawn('python3', ['-c', IN_TERMINAL, ...shell], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: cwd, TERM: 'xterm', ...server.env(), ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const screen = await text(child.stdout);
  await ended;
  return { code: child.exitCode, screen };
}

/** What is left on the screen: lines as a terminal shows them after all that was erased and written over. */
function leftOf(screen: string): string[] {
  const lines = [''];
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told what to do by control characters
  for (const [part] of screen.matchAll(/\u001b\[[?\d;]*[A-Za-z]|./gsu)) {
    const last = lines.at(-1) ?? '';
    if (part === '\r') column = 0;
    else if (part === '\n') {
      lines.push('');
      column = 0;
    } else if (part === '\u001b[0K' || part === '\u001b[K') lines[lines.length - 1] = last.slice(0, column);
    else if (part === '\u001b[2K') lines[lines.length - 1] = '';
    else if (part === '\u001b[0G' || part === '\u001b[1G' || part === '\u001b[G') column = 0;
    else if (!part.startsWith('\u001b')) {
      lines[lines.length - 1] = `${last.slice(0, column)}${part}${last.slice(column + 1)}`;
      column += 1;
    }
  }
  return lines.filter(line => line !== '');
}

const SUMMARY = /^lake: 3000 stored, in \d+\.\d s$/;

describe.runIf(hasTerminals)('emit --from on a terminal', () => {
  test('shows a bar of which nothing is left, the summary, and no lines', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 4, pauseMs: 60 }, 20);
      const { code, screen } = await emitOnTerminal(server, await folderWithMarkers());
      expect(code).toBe(0);
      expect(screen).toMatch(/[█░]+ \d+\/3000 markers/);
      expect(leftOf(screen)).toEqual([expect.stringMatching(SUMMARY)]);
      // The cursor is hidden meanwhile, and must be there again.
      expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'));
      expect(server.state.stored).toHaveLength(MANY);
    }));

  test('gives every line to a file, and the bar to the screen', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers();
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 4, pauseMs: 60 }, 20);
      const { code, screen } = await emitOnTerminal(server, cwd, { redirection: '> out.txt' });
      expect(code).toBe(0);
      expect(screen).toMatch(/\d+\/3000 markers/);
      expect(leftOf(screen)).toEqual([expect.stringMatching(SUMMARY)]);
      const lines = (await readFile(join(cwd, 'out.txt'), 'utf8')).trimEnd().split('\n');
      expect(lines).toHaveLength(MANY);
      expect(lines.every(line => line.startsWith('stored in lake: lambda:function-'))).toBe(true);
    }));

  test('shows no bar where stderr is a file, and every line', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers(200);
      const { code, screen } = await emitOnTerminal(server, cwd, { redirection: '2> err.txt' });
      expect(code).toBe(0);
      expect(leftOf(screen)).toHaveLength(200);
      expect(screen).not.toContain('markers');
      expect(await readFile(join(cwd, 'err.txt'), 'utf8')).toMatch(/^lake: 200 stored, in \d+\.\d s\n$/);
    }));

  test('steers no dumb terminal, and shows every line there', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers(200);
      const { code, screen } = await emitOnTerminal(server, cwd, { env: { TERM: 'dumb' } });
      expect(code).toBe(0);
      expect(screen).not.toContain('\u001b');
      expect(leftOf(screen)).toHaveLength(201);
    }));

  test('after a failure too leaves nothing of the bar', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 3, pauseMs: 100 });
      server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
      const { code, screen } = await emitOnTerminal(server, await folderWithMarkers());
      expect(code).toBe(3);
      const left = leftOf(screen);
      expect(left.some(line => line.includes('/3000 markers'))).toBe(false);
      expect(left.some(line => /^lake: 100 stored, 2900 not stored, in /.test(line))).toBe(true);
      expect(left.at(-1)).toMatch(/^ {2}code: ACCESS_DENIED \(exit 3\)/);
      expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'));
    }));

  test('with --quiet says nothing', () =>
    withAwsServer(async server => {
      const { code, screen } = await emitOnTerminal(server, await folderWithMarkers(200), {
        flags: ['--quiet'],
      });
      expect(code).toBe(0);
      expect(leftOf(screen)).toEqual([]);
    }));

  test('with --json gives the object whole', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers(200);
      const { code } = await emitOnTerminal(server, cwd, { flags: ['--json'], redirection: '> out.json' });
      expect(code).toBe(0);
      expect(JSON.parse(await readFile(join(cwd, 'out.json'), 'utf8')).results[0].delivered).toHaveLength(
        200,
      );
    }));
});

describe.concurrent('emit --from without a terminal', () => {
  test('shows no bar, every line, and the summary', () =>
    withAwsServer(async server => {
      const result = await emitRecords(server, FROM, { cwd: await folderWithMarkers(200) });
      expect(result.code).toBe(0);
      expect(result.stderr).toMatch(/^lake: 200 stored, in \d+\.\d s\n$/);
      expect(result.stdout.trimEnd().split('\n')).toHaveLength(200);
    }));

  test('with --quiet leaves the summary out', () =>
    withAwsServer(async server => {
      const result = await emitRecords(server, [...FROM, '--quiet'], { cwd: await folderWithMarkers(200) });
      expect(result).toMatchObject({ code: 0, stderr: '' });
      expect(result.stdout.trimEnd().split('\n')).toHaveLength(200);
    }));
});

/** The numbers of the summary by what they count. */
function countsOf({ stderr }: RunResult): { stored: number; kept: number; lost: number } {
  const line = /^lake: (.*), in \d+\.\d s$/m.exec(stderr)?.[1] ?? '';
  const count = (pattern: RegExp): number => Number(pattern.exec(line)?.[1] ?? 0);
  return {
    stored: count(/(\d+) stored/),
    kept: count(/(\d+) kept in the spool/),
    lost: count(/(\d+) not stored/),
  };
}

describe.concurrent.each([
  ['without a spool', []],
  ['with a spool', ['--spool', 'spool']],
])('a signal in the middle, %s', (_, spool) => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends with 6 and an account of every marker', async signal => {
    let answered = 0;
    let tell: () => void = () => {};
    const when = new Promise<void>(resolve => {
      tell = resolve;
    });
    await withAwsServer(
      async server => {
        server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 2, pauseMs: 5 }, 8);
        server.faults.add('PutAuditEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
        const cwd = await folderWithMarkers();
        const signalAfter = { signal, when };
        const result = await emitRecords(server, [...FROM, ...spool, '--json'], { cwd, signalAfter });
        expect(result.code).toBe(6);
        const { stored, kept, lost } = countsOf(result);
        expect(stored + kept + lost).toBe(MANY);
        expect(stored).toBe(server.state.stored.length);
        expect(spool.length === 0 ? kept : lost).toBe(0);
        const [{ delivered, failed, spooled }] = JSON.parse(result.stdout).results;
        const known = [...delivered, ...failed].map(({ uid }: { uid: string }) => uid);
        expect([delivered.length, failed.length, spooled.length]).toEqual([stored, kept + lost, kept]);
        expect(new Set(known).size).toBe(MANY);
      },
      {
        onRequest: () => {
          answered += 1;
          // All that can be under way hangs by then.
          if (answered === 20) setTimeout(tell, 300);
        },
      },
    );
  });
});
