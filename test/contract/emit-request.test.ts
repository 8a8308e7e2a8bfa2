import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emitRecords, toJsonLines, wholeMarker, withAwsServer } from '../cli/emit/scene.ts';
import { makeFolder } from '../cli/run-cli.ts';
import { type AwsCli, findAwsCli, runAwsCli } from './aws-cli.ts';
import { normalizeRequest } from './normalize-request.ts';

const cli = findAwsCli(process.env);

test('an AWS CLI >= 1.45 is there, or the check below is named as skipped (with CI=true it is required)', () => {
  if (typeof cli !== 'string') return;
  if (process.env['CI'] === 'true') expect.fail(`with CI=true the AWS CLI is required: ${cli}`);
  console.log(`SKIPPED: emit and the AWS CLI send equal requests: ${cli}`);
});

function foundCli(): AwsCli {
  if (typeof cli === 'string') throw new Error(cli);
  return cli;
}

describe.runIf(typeof cli !== 'string')('emit and aws cloudtrail-data put-audit-events', () => {
  test('send equal requests', () =>
    withAwsServer(async server => {
      const channelArn = server.state.defaultChannelArn;
      const externalId = 'a+b=c,d.e@f:g/h';
      server.state.channels.set(channelArn, { arn: channelArn, externalId });
      const cwd = await makeFolder();
      const records = [
        wholeMarker(1),
        wholeMarker(2, { status: 'failed', labels: { team: 'billing' }, reason: `größe/𝛼 '"$(x)\\ \u2028` }),
        wholeMarker(3, { component: 'arn:aws:lambda:us-east-2:999988887777:function:thumbnail' }),
      ];
      await writeFile(join(cwd, 'm.jsonl'), toJsonLines(records));
      const flags = ['--from', 'm.jsonl', '--external-id', externalId];
      const preview = await emitRecords(server, [...flags, '--dry-run', '--json'], { cwd });
      expect(preview.code).toBe(0);
      expect((await emitRecords(server, flags, { cwd })).code).toBe(0);

      const [request] = JSON.parse(preview.stdout).requests;
      await writeFile(join(cwd, 'events.json'), JSON.stringify(JSON.parse(request.body).auditEvents));
      const theirs = await runAwsCli(foundCli(), server, [
        ...['cloudtrail-data', 'put-audit-events', '--channel-arn', channelArn],
        ...['--external-id', externalId, '--audit-events', await readFile(join(cwd, 'events.json'), 'utf8')],
      ]);
      expect(theirs).toMatchObject({ code: 0, stderr: '' });
      expect(JSON.parse(theirs.stdout)).toMatchObject({ failed: [] });

      const [sent, sentByAws] = server.requests.map(normalizeRequest);
      expect(server.requests).toHaveLength(2);
      expect(sent).toEqual(sentByAws);
      expect(server.state.stored.slice(3).map(({ eventData }) => eventData)).toEqual(
        server.state.stored.slice(0, 3).map(({ eventData }) => eventData),
      );
    }));
});
