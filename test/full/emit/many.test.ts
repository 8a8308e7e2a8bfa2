import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emitRecords, storedMarkers, toJsonLines, wholeMarker, withAwsServer } from '../../cli/emit/scene.ts';
import { makeFolder } from '../../cli/run-cli.ts';

/** The only words about a run in which all went well. */
const SUMMARY = expect.stringMatching(/^lake: \d+ stored, in \d+\.\d s\n$/);

/** A folder with this text as `markers.json`. */
async function folderWith(text: string): Promise<string> {
  const folder = await makeFolder();
  await writeFile(join(folder, 'markers.json'), text);
  return folder;
}

const FROM = ['--from', 'markers.json'];

describe.concurrent('emit of many markers', () => {
  test('splits markers into requests under 1,000,000 bytes', () =>
    withAwsServer(async server => {
      const records = Array.from({ length: 15 }, (_, index) =>
        wholeMarker(index, { reason: 'r'.repeat(90_000) }),
      );
      const result = await emitRecords(server, FROM, { cwd: await folderWith(toJsonLines(records)) });
      expect(result).toMatchObject({ code: 0, stderr: SUMMARY });
      expect(server.requests).toHaveLength(2);
      expect(storedMarkers(server)).toEqual(records);
    }));

  test('sends 2,500 markers in 25 requests of 100', () =>
    withAwsServer(async server => {
      const records = Array.from({ length: 2500 }, (_, index) => wholeMarker(index));
      const flags = [...FROM, '--max-rate', 'off', '--json'];
      const result = await emitRecords(server, flags, { cwd: await folderWith(toJsonLines(records)) });
      expect(result).toMatchObject({ code: 0, stderr: SUMMARY });
      const sizes = server.requests.map(({ bodyText }) => JSON.parse(bodyText).auditEvents.length);
      expect(sizes).toEqual(Array.from({ length: 25 }, () => 100));
      expect(new Set(storedMarkers(server).map(({ uid }) => uid)).size).toBe(2500);
      expect(JSON.parse(result.stdout).results[0].delivered).toHaveLength(2500);
    }));

  test('stops offering markers once a whole call failed, and says what was stored', () =>
    withAwsServer(async server => {
      server.faults.add('PutAuditEvents', { kind: 'slow', pieces: 1, pauseMs: 0 });
      server.faults.add('PutAuditEvents', { kind: 'denied' }, Number.POSITIVE_INFINITY);
      const records = Array.from({ length: 10_000 }, (_, index) => wholeMarker(index));
      const flags = [...FROM, '--max-rate', 'off'];
      const result = await emitRecords(server, flags, { cwd: await folderWith(toJsonLines(records)) });
      expect(result.code).toBe(3);
      expect(storedMarkers(server)).toHaveLength(100);
      expect(result.stderr).toContain('warning: 100 markers were stored in lake, 9900 were not\n');
      expect(result.stdout.trim().split('\n')).toHaveLength(100);
      expect(server.requests.length).toBeLessThan(60);
    }));
});
