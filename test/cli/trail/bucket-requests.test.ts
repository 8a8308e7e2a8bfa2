import { describe, expect, test } from 'vitest';
import { stampOf } from '../../../src/aws/trail-bucket/delivered.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import { type BucketObject, makeBucket } from '../../trail-world/bucket.ts';
import type { TrailRecord } from '../../trail-world/trail-record.ts';
import { withAwsServer } from '../emit/scene.ts';
import { runCli } from '../run-cli.ts';
import { HOME, storyFolder, tellStory } from './trail-scene.ts';

// What a question costs: requests are what S3 bills, and what keeps people waiting over buckets of terabytes.

const STORY = tellStory();
const ORGANIZATION = 'o-abc1234567';
const REGIONS = ['ap-southeast-2', 'eu-west-1', 'us-east-1'];
const ACCOUNTS = [HOME.account, ...Array.from({ length: 5 }, (_, rank) => String(222_200_000_000 + rank))];
const PLACES = ACCOUNTS.flatMap(account => REGIONS.map(region => ({ account, region })));
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** An hour, five days ago. */
const UNTIL = Math.floor(Date.now() / (24 * HOUR) - 5) * 24 * HOUR + 13 * HOUR;
const FROM = UNTIL - HOUR;

interface Alive {
  readonly from: number;
  readonly until: number;
  readonly every: number;
  readonly places?: readonly { readonly account: string; readonly region: string }[];
}

/** Reads of another service, now and then, in each place. */
function recordsOf({ from, until, every, places = PLACES }: Alive): TrailRecord[] {
  const [sample] = STORY.records;
  if (sample === undefined) throw new Error('nothing happened');
  return places.flatMap(({ account, region }) =>
    Array.from({ length: Math.floor((until - from) / every) }, (_, rank) => ({
      ...sample,
      eventID: `alive-${account}-${region}-${rank}`,
      eventTime: `${new Date(from + rank * every).toISOString().slice(0, 19)}Z`,
      eventSource: 'ec2.amazonaws.com',
      eventName: 'DescribeInstances',
      readOnly: true,
      recipientAccountId: account,
      awsRegion: region,
    })),
  );
}

function bucketOf(alive: Alive): Map<string, BucketObject> {
  return makeBucket({ bucket: 'trail', organization: ORGANIZATION, records: recordsOf(alive) });
}

interface Question {
  readonly from?: number;
  readonly until?: number;
  readonly flags?: readonly string[];
  readonly source?: string;
}

/** What was asked for: prefixes that were listed, and keys that were read. */
async function ask(
  server: AwsServer,
  {
    objects,
    from = FROM,
    until = UNTIL,
    flags = [],
    source = 's3://trail',
  }: Question & {
    objects: Map<string, BucketObject>;
  },
): Promise<{ lists: string[]; reads: string[] }> {
  server.state.buckets.set('trail', { objects });
  const range = ['--since', new Date(from).toISOString(), '--until', new Date(until).toISOString()];
  const reach = ['--late', '1h', '--unfinished-after', '1h', '--before', '0', '--allow-quiet'];
  const sources = ['--markers', 'markers.jsonl', '--changes', source];
  const cwd = await storyFolder(STORY);
  const run = await runCli(['trace', '--json', ...sources, ...range, ...reach, ...flags], {
    cwd,
    env: server.env(),
  });
  expect(run.code, run.stderr).toBe(0);
  const calls = server.requests.map(({ operation, path, query }) => ({
    operation,
    path,
    query: new Map(query),
  }));
  expect(new Set(calls.map(({ operation }) => operation))).toEqual(new Set(['ListObjectsV2', 'GetObject']));
  return {
    lists: calls
      .filter(({ operation }) => operation === 'ListObjectsV2')
      .map(({ query }) => query.get('prefix') ?? ''),
    reads: calls
      .filter(({ operation }) => operation === 'GetObject')
      .map(({ path }) => path.slice('/trail/'.length))
      .toSorted(),
  };
}

/**
 * Logs of the places that hold what happened from an hour before the range, as long as a deploy without an end counts, to its end: delivered
 * five minutes earlier by CloudTrail's clock, or an hour later.
 */
function logsOf(
  objects: ReadonlyMap<string, BucketObject>,
  places: readonly { readonly account: string; readonly region: string }[],
  { from = FROM, until = UNTIL }: Question = {},
): string[] {
  const folders = places.map(({ account, region }) => `/${account}/CloudTrail/${region}/`);
  return [...objects.keys()]
    .filter(key => {
      const time = stampOf(key) ?? 0;
      const isIn = from - HOUR - 5 * MINUTE - MINUTE < time && time <= until + HOUR;
      return isIn && folders.some(folder => key.includes(folder));
    })
    .toSorted();
}

const dayOf = (time: number): string => `${new Date(time).toISOString().slice(0, 10).replaceAll('-', '/')}/`;
const ROOT = `AWSLogs/${ORGANIZATION}/`;
const isOf = (accounts: readonly string[], regions: readonly string[]) =>
  PLACES.filter(({ account, region }) => accounts.includes(account) && regions.includes(region));

describe.concurrent('a question of one hour over the bucket of an organisation, of thirty days', () => {
  const span = { from: UNTIL - 25 * 24 * HOUR, until: UNTIL + 5 * 24 * HOUR };
  const objects = bucketOf({ ...span, every: 4 * HOUR });
  const [first = '', second = ''] = ACCOUNTS.slice(-2);

  test.each<[what: string, flags: string[], accounts: readonly string[], regions: readonly string[]]>([
    ['all of it', [], ACCOUNTS, REGIONS],
    ['two accounts', ['--account', first, '--account', second], [first, second], REGIONS],
    ['one Region', ['--region', 'eu-west-1'], ACCOUNTS, ['eu-west-1']],
    ['one of each', ['--account', first, '--region', 'us-east-1'], [first], ['us-east-1']],
  ])(
    '%s: lists its folders once, one day of each place, and reads the logs of that time',
    (_, flags, accounts, regions) =>
      withAwsServer(async server => {
        const { lists, reads } = await ask(server, { objects, flags });
        const places = isOf(accounts, regions);
        const expected = [
          ...['', 'AWSLogs/', ROOT],
          // What lies beside CloudTrail/ is counted; which Regions there are, only a list says.
          ...accounts.flatMap(account => [`${ROOT}${account}/`, `${ROOT}${account}/CloudTrail/`]),
          ...places.map(({ account, region }) => `${ROOT}${account}/CloudTrail/${region}/${dayOf(UNTIL)}`),
        ];
        expect(lists.toSorted()).toEqual(expected.toSorted());
        expect(reads).toEqual(logsOf(objects, places));
        expect(reads.length).toBeGreaterThan(0);
        expect(objects.size).toBeGreaterThan(PLACES.length * 6 * 29);
      }),
  );

  test('by the folder of a Region: one list', () =>
    withAwsServer(async server => {
      const folder = `${ROOT}${first}/CloudTrail/eu-west-1`;
      const { lists, reads } = await ask(server, { objects, source: `s3://trail/${folder}` });
      expect(lists).toEqual([`${folder}/${dayOf(UNTIL)}`]);
      expect(reads).toEqual(logsOf(objects, isOf([first], ['eu-west-1'])));
    }));
});

describe.concurrent('a question of one hour over days of many pages', () => {
  const place = { account: HOME.account, region: HOME.region };
  const source = `s3://trail/${ROOT}${HOME.account}/CloudTrail/${HOME.region}`;
  // A log each five minutes: the days around the range are several pages.
  const every = 5 * MINUTE;

  test.each([
    ['at noon', UNTIL],
    ['at midnight', UNTIL - 13 * HOUR + HOUR / 2],
    [
      'at the end of a month',
      Date.UTC(new Date(UNTIL).getUTCFullYear(), new Date(UNTIL).getUTCMonth(), 1, 0, 30),
    ],
  ])('%s: one list, which begins and ends with that time', (_, until) =>
    withAwsServer(async server => {
      const span = { from: until - 4 * 24 * HOUR, until: until + 4 * 24 * HOUR };
      const objects = bucketOf({ ...span, every, places: [place] });
      expect(objects.size).toBeGreaterThan(2000);
      const asked = { from: until - HOUR, until };
      const { lists, reads } = await ask(server, { ...asked, objects, source });
      expect(lists).toHaveLength(1);
      expect(reads).toEqual(logsOf(objects, [place], asked));
      const [list] = server.requests;
      expect(new Map(list?.query).get('start-after')).toContain(`_CloudTrail_${HOME.region}_`);
    }),
  );
});
