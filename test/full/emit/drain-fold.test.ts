import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createMarker } from '../../../src/core/marker/create.ts';
import { foldMarkers } from '../../../src/core/marker/fold.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import { parseMarkerInput } from '../../../src/core/marker/schema.ts';
import { CI_ENVS, MARKER_FLAGS, withAwsServer } from '../../cli/emit/scene.ts';
import { makeFolder, runCli } from '../../cli/run-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { listLogMessages } from '../../fakes/logs/logs-state.ts';

const ALWAYS = Number.POSITIVE_INFINITY;
const COMPONENTS = ['--component', 'lambda:b', '--component', 'lambda:c'];

/** Every copy that the store holds, read back as a marker. */
function readCopies({ state }: AwsServer): Marker[] {
  const events = [
    ...state.stored.map(({ event }) => event),
    ...listLogMessages(state.logGroups).map(({ message }) => JSON.parse(message)),
  ];
  return events.map(({ requestParameters }) => {
    const { value } = parseMarkerInput(requestParameters);
    if (value === undefined) throw new Error('the store holds something that is no marker');
    return createMarker(value);
  });
}

const SINKS = [
  ['lake', 'PutAuditEvents'],
  ['logs', 'PutLogEvents'],
] as const;

describe.concurrent.each(SINKS)('what %s holds folds into one marker each', (sink, operation) => {
  test('after an ambiguous failure, a rerun of the step, a second runner and two drains at once', () =>
    withAwsServer(
      async server => {
        const cwd = await makeFolder();
        const target =
          sink === 'lake' ? ['--channel-arn', server.state.defaultChannelArn] : ['--log-group', '/g'];
        const flags = ['emit', ...MARKER_FLAGS, ...COMPONENTS, ...target, '--max-attempts', '1'];
        const env = { ...CI_ENVS.circleci, ...server.env() };
        // Each of the three is stored, and the answer is lost.
        server.state.logGroups.get('/g')?.streams.set('deploys', []);
        const stream = ['--log-stream', 'deploys'];
        server.faults.add(operation, { kind: 'resetAfterStore' }, ALWAYS);
        expect(await runCli([...flags, ...stream, '--spool', 's'], { cwd, env })).toMatchObject({ code: 4 });
        expect(readCopies(server)).toHaveLength(3);
        server.faults.clear();
        const [rerun, ...drains] = await Promise.all([
          runCli([...flags, ...stream], { env }),
          runCli(['emit', '--drain', 's', ...stream], { cwd, env }),
          runCli(['emit', '--drain', 's', ...stream], { cwd, env }),
        ]);
        expect(
          [rerun, ...drains].map(({ code, stderr }) => [
            code,
            stderr.replace(/^(?:nothing is kept in s|delivering what s keeps for .+)\n/gm, ''),
          ]),
        ).toEqual([
          [0, ''],
          [0, ''],
          [0, ''],
        ]);
        const copies = readCopies(server);
        expect(copies.length).toBeGreaterThanOrEqual(9 - 3);
        const folded = foldMarkers(copies);
        expect(folded.map(({ component }) => component).sort()).toEqual([
          'lambda:b',
          'lambda:c',
          'lambda:resize-image',
        ]);
        // The earliest recorded copy is the one that stays.
        const first = copies.slice(0, 3);
        expect(new Set(folded.map(({ uid }) => uid))).toEqual(new Set(first.map(({ uid }) => uid)));
        for (const { uid, recorded_at } of folded)
          expect(recorded_at).toBe(
            copies
              .filter(copy => copy.uid === uid)
              .map(copy => copy.recorded_at)
              .sort()[0],
          );
      },
      { logGroups: ['/g'] },
    ));

  test('after a drain of the same spool by a second runner that had a copy of it', () =>
    withAwsServer(
      async server => {
        const cwd = await makeFolder();
        const target =
          sink === 'lake' ? ['--channel-arn', server.state.defaultChannelArn] : ['--log-group', '/g'];
        const flags = ['emit', ...MARKER_FLAGS, ...target, '--spool', 's'];
        const env = server.env();
        server.faults.add(operation, { kind: 'denied' }, ALWAYS);
        expect(await runCli(flags, { cwd, env })).toMatchObject({ code: 3 });
        server.faults.clear();
        const copy = await makeFolder();
        await cp(join(cwd, 's'), join(copy, 's'), { recursive: true });
        await writeFile(join(copy, 's/notes.txt'), 'fetched from the artifacts');
        for (const folder of [cwd, copy])
          expect(await runCli(['emit', '--drain', 's'], { cwd: folder, env })).toMatchObject({
            code: 0,
            stderr: expect.stringMatching(/^delivering what s keeps for .+\n$/),
          });
        const copies = readCopies(server);
        expect(copies).toHaveLength(2);
        expect(foldMarkers(copies)).toEqual([copies[0]]);
        expect(copies[1]).toEqual(copies[0]);
      },
      { logGroups: ['/g'] },
    ));
});
