import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { toJsonLines, wholeMarker, withAwsServer } from '../cli/emit/scene.ts';
import { makeFolder, runCli } from '../cli/run-cli.ts';
import type { RecordedRequest } from '../fakes/aws-server.ts';
import { listLogMessages } from '../fakes/logs/logs-state.ts';
import { type AwsCli, findAwsCli, runAwsCli } from './aws-cli.ts';
import { normalizeRequest } from './normalize-request.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the check below is named as skipped (with CI=true it is required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: emit and the AWS CLI put equal log events: ${cli}`);
});

function foundCli(): AwsCli {
  if (typeof cli === 'string') throw new Error(cli);
  return cli;
}

/** What {@link normalizeRequest} keeps, and what names the operation in awsJson. */
function normalize(request: RecordedRequest) {
  const { 'x-amz-target': target, 'content-type': contentType } = request.headers;
  return { ...normalizeRequest(request), target, contentType };
}

describe.runIf(typeof cli !== 'string')('emit and aws logs put-log-events', () => {
  test('send equal requests, also for the stream that is missing', { timeout: 60_000 }, () =>
    withAwsServer(
      async server => {
        const cwd = await makeFolder();
        const at = (seconds: number): string =>
          `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;
        const times = (seconds: number) => ({
          started_at: at(seconds + 30),
          deployed_at: at(seconds),
          recorded_at: at(seconds - 1),
        });
        const records = [
          wholeMarker(1, times(300)),
          wholeMarker(2, {
            ...times(200),
            status: 'failed',
            reason: `größe/𝛼 '"$(x)\\ \u2028`,
            labels: { a: 'b' },
          }),
        ];
        await writeFile(join(cwd, 'm.jsonl'), toJsonLines(records));
        const flags = ['--log-group', '/deploys', '--log-stream', 'größe/x'];
        const ours = await runCli(['emit', '--from', 'm.jsonl', ...flags], { cwd, env: server.env() });
        expect(ours).toMatchObject({ code: 0 });

        const messages = listLogMessages(server.state.logGroups);
        const events = messages.map(({ timestamp, message }) => ({ timestamp, message }));
        server.state.logGroups.set('/deploys', { streams: new Map() });
        const stream = ['--log-group-name', '/deploys', '--log-stream-name', 'größe/x'];
        const put = ['logs', 'put-log-events', ...stream, '--log-events', JSON.stringify(events)];
        const refused = await runAwsCli(foundCli(), server, put);
        expect(refused.stderr).toContain('ResourceNotFoundException');
        const create = await runAwsCli(foundCli(), server, ['logs', 'create-log-stream', ...stream]);
        expect(create).toMatchObject({ code: 0, stderr: '' });
        expect(await runAwsCli(foundCli(), server, put)).toMatchObject({ code: 0, stderr: '' });

        expect(server.requests.map(({ operation, status }) => [operation, status])).toEqual(
          [0, 1].flatMap(() => [
            ['PutLogEvents', 400],
            ['CreateLogStream', 200],
            ['PutLogEvents', 200],
          ]),
        );
        const sent = server.requests.map(normalize);
        expect(sent.slice(0, 3)).toEqual(sent.slice(3));
        expect(listLogMessages(server.state.logGroups)).toMatchObject(events);
      },
      { logGroups: ['/deploys'] },
    ),
  );
});
