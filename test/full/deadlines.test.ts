import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, type RunResult, runCli } from '../cli/run-cli.ts';
import { storyFolder, tellStory } from '../cli/trail/trail-scene.ts';
import { listenOnLoopback } from '../fakes/loopback-port.ts';
import { mintToken } from '../fakes/oidc-token.ts';

/** Milliseconds in which every command has to end, whatever a service does. */
const WITHIN = 65_000;
const CHANNEL = 'arn:aws:cloudtrail:eu-west-1:111122223333:channel/0a1b2c3d-0000-4000-8000-000000000001';
const ROLE = 'arn:aws:iam::111122223333:role/deploy';
const STORE = 'a1b2c3d4-0001-4a5b-8c6d-7e8f90a1b2c3';

let dripping: Server;
let endless: Server;
let silent: Server;
const urls: Record<string, string> = {};
let folder: string;

beforeAll(async () => {
  dripping = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'text/xml' });
    const drip = setInterval(() => reply.write(' '), 500);
    reply.once('close', () => clearInterval(drip));
  });
  endless = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    const blanks = ' '.repeat(1_000_000);
    const pour = (): void => {
      while (!reply.destroyed && reply.write(blanks));
    };
    reply.on('drain', pour);
    pour();
  });
  silent = createServer(() => {});
  for (const [name, server] of Object.entries({ dripping, endless, silent }))
    urls[name] = `http://127.0.0.1:${await listenOnLoopback(server)}`;
  folder = await storyFolder(tellStory());
});

afterAll(() => {
  for (const server of [dripping, endless, silent]) {
    server.closeAllConnections();
    server.close();
  }
});

const MARKERS = ['--markers', 'markers.jsonl'];
const FILES = [...MARKERS, '--changes', 'logs'];
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'assume-role': ['assume-role', '--role-arn', ROLE, '--session-name', 'ci-x', '--output', 'json'],
  'a state in S3': ['audit', ...FILES, '--state', 's3://acme-audit/state.json'],
  'event history': ['trace', ...MARKERS],
  'event history of another account': ['trace', ...MARKERS, '--account', `111122223333=${ROLE}`],
  'changes in Lake': ['trace', ...MARKERS, '--changes', `lake:${STORE}`],
  'markers in a log group': ['trace', '--markers', 'logs:/deploys', '--changes', 'logs'],
  'a notice by Slack': ['audit', ...FILES, '--state', 'state.json', '--notify-slack-env', 'HOOK'],
  'a marker': [
    'emit',
    '--env',
    'prod',
    '--git-sha',
    'a1b2c3d',
    '--component',
    'lambda:a',
    '--channel-arn',
    CHANNEL,
  ],
  "a stack's markers": [
    'emit',
    '--env',
    'prod',
    '--git-sha',
    'a1b2c3d',
    '--stack',
    'shop',
    '--file',
    'out.jsonl',
  ],
  doctor: ['doctor', '--online', '--channel-arn', CHANNEL],
};

async function run(args: readonly string[], url: string): Promise<RunResult & { readonly took: number }> {
  const begun = performance.now();
  const result = await runCli(args, {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example-of-a-secret-key',
      AWS_REGION: 'eu-west-1',
      AWS_CONFIG_FILE: join(await makeFolder(), 'none'),
      DEPLOY_MARKER_ID_TOKEN: mintToken(),
      HOOK: `${url}/services/T/B/X`,
    },
  });
  return { ...result, took: performance.now() - begun };
}

describe.concurrent('whatever a service does, every command ends', () => {
  test.each(['dripping', 'silent', 'endless'])('%s', { timeout: WITHIN + 30_000 }, async server => {
    const runs = Object.entries(COMMANDS).map(async ([name, args]) => {
      const { code, took, stderr } = await run(args, urls[server] ?? '');
      // Of many failures the doctor tells the most telling one.
      const expected = [4, 8, ...(name === 'doctor' ? [3, 5] : [])];
      if (took > WITHIN || !expected.includes(code ?? -1))
        return `${name}: ${code} after ${took} ms: ${stderr}`;
      return /INTERNAL|\$response/.test(stderr) ? `${name}: ${stderr}` : undefined;
    });
    expect((await Promise.all(runs)).filter(Boolean)).toEqual([]);
  });
});
