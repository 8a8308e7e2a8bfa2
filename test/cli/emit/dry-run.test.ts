import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { errorOf, makeFolder, runCli } from '../run-cli.ts';
import { emitRecords, emitTo, MARKER_FLAGS, toJsonLines, wholeMarker, withAwsServer } from './scene.ts';

const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b';

async function folderWithMarkers(count: number): Promise<string> {
  const folder = await makeFolder();
  const records = Array.from({ length: count }, (_, index) => wholeMarker(index, { reason: 'größe/𝛼 "\\' }));
  await writeFile(join(folder, 'm.jsonl'), toJsonLines(records));
  return folder;
}

describe.concurrent('emit --dry-run', () => {
  test('prints the very requests that are sent without it', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers(150);
      const flags = ['--from', 'm.jsonl', '--external-id', 'a+b=c'];
      const dry = await emitRecords(server, [...flags, '--dry-run', '--json'], { cwd });
      expect(dry.code).toBe(0);
      expect(server.requests).toEqual([]);
      const { version, dryRun, requests } = JSON.parse(dry.stdout);
      expect({ version, dryRun }).toEqual({ version: 1, dryRun: true });

      expect((await emitRecords(server, flags, { cwd })).code).toBe(0);
      const sent = server.requests.map(({ method, path, query, bodyText }) => {
        const search = query
          .map(([name, value]) => `${name}=${name === 'externalId' ? '***' : encodeURIComponent(value)}`)
          .join('&');
        return { sink: 'lake', target: `${method} ${server.url}${path}?${search}`, body: bodyText };
      });
      expect(requests).toEqual(sent);
    }));

  test('without --json prints the target on one line and the body on the next', () =>
    withAwsServer(async server => {
      const cwd = await folderWithMarkers(1);
      const dry = await emitRecords(server, ['--from', 'm.jsonl', '--dry-run'], { cwd });
      await emitRecords(server, ['--from', 'm.jsonl'], { cwd });
      const [target, body, end] = dry.stdout.split('\n');
      expect(target).toMatch(/^POST http:\/\/127\.0\.0\.1:\d+\/PutAuditEvents\?channelArn=arn%3A/);
      expect(body).toBe(server.requests[0]?.bodyText);
      expect(end).toBe('');
    }));

  test('needs neither credentials nor a network', async () => {
    // RFC 5737: 192.0.2.0/24 is routed nowhere; an attempt would last until the deadline.
    const env = { AWS_ENDPOINT_URL: 'https://192.0.2.1', HTTPS_PROXY: 'http://192.0.2.1:3128' };
    const began = performance.now();
    const result = await runCli(['emit', ...MARKER_FLAGS, '--channel-arn', CHANNEL, '--dry-run'], { env });
    expect(result.code).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(result.stdout).toMatch(/^POST https:\/\/192\.0\.2\.1\/PutAuditEvents/);
  });

  test('with nothing of AWS in the environment shows the endpoint of the channel’s Region', async () => {
    const result = await runCli(['emit', ...MARKER_FLAGS, '--channel-arn', CHANNEL, '--dry-run']);
    expect(result).toMatchObject({ code: 0, stderr: 'dry run: all checks passed, nothing was sent\n' });
    expect(result.stdout).toMatch(
      /^POST https:\/\/cloudtrail-data\.eu-west-1\.amazonaws\.com\/PutAuditEvents/,
    );
  });

  test('of expired credentials asks nobody', () =>
    withAwsServer(async server => {
      const env = {
        AWS_CREDENTIAL_EXPIRATION: '2025-12-14T08:12:34Z',
        DEPLOY_MARKER_ROLE_ARN: server.state.defaultRoleArn,
        ROLE_SESSION_NAME: 'ci-prod-a1b2c3d',
      };
      expect((await emitTo(server, ['--dry-run'], { env })).code).toBe(0);
      expect(server.requests).toEqual([]);
    }));

  test('of the file sink shows the lines and writes none', async () => {
    const cwd = await folderWithMarkers(2);
    const flags = ['emit', '--from', 'm.jsonl', '--file', 'out.jsonl'];
    const dry = await runCli([...flags, '--dry-run'], { cwd });
    expect(dry.code).toBe(0);
    expect(await readdir(cwd)).toEqual(['m.jsonl']);
    expect((await runCli(flags, { cwd })).code).toBe(0);
    expect(dry.stdout).toBe(`append to out.jsonl\n${await readFile(join(cwd, 'out.jsonl'), 'utf8')}`);
  });

  test('does all the checks', async () => {
    const flags = ['emit', ...MARKER_FLAGS, '--channel-arn', CHANNEL, '--dry-run'];
    const result = await runCli([...flags, '--reason', 'r'.repeat(120_000)]);
    expect(result).toMatchObject({ code: 7, stdout: '' });
    expect(errorOf(result).code).toBe('EVENT_TOO_LARGE');
  });
});
