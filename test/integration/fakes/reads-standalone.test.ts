import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CloudTrailClient,
  GetQueryResultsCommand,
  LookupEventsCommand,
  StartQueryCommand,
} from '@aws-sdk/client-cloudtrail';
import { afterEach, expect, test, vi } from 'vitest';

const MAIN = fileURLToPath(new URL('../../fakes/aws-server-main.mjs', import.meta.url));

afterEach(() => {
  vi.unstubAllEnvs();
});

test('--history and --lake-rows are what LookupEvents and Lake answer', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fake-reads-'));
  const at = (name: string) => join(folder, name);
  await writeFile(
    at('h'),
    JSON.stringify({ Records: [{ eventID: 'e1', eventTime: new Date().toISOString() }] }),
  );
  await writeFile(at('rows'), '[{"a":"1"}]');
  const flags = [
    '--history',
    at('h'),
    '--history',
    `111122223333/us-east-1=${at('h')}`,
    '--lake-rows',
    at('rows'),
  ];
  const server = spawn(process.execPath, [MAIN, ...flags, '--lookups-per-second', '1']);
  try {
    let text = '';
    for await (const chunk of server.stdout) {
      text += chunk;
      if (text.includes('FAKE_AWS_OIDC_TOKEN=') && text.endsWith('\n')) break;
    }
    for (const [, name = '', value = ''] of text.matchAll(/^export (\w+)='(.*)'$/gm)) vi.stubEnv(name, value);
    for (const region of ['eu-west-1', 'us-east-1']) {
      const client = new CloudTrailClient({ maxAttempts: 1, region });
      const lookup = () => client.send(new LookupEventsCommand({}));
      expect(await lookup()).toMatchObject({ Events: [{ EventId: 'e1' }] });
      await expect(lookup()).rejects.toMatchObject({ name: 'ThrottlingException' });
      client.destroy();
    }
    const client = new CloudTrailClient({ maxAttempts: 1 });
    const QueryStatement = `SELECT a FROM ${process.env['FAKE_AWS_CHANGE_STORE']}`;
    const { QueryId } = await client.send(new StartQueryCommand({ QueryStatement }));
    const results = () => client.send(new GetQueryResultsCommand({ QueryId }));
    const seen = [await results(), await results(), await results()];
    expect(seen[2]).toMatchObject({ QueryStatus: 'FINISHED', QueryResultRows: [[{ a: '1' }]] });
    client.destroy();
    const closed = once(server, 'close');
    server.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  } finally {
    server.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
