import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../fakes/aws-server-main.mjs', import.meta.url));

let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fakes-standalone-'));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Running {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<{ code: number; stderr: string }>;
}

async function start(args: readonly string[]): Promise<Running> {
  const running = spawn(process.execPath, [MAIN, ...args], { cwd: folder });
  child = running;
  let stderr = '';
  running.stderr.on('data', chunk => {
    stderr += chunk;
  });
  let text = '';
  for await (const chunk of running.stdout) {
    text += chunk;
    if (text.includes('FAKE_AWS_OIDC_TOKEN=') && text.endsWith('\n')) break;
  }
  const env = Object.fromEntries(
    [...text.matchAll(/^export (\w+)='(.*)'$/gm)].map(match => [match[1], match[2]]),
  );
  return {
    env,
    async stop() {
      const closed = once(running, 'close');
      running.kill('SIGTERM');
      const [code] = await closed;
      return { code, stderr };
    },
  };
}

function assume(
  env: Readonly<Record<string, string>>,
  extra: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams({
    Action: 'AssumeRoleWithWebIdentity',
    Version: '2011-06-15',
    RoleArn: env['FAKE_AWS_ROLE_ARN'] ?? '',
    RoleSessionName: 'ci',
    WebIdentityToken: env['FAKE_AWS_OIDC_TOKEN'] ?? '',
    ...extra,
  });
  return fetch(env['AWS_ENDPOINT_URL_STS'] ?? '', { method: 'POST', body });
}

test('prints what a shell needs, serves, records, and ends with 0', async () => {
  const record = join(folder, 'requests.jsonl');
  const args = ['--port', '0', '--region', 'ap-northeast-1', '--account', '999988887777', '--record', record];
  const server = await start([...args, '--fault', 'AssumeRoleWithWebIdentity=throttle']);
  expect(server.env).toMatchObject({
    AWS_REGION: 'ap-northeast-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    FAKE_AWS_CHANNEL_ARN: expect.stringMatching(/^arn:aws:cloudtrail:ap-northeast-1:999988887777:channel\//),
  });
  expect((await assume(server.env)).status).toBe(400);
  expect((await assume(server.env)).status).toBe(200);
  expect(await server.stop()).toEqual({ code: 0, stderr: '' });
  const lines = (await readFile(record, 'utf8')).trim().split('\n');
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { operation: 'AssumeRoleWithWebIdentity', fault: 'throttle' },
    { operation: 'AssumeRoleWithWebIdentity', status: 200 },
  ]);
});

test('ends with 1 and names what no correct client sends', async () => {
  const server = await start([]);
  expect((await assume(server.env, { Tags: 'x' })).status).toBe(400);
  const { code, stderr } = await server.stop();
  expect(code).toBe(1);
  expect(stderr).toBe(
    "violation: AssumeRoleWithWebIdentity: StrictFakeViolation: Unknown parameter 'Tags'.\n",
  );
});
