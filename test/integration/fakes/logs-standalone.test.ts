import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, expect, test, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('../../fakes/aws-server-main.mjs', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

test('--log-group makes groups, and the printed variables lead the SDK to them', async () => {
  const server = spawn(process.execPath, [MAIN, '--log-group', '/deploys', '--log-group', 'b']);
  try {
    let text = '';
    for await (const chunk of server.stdout) {
      text += chunk;
      if (text.includes('FAKE_AWS_OIDC_TOKEN=') && text.endsWith('\n')) break;
    }
    for (const [, name = '', value = ''] of text.matchAll(/^export (\w+)='(.*)'$/gm)) vi.stubEnv(name, value);
    expect(process.env['AWS_ENDPOINT_URL_CLOUDWATCH_LOGS']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const client = new CloudWatchLogsClient({ maxAttempts: 1 });
    const { logGroups } = await client.send(new DescribeLogGroupsCommand({}));
    client.destroy();
    expect(logGroups?.map(({ logGroupName }) => logGroupName)).toEqual(['/deploys', 'b']);
    const closed = once(server, 'close');
    server.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  } finally {
    server.kill('SIGKILL');
  }
});
