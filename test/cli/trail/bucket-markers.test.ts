import { describe, expect, test } from 'vitest';
import { describeS3Folder } from '../../../src/core/base/s3-address.ts';
import { toMarkerObject } from '../../../src/core/delivery/marker-object.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { type Bucket, plantText } from '../../fakes/s3/s3-state.ts';
import { withAwsServer } from '../emit/scene.ts';
import { type RunResult, runCli } from '../run-cli.ts';
import { reportOf, type Story, standingsOf, storyFolder, tellStory } from './trail-scene.ts';

const STORY = tellStory();
const FOLDER = { bucket: 'acme-deploys', prefix: 'markers' };
const ADDRESS = describeS3Folder(FOLDER);
const TODAY = new Date().toISOString().slice(0, 10).replaceAll('-', '/');

function fill({ state }: AwsServer, { markers }: Story): Bucket {
  const bucket: Bucket = { objects: new Map() };
  state.buckets.set(FOLDER.bucket, bucket);
  for (const marker of markers) {
    const { key, body } = toMarkerObject(marker, FOLDER);
    plantText(bucket, key, body);
  }
  return bucket;
}

async function traceBucket(server: AwsServer, args: readonly string[] = []): Promise<RunResult> {
  const cwd = await storyFolder(STORY);
  const all = ['trace', '--markers', ADDRESS, '--changes', 'logs', '--since', '6h', '--json', ...args];
  return runCli(all, { cwd, env: server.env() });
}

describe.concurrent('--markers s3://', () => {
  test('reads the days that are asked, and judges as markers in a file do', () =>
    withAwsServer(async server => {
      const bucket = fill(server, STORY);
      // Before and after them, and beside them: none is listed or read as a marker.
      plantText(bucket, 'markers/2020/01/01/old.json', 'no marker');
      plantText(bucket, 'markers/notes.txt', 'no marker');
      plantText(bucket, 'AWSLogs/x.json', 'no marker');
      plantText(bucket, `markers/${TODAY}/`, '');
      const report = reportOf(await traceBucket(server));
      const cwd = await storyFolder(STORY);
      const files = ['trace', '--markers', 'markers.jsonl', '--changes', 'logs', '--since', '6h', '--json'];
      expect(standingsOf(report)).toEqual(standingsOf(reportOf(await runCli(files, { cwd }))));
      expect(report.gaps.filter(({ incomplete }) => incomplete)).toEqual([]);
      const reads = server.requests.filter(({ operation }) => operation === 'GetObject');
      expect(reads).toHaveLength(STORY.markers.length);
    }));

  test.each([
    ['no JSON', `markers/${TODAY}/a.json`, '{'],
    ['no marker', `markers/${TODAY}/a.json`, '{"uid":"a"}'],
    ['a marker under the uid of another', `markers/${TODAY}/other.json`, undefined],
    ['a marker of another day', 'markers/2099/01/01/x.json', undefined],
    ['a key that is none of ours', `markers/${TODAY}/deep/a.json`, undefined],
  ])('names an object that holds %s, and is incomplete', (_, key, text) =>
    withAwsServer(async server => {
      const bucket = fill(server, STORY);
      const [first] = STORY.markers;
      plantText(bucket, key.replace('2099/01/01', TODAY), text ?? JSON.stringify(first));
      const result = await traceBucket(server);
      const { gaps } = reportOf(result);
      const named = gaps.filter(({ incomplete }) => incomplete).map(({ message }) => message);
      expect(named).toEqual([expect.stringContaining(key.replace('2099/01/01', TODAY))]);
    }),
  );

  test('folds what may not be read, and reads the others', () =>
    withAwsServer(async server => {
      const bucket = fill(server, STORY);
      server.faults.add('GetObject', { kind: 'denied' }, 2);
      const { gaps, sources } = reportOf(await traceBucket(server));
      expect(gaps.filter(({ incomplete }) => incomplete)).toMatchObject([{ subject: ADDRESS }]);
      const markers = sources.find(({ side }) => side === 'markers');
      expect(markers).toMatchObject({ complete: false, records: Math.max(0, bucket.objects.size - 2) });
    }));

  test('fails where the bucket is not there', () =>
    withAwsServer(async server => {
      const { gaps } = reportOf(await traceBucket(server));
      expect(gaps.some(({ message }) => message.includes('NoSuchBucket'))).toBe(true);
    }));
});
