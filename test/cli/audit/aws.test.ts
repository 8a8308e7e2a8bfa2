import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { SHA, withAwsServer } from '../emit/scene.ts';
import { errorOf, type RunOptions, runCli } from '../run-cli.ts';
import { fillHistories, reportOf, runOnFiles, storyFolder, tellStory } from '../trail/trail-scene.ts';

const STORY = tellStory();
const ADDRESS = 's3://audits/prod/state.json';

function auditAt(server: AwsServer, cwd: string, args: readonly string[], options: RunOptions = {}) {
  const env = { ...server.env(), AWS_MAX_ATTEMPTS: '1' };
  return runOnFiles('audit', cwd, args, { env, ...options });
}

describe.concurrent('a state in S3', () => {
  const last = ['--json', '--state', ADDRESS, '--since', 'last'];

  test('is made, and gone on from', () =>
    withAwsServer(async server => {
      const objects = new Map();
      server.state.buckets.set('audits', { objects });
      const cwd = await storyFolder(STORY);
      expect((await auditAt(server, cwd, last)).code).toBe(10);
      const first = JSON.parse(String(objects.get('prod/state.json').body));
      expect(first).toMatchObject({ version: 1, watermark: expect.any(String) });
      expect(Object.keys(first.findings)).toHaveLength(2);
      const second = await auditAt(server, cwd, last);
      expect([second.code, reportOf(second).from]).toEqual([0, first.begun]);
      expect((await readdir(cwd)).toSorted()).toEqual(['logs', 'markers.jsonl']);
    }));

  test('that somebody else wrote meanwhile is not overwritten', async () => {
    const other = `{"version":1,"watermark":"2026-01-01T00:00:00Z","findings":{}}`;
    const objects = new Map();
    const server = await startAwsServer({
      onRequest({ operation }) {
        if (operation !== 'GetObject' || objects.size > 0) return;
        const stored = { contentType: 'application/json', etag: '"other"', modifiedAt: 0 };
        objects.set('prod/state.json', { ...stored, body: Buffer.from(other) });
      },
    });
    server.state.buckets.set('audits', { objects });
    const run = await auditAt(server, await storyFolder(STORY), last);
    expect(run.code).toBe(4);
    expect(run.stderr).toContain('"code":"STATE_CONFLICT"');
    expect(String(objects.get('prod/state.json').body)).toBe(other);
    expect(server.violations).toEqual([]);
    await server.close();
  });

  test.each([
    ['s3://nobody/state.json', 5, 'BUCKET_NOT_FOUND'],
    ['s3://foreign/state.json', 3, 'ACCESS_DENIED'],
    ['s3://a', 2, 'USAGE'],
  ])('%s ends with %i %s before anything is read', (address, exit, code) =>
    withAwsServer(async server => {
      server.state.buckets.set('foreign', { accountId: '999999999999', objects: new Map() });
      const run = await auditAt(server, await storyFolder(STORY), ['--state', address]);
      expect([run.code, run.stdout]).toEqual([exit, '']);
      expect(errorOf(run).code).toBe(code);
    }),
  );
});

describe.concurrent('SIGINT', () => {
  test('during event history ends with 6, and nothing is written', async () => {
    let tell = (): void => {};
    const when = new Promise<void>(resolve => {
      tell = resolve;
    });
    const server = await startAwsServer({
      onRequest: ({ operation }) => (operation === 'LookupEvents' ? tell() : undefined),
    });
    server.faults.add('LookupEvents', { kind: 'hang' }, Number.POSITIVE_INFINITY);
    const cwd = await storyFolder(STORY);
    const before = await readdir(cwd);
    const files = [
      '--html',
      'page.html',
      '--junit',
      'out/j.xml',
      '--state',
      's.json',
      '--write-baseline',
      'b.json',
    ];
    let sent = 0;
    const signalled = when.then(() => {
      sent = performance.now();
    });
    const run = await auditAt(server, cwd, ['--changes', 'event-history', ...files], {
      signalAfter: { signal: 'SIGINT', when: signalled },
    });
    expect(performance.now() - sent).toBeLessThan(5_000);
    expect(run).toMatchObject({ code: 6, signal: null, stdout: '' });
    expect(errorOf(run)).toMatchObject({ code: 'CANCELLED', message: 'cancelled by SIGINT' });
    expect(await readdir(cwd)).toEqual(before);
    await server.close();
  });
});

describe.concurrent('a change that a person explains later', () => {
  test('is attested, and is no deploy', async () => {
    const cwd = await storyFolder(STORY);
    expect((await runOnFiles('audit', cwd)).code).toBe(10);
    const what = ['--env', 'prod', '--component', 'lambda:billing', '--git-sha', SHA, '--actor', 'jane'];
    const why = ['--explains', STORY.fix.toUpperCase(), '--reason', 'OPS-123 the queue was stuck'];
    const emitted = await runCli(['emit', ...what, ...why, '--file', 'markers.jsonl'], { cwd });
    expect(emitted).toMatchObject({ code: 0, stderr: '' });
    const run = await runOnFiles('audit', cwd, ['--json']);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const report = reportOf(run);
    expect(report.totals).toMatchObject({ deploys: 1, standings: { attested: 1, unexplained: 0 } });
    expect(report.changes).toMatchObject([
      {
        event_id: STORY.fix,
        standing: 'attested',
        rule: 'attestation',
        deploys: [],
        note: 'explained by jane: OPS-123 the queue was stuck',
        explanation: { actor: 'jane', reason: 'OPS-123 the queue was stuck' },
      },
    ]);
    // It fails nothing, but whoever may write markers may write one: it is told.
    expect(report.findings).toMatchObject([
      {
        kind: 'attested-change',
        event_id: STORY.fix,
        fails: false,
        message: expect.stringContaining('OPS-123'),
      },
    ]);
    const table = await runOnFiles('trace', cwd, ['--component', 'lambda:billing']);
    expect(table.stdout).toMatch(/attested/i);
  });
});

describe.concurrent('secrets', () => {
  test('are in no output, even if AWS repeats them', () =>
    withAwsServer(async server => {
      const { secret, sessionToken = '' } = server.state.defaultKey;
      const reader = 'arn:aws:iam::999999999999:role/reader';
      const trust = { issuer: 'AWS', audiences: [], subjects: ['arn:aws:sts::111122223333:*'] };
      server.state.roles.set(reader, { arn: reader, trust });
      server.state.histories.set('999999999999/eu-west-1', []);
      const message = `key ${secret}, token ${sessionToken}, ${encodeURIComponent(sessionToken)}`;
      const refusal = { kind: 'error', status: 403, code: 'AccessDeniedException', message } as const;
      server.faults.add('FilterLogEvents', refusal, 9);
      const flags = [
        '--account',
        `999999999999=${reader}`,
        '--changes',
        'event-history',
        '--markers',
        'logs:/deploys',
      ];
      const cwd = await storyFolder(STORY);
      const run = await auditAt(server, cwd, [
        '--debug',
        '--html',
        'page.html',
        '--junit',
        'j.xml',
        ...flags,
      ]);
      expect(run.code).toBe(3);
      const keys = [...server.state.keys.values()];
      expect(keys.length).toBeGreaterThan(1);
      const written = await Promise.all(
        ['page.html', 'j.xml'].map(name => readFile(join(cwd, name), 'utf8')),
      );
      const all = [run.stdout, run.stderr, ...written].join('\n');
      expect(all).toContain('AccessDeniedException');
      for (const hidden of keys.flatMap(key => [key.secret, key.sessionToken ?? '']))
        for (const form of [hidden, encodeURIComponent(hidden)]) expect(all.includes(form)).toBe(false);
    }));

  test('audit goes on from event history as from files', () =>
    withAwsServer(async server => {
      fillHistories(server, STORY);
      const cwd = await storyFolder({ markers: STORY.markers, records: [] });
      const flags = ['--markers', 'markers.jsonl', '--state', 's.json', '--since', 'last', '--json'];
      const codes: (number | null)[] = [];
      for (let run = 0; run < 2; run += 1)
        codes.push((await runCli(['audit', ...flags], { cwd, env: server.env() })).code);
      expect(codes).toEqual([10, 0]);
    }));
});
