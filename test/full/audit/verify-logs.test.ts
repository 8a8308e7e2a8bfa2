import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/core/findings/report.ts';
import { withAwsServer } from '../../cli/emit/scene.ts';
import { type RunResult, runCli } from '../../cli/run-cli.ts';
import { HOME, reportOf, storyFolder, tellStory } from '../../cli/trail/trail-scene.ts';
import { findAwsCli, runAwsCli } from '../../contract/aws-cli.ts';
import type { AwsServer } from '../../fakes/aws-server.ts';
import {
  addDigest,
  type BucketObject,
  type BucketPlan,
  type Digest,
  type DigestKey,
  makeBucket,
  makeDigestKey,
  toObject,
} from '../../trail-world/bucket.ts';
import type { TrailRecord } from '../../trail-world/trail-record.ts';

// `aws cloudtrail validate-logs` is what AWS calls the reference of all other implementations.

const cli = findAwsCli(process.env);
const STORY = tellStory({ minutesAgo: 480 });
const KEY = makeDigestKey();
const HOUR = 3_600_000;
const NOW = Date.now();
const TRAIL = `arn:aws:cloudtrail:${HOME.region}:${HOME.account}:trail/management-events`;

/** A trail that lives, for a day. */
function records(): TrailRecord[] {
  const [sample] = STORY.records;
  if (sample === undefined) throw new Error('nothing happened');
  const alive = Array.from({ length: 48 }, (_, rank) => ({
    ...sample,
    eventID: `alive-${rank}`,
    eventTime: `${new Date(NOW - 60_000 - rank * (HOUR / 2)).toISOString().slice(0, 19)}Z`,
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    readOnly: true,
    recipientAccountId: HOME.account,
    awsRegion: HOME.region,
  }));
  return [...STORY.records, ...alive];
}

function planOf(key: DigestKey = KEY): BucketPlan {
  const digested = { from: NOW - 24 * HOUR, until: Math.floor(NOW / HOUR) * HOUR - HOUR };
  return { bucket: 'trail', records: records(), key, digested, delay: 60_000 };
}

function fill(server: AwsServer): Map<string, BucketObject> {
  const objects = makeBucket(planOf());
  server.state.buckets.set('trail', { objects });
  server.state.publicKeys.set(HOME.region, [
    { fingerprint: KEY.fingerprint, value: KEY.publicKey, from: NOW - 90 * 24 * HOUR, until: NOW + HOUR },
  ]);
  return objects;
}

/** Keys of logs, or of digests, of the hours that are asked for. */
function keysOf(
  objects: ReadonlyMap<string, BucketObject>,
  kind: 'CloudTrail' | 'CloudTrail-Digest',
): string[] {
  const hours = [6, 5, 4].map(ago => NOW - ago * HOUR);
  return [...objects.entries()]
    .filter(([key, { modifiedAt }]) => {
      const isNear = modifiedAt >= (hours[0] ?? 0) && modifiedAt <= NOW - 3.5 * HOUR;
      return key.includes(`/${kind}/`) && isNear;
    })
    .map(([key]) => key);
}

function get(objects: ReadonlyMap<string, BucketObject>, key: string): BucketObject {
  const object = objects.get(key);
  if (object === undefined) throw new Error(`there is no ${key}`);
  return object;
}

/** Writes all digests anew, as somebody would who can write to the bucket, and has a key of his own. */
function signAgain(objects: Map<string, BucketObject>, key: DigestKey): void {
  for (const name of [...objects.keys()].filter(each => each.includes('/CloudTrail-Digest/')))
    objects.delete(name);
  for (const [name, object] of makeBucket({ ...planOf(key), key })) {
    if (name.includes('/CloudTrail-Digest/')) objects.set(name, object);
  }
}

const RANGE = [new Date(NOW - 8 * HOUR).toISOString(), new Date(NOW - 3 * HOUR).toISOString()] as const;

function audit(server: AwsServer, cwd: string, args: readonly string[] = ['--json']): Promise<RunResult> {
  const question = ['--since', RANGE[0], '--until', RANGE[1], '--late', '1h'];
  const rules = ['--fail-on', 'none', '--allow-quiet', '--verify'];
  const sources = ['--markers', 'markers.jsonl', '--changes', 's3://trail'];
  return runCli(['audit', ...sources, ...question, ...rules, ...args], { cwd, env: server.env() });
}

function tampered({ findings = [] }: Report): string[] {
  return findings.filter(({ kind }) => kind === 'tampered-log').map(({ message }) => message);
}

interface Scenario {
  readonly name: string;
  readonly spoil: (objects: Map<string, BucketObject>) => void;
  /** What ours says of each object; none where the chain holds. */
  readonly faults: readonly RegExp[];
  /** Whether the same is said of several. */
  readonly isMany?: true;
  /** Whether all that was read could be verified. */
  readonly whole: boolean;
  /** AWS's tool does not look at it. */
  readonly onlyOurs?: true;
}

const SCENARIOS: readonly Scenario[] = [
  { name: 'intact', spoil: () => {}, faults: [], whole: true },
  {
    name: 'a log that was changed',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail');
      const other = [...objects.keys()].find(name => name.includes('/CloudTrail/') && name !== key) ?? '';
      objects.set(key, toObject(get(objects, other).body, 0));
    },
    faults: [/^the log is changed/],
    whole: true,
  },
  {
    name: 'a log with bytes behind its end',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail');
      objects.set(key, toObject(Buffer.concat([get(objects, key).body, Buffer.alloc(4)]), 0));
    },
    faults: [/^the log is changed/],
    whole: true,
    // Older versions of it do not look at them.
    onlyOurs: true,
  },
  {
    name: 'a log that is no gzip any more',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail');
      objects.set(key, toObject(Buffer.from('{"Records":[]}'), 0));
    },
    faults: [/^the log is changed/],
    whole: true,
  },
  {
    name: 'a log that breaks off',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail');
      const { body } = get(objects, key);
      objects.set(key, toObject(body.subarray(0, body.length - 30), 0));
    },
    faults: [/^the log is changed/],
    whole: false,
  },
  {
    name: 'a log that was deleted',
    spoil(objects) {
      objects.delete(keysOf(objects, 'CloudTrail')[0] ?? '');
    },
    faults: [/^the log is missing/],
    whole: true,
  },
  {
    name: 'a log that was put there',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail');
      objects.set(key.replace(/_[^_]+$/, '_0000000000000000.json.gz'), get(objects, key));
    },
    faults: [/^the log is extra/],
    whole: true,
    onlyOurs: true,
  },
  {
    name: 'a digest that was changed',
    spoil(objects) {
      const keys = keysOf(objects, 'CloudTrail-Digest');
      const [key = '', other = ''] = keys;
      objects.set(key, { ...get(objects, other), metadata: get(objects, key).metadata ?? {} });
    },
    faults: [/^the digest does not hold/],
    whole: false,
  },
  {
    name: 'a digest without its signature',
    spoil(objects) {
      const [key = ''] = keysOf(objects, 'CloudTrail-Digest');
      objects.set(key, toObject(get(objects, key).body, get(objects, key).modifiedAt));
    },
    faults: [/^the digest does not hold: it has no signature/],
    whole: false,
  },
  {
    name: 'a digest that was deleted',
    spoil(objects) {
      objects.delete(keysOf(objects, 'CloudTrail-Digest')[1] ?? '');
    },
    faults: [/^the digest does not hold: it is not there/],
    whole: false,
  },
  {
    name: 'all digests signed again with a key of somebody else',
    spoil: objects => signAgain(objects, makeDigestKey()),
    faults: [/which CloudTrail does not have/],
    isMany: true,
    whole: false,
  },
  {
    name: 'all digests signed again with a key that claims to be the right one',
    spoil: objects => signAgain(objects, { ...makeDigestKey(), fingerprint: KEY.fingerprint }),
    faults: [/its signature does not hold/],
    isMany: true,
    whole: false,
  },
  {
    name: 'a chain without its newest digests',
    spoil(objects) {
      for (const [key, { modifiedAt }] of objects) {
        if (key.includes('/CloudTrail-Digest/') && modifiedAt > NOW - 5 * HOUR) objects.delete(key);
      }
    },
    faults: [],
    whole: false,
  },
  {
    name: 'a chain without its oldest digests',
    spoil(objects) {
      for (const [key, { modifiedAt }] of objects) {
        if (key.includes('/CloudTrail-Digest/') && modifiedAt < NOW - 5 * HOUR) objects.delete(key);
      }
    },
    faults: [/^the digest does not hold: it is not there/],
    whole: false,
  },
  {
    name: 'a chain with a gap, in which validation was off',
    spoil(objects) {
      const plan = planOf();
      const digests = [...objects.keys()].filter(key => key.includes('/CloudTrail-Digest/'));
      const cut = NOW - 5 * HOUR;
      for (const key of digests) if (get(objects, key).modifiedAt > cut - HOUR) objects.delete(key);
      let previous: Digest | undefined;
      for (let start = Math.floor(cut / HOUR) * HOUR + HOUR; start < NOW - 2 * HOUR; start += HOUR) {
        const span = { start, end: start + HOUR };
        const files = logsIn(objects, span);
        previous = addDigest(objects, plan, { ...HOME, ...span, files, previous });
      }
    },
    faults: [],
    whole: false,
  },
  {
    name: 'digests that were backfilled',
    spoil(objects) {
      const plan = planOf();
      for (const key of [...objects.keys()]) if (key.includes('/CloudTrail-Digest/')) objects.delete(key);
      let previous: Digest | undefined;
      for (let start = Math.floor(NOW / HOUR) * HOUR - 24 * HOUR; start < NOW - 2 * HOUR; start += HOUR) {
        const span = { start, end: start + HOUR };
        const files = logsIn(objects, span);
        previous = addDigest(objects, plan, { ...HOME, ...span, files, previous, backfilled: NOW - HOUR });
      }
    },
    faults: [],
    whole: true,
  },
];

function logsIn(
  objects: ReadonlyMap<string, BucketObject>,
  { start, end }: { readonly start: number; readonly end: number },
): { time: number; key: string }[] {
  return [...objects]
    .filter(([key, { modifiedAt: time }]) => key.includes('/CloudTrail/') && start <= time && time < end)
    .map(([key, { modifiedAt: time }]) => ({ time, key }));
}

describe.each(SCENARIOS)('$name', ({ spoil, faults, whole, onlyOurs, isMany }) => {
  test('is told by audit --verify', () =>
    withAwsServer(async server => {
      spoil(fill(server));
      const cwd = await storyFolder(STORY);
      const run = await audit(server, cwd);
      const report = reportOf(run);
      const told = tampered(report);
      const context = JSON.stringify([told, report.gaps]);
      if (isMany) expect(told.length, context).toBeGreaterThan(faults.length);
      else expect(told.length, context).toBe(faults.length);
      for (const message of told)
        expect(
          faults.some(fault => fault.test(message)),
          message,
        ).toBe(true);
      expect(report.complete, context).toBe(whole);
      // Of several errors that of the source comes first.
      if (faults.length > 0) expect(run.code).toBeGreaterThan(0);
      else expect(run.code).toBe(whole ? 0 : 8);
    }));

  test.runIf(typeof cli !== 'string' && onlyOurs !== true)('as aws cloudtrail validate-logs tells it', () =>
    withAwsServer(async server => {
      if (typeof cli === 'string') throw new Error(cli);
      spoil(fill(server));
      const range = ['--start-time', RANGE[0], '--end-time', RANGE[1]];
      const where = ['--s3-bucket', 'trail', '--trail-arn', TRAIL];
      const result = await runAwsCli(cli, server, ['cloudtrail', 'validate-logs', ...where, ...range]);
      expect([0, 1], result.stderr).toContain(result.code);
      expect(result.stdout).not.toContain('No digests found');
      expect(result.code === 0, result.stderr).toBe(faults.length === 0);
    }),
  );
});

test('what fails stands in the page, JUnit and text too, and no list accepts it', () =>
  withAwsServer(async server => {
    const objects = fill(server);
    const [key = ''] = keysOf(objects, 'CloudTrail');
    objects.delete(key);
    const cwd = await storyFolder(STORY);
    await audit(server, cwd, ['--write-baseline', 'base.json']);
    const files = ['--junit', 'a.xml', '--html', 'a.html', '--baseline', 'base.json'];
    const run = await audit(server, cwd, files);
    expect(run.code).toBe(10);
    const { readFile } = await import('node:fs/promises');
    const [xml, html] = await Promise.all(
      ['a.xml', 'a.html'].map(name => readFile(`${cwd}/${name}`, 'utf8')),
    );
    expect(xml).toContain('<testsuite name="deploy-marker audit: logs" tests="1" failures="1"');
    expect(xml).toContain('<failure type="tampered-log"');
    expect(html).toContain('1 object tampered with');
    expect(run.stdout).toContain('1 object tampered with');
  }));
