import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../../../src/core/findings/report.ts';
import type { Marker } from '../../../src/core/marker/marker.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { iamUser } from '../../trail-world/actors.ts';
import type { Deploy, Pipeline } from '../../trail-world/deploys.ts';
import {
  publishVersion,
  updateFunctionCode,
  updateFunctionConfiguration,
} from '../../trail-world/lambda-calls.ts';
import { type Place, toTime } from '../../trail-world/place.ts';
import { createScene, type Scene, type Traces } from '../../trail-world/scene.ts';
import { createSeededRandom } from '../../trail-world/seeded-random.ts';
import { writeTrailLogs } from '../../trail-world/trail-logs.ts';
import type { TrailRecord } from '../../trail-world/trail-record.ts';
import { explained, unexplained } from '../../trail-world/truth.ts';
import { REPORT_SHAPE } from '../report-shape.ts';
import { makeFolder, type RunOptions, type RunResult, runCli } from '../run-cli.ts';

/** The strict server's own account and region. */
export const HOME: Place = { account: '111122223333', region: 'eu-west-1' };
/** Another account and region. */
export const ABROAD: Place = { account: '999999999999', region: 'us-east-1' };
/** The commit of everything that is deployed. */
export const COMMIT = 'a1b2c3d';

/** What happened: markers and CloudTrail's records, by the real clock, which is the command's. */
export interface Story {
  readonly markers: readonly Marker[];
  readonly records: readonly TrailRecord[];
}

/** Lets something happen, by default three hours ago. */
export function happen(
  play: (scene: Scene) => void,
  { minutesAgo = 180, seed = 'story' }: { minutesAgo?: number; seed?: string } = {},
): Story {
  const traces: Traces = {
    markers: [],
    records: [],
    recordTruth: new Map(),
    deployTruth: new Map(),
    attestations: new Set(),
  };
  const now = Math.floor(Date.now() / 1000) * 1000;
  const start = now - minutesAgo * 60_000;
  const random = createSeededRandom(seed);
  play(createScene({ scenario: seed, random, tag: COMMIT, start, now, home: HOME, abroad: ABROAD }, traces));
  return traces;
}

/** A deploy of one function, of ten minutes: new code, and a version. */
export function deployFunction(
  scene: Scene,
  name: string,
  pipeline: Pipeline = scene.pipeline(),
): { readonly deploy: Deploy; readonly session: string } {
  const deploy = scene.deploy({ pipeline, component: `lambda:${name}` });
  const { place } = pipeline;
  const calls = [updateFunctionCode(place, name), publishVersion(place, name, '7')];
  scene.changes(pipeline.caller, scene.at(2), calls, explained('session', deploy), place);
  return { deploy, session: pipeline.session };
}

/** A person changes a function that nobody deploys; the id of the change. */
export function fixByHand(scene: Scene, name: string, minutes = 20, place: Place = HOME): string {
  const call = updateFunctionConfiguration(place, name);
  return scene.change({ by: iamUser(place.account), at: scene.at(minutes), call, place }, unexplained);
}

/** A deploy of `lambda:orders`, and bob's change of `lambda:billing`, which no deploy explains. */
export function tellStory(options: { minutesAgo?: number; seed?: string } = {}): Story & {
  readonly deploy: Deploy;
  readonly session: string;
  readonly fix: string;
} {
  const told: { deploy?: Deploy; session?: string; fix?: string } = {};
  const story = happen(scene => {
    Object.assign(told, deployFunction(scene, 'orders'), { fix: fixByHand(scene, 'billing') });
  }, options);
  const { deploy, session, fix } = told;
  if (deploy === undefined || session === undefined || fix === undefined) throw new Error('nothing was told');
  return { ...story, deploy, session, fix };
}

/** ABROAD's account in the Region of HOME. */
export const NEIGHBOUR: Place = { account: ABROAD.account, region: HOME.region };

/** A deploy of `lambda:orders`, and changes of three functions that are called `billing`: at home, abroad, and next door. */
export function tellOfNamesakes(): Story & {
  readonly fixes: Readonly<Record<'home' | 'abroad' | 'neighbour', string>>;
} {
  const fixes = { home: '', abroad: '', neighbour: '' };
  const story = happen(scene => {
    deployFunction(scene, 'orders');
    fixes.home = fixByHand(scene, 'billing', 20);
    fixes.abroad = fixByHand(scene, 'billing', 30, ABROAD);
    fixes.neighbour = fixByHand(scene, 'billing', 40, NEIGHBOUR);
  });
  return { ...story, fixes };
}

/** How each change of Lambda in {@link tellStory} stands, by event id. */
export function truthOf({ records, fix }: ReturnType<typeof tellStory>): Record<string, string> {
  const calls = records.filter(({ eventSource }) => eventSource === 'lambda.amazonaws.com');
  return Object.fromEntries(
    calls.map(({ eventID }) => [eventID, eventID === fix ? 'unexplained' : 'explained']),
  );
}

/** Writes a story as `markers.jsonl` and, as a trail would, into the folder `logs`. */
export async function writeStory(folder: string, { markers, records }: Story): Promise<void> {
  await mkdir(join(folder, 'logs'), { recursive: true });
  await writeFile(
    join(folder, 'markers.jsonl'),
    markers.map(marker => `${JSON.stringify(marker)}\n`).join(''),
  );
  writeTrailLogs({ folder: join(folder, 'logs'), records, perFile: 2 });
  await writeSignOfLife(join(folder, 'logs'));
}

/** A trail that lives has records of all that goes on in an account, up to a few minutes ago: here the read of another service. */
export async function writeSignOfLife(logs: string, time = toTime(Date.now() - 60_000)): Promise<void> {
  const record = {
    eventVersion: '1.11',
    eventID: '00000000-0000-4000-8000-0000000000ff',
    eventTime: time,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    readOnly: true,
    recipientAccountId: HOME.account,
    awsRegion: HOME.region,
  };
  await writeFile(join(logs, 'alive.json'), JSON.stringify({ Records: [record] }));
}

/** A fresh folder with a story in it. */
export async function storyFolder(story: Story): Promise<string> {
  const folder = await makeFolder();
  await writeStory(folder, story);
  return folder;
}

/** Flags that read what {@link writeStory} wrote. */
export const FROM_FILES = ['--markers', 'markers.jsonl', '--changes', 'logs'] as const;

/** Runs `trace` or `audit` over the files in `cwd`. */
export function runOnFiles(
  command: 'trace' | 'audit',
  cwd: string,
  args: readonly string[] = [],
  options: RunOptions = {},
): Promise<RunResult> {
  return runCli([command, ...FROM_FILES, ...args], { ...options, cwd });
}

/** The report that `--json` printed, held to its published shape. */
export function reportOf({ stdout, stderr }: Pick<RunResult, 'stdout' | 'stderr'>): Report {
  if (stdout === '') throw new Error(`no report on stdout; stderr:\n${stderr}`);
  return REPORT_SHAPE.parse(JSON.parse(stdout));
}

/** Event ids of a report's changes and how they stand, sorted by id. */
export function standingsOf({ changes }: Report): Record<string, string> {
  return Object.fromEntries(changes.map(({ event_id, standing }) => [event_id, standing]));
}

/** Puts the records of a story into the event histories of their accounts and regions. */
export function fillHistories(server: AwsServer, { records }: Story): void {
  for (const record of records) {
    const place = `${record.recipientAccountId}/${record.awsRegion}`;
    server.state.histories.set(place, [...(server.state.histories.get(place) ?? []), record]);
  }
}
