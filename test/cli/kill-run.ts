import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseSpoolText } from '../../src/core/delivery/spool-file.ts';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import type { Fault } from '../fakes/faults.ts';
import { toJsonLines, wholeMarker } from './emit/scene.ts';
import { CLI, makeFolder } from './run-cli.ts';
import { readEvents, readObjects } from './stored-fields.ts';

/** What rounds of kills came to. */
export interface KillTally {
  /** Processes that SIGKILL ended; one that had ended before its moment is none. */
  emitKills: number;
  drainKills: number;
  /** Kills after which markers lay in the spool. */
  withSpool: number;
  /** Kills after which a file lay there that had not been renamed yet. */
  withHalfFile: number;
  /** Markers whose file was renamed into a spool before a kill. */
  kept: number;
  /** Copies of markers that the stores held in the end beyond one each. */
  copies: number;
  /** Whatever a kill did that it must not, in words; empty if all is well. */
  readonly damage: string[];
}

const GROUP = '/deploys';
const STREAM = 'deploys';
const BUCKET = 'acme-deploys';
const MARKERS = { lake: 1_200, logs: 2_500, s3: 120 } as const;
const SINKS = ['lake', 'logs', 's3'] as const;
/** Moments of a kill: this long after the process was started, or after its first request arrived. */
const LONGEST_MS = { start: 900, request: 250 } as const;
const FAULTS: readonly Fault[] = [
  { kind: 'reset' },
  { kind: 'resetAfterStore' },
  { kind: 'error500' },
  { kind: 'throttle' },
  { kind: 'garbage' },
  { kind: 'slow', pieces: 3, pauseMs: 20 },
];

/** Numbers from 0 to 1 that the seed decides (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Kills `emit --spool` and `emit --drain` at random moments until `kills` processes have died, and drains after each pair.
 *
 * @param seed decides the moments and the faults of each round, though not how far a process has got by then
 */
export async function killMany(kills: number, seed: number): Promise<KillTally> {
  const tally: KillTally = {
    emitKills: 0,
    drainKills: 0,
    withSpool: 0,
    withHalfFile: 0,
    kept: 0,
    copies: 0,
    damage: [],
  };
  let rounds = 0;
  const worker = async (): Promise<void> => {
    while (tally.emitKills + tally.drainKills < kills) {
      const round = rounds;
      rounds += 1;
      if (round > kills * 4) throw new Error('most processes end before their moment, which comes too late');
      await killRound(
        { sink: SINKS[round % SINKS.length] ?? 'lake', round, random: createRandom(seed + round) },
        tally,
      );
    }
  };
  await Promise.all(Array.from({ length: 3 }, worker));
  return tally;
}

interface Round {
  readonly sink: (typeof SINKS)[number];
  readonly round: number;
  readonly random: () => number;
}

interface Scene {
  readonly server: AwsServer;
  readonly folder: string;
  readonly spool: string;
  readonly asked: { tell: () => void };
}

/** One emit that is killed, drains that are killed, and drains that are not, over one spool and one store. */
async function killRound({ sink, round, random }: Round, tally: KillTally): Promise<void> {
  const folder = await makeFolder();
  const asked = { tell: () => {} };
  const server = await startAwsServer({ logGroups: [GROUP], onRequest: () => asked.tell() });
  const scene: Scene = { server, folder, spool: join(folder, 'spool'), asked };
  const complain = (text: string): void => void tally.damage.push(`round ${round}, ${sink}: ${text}`);
  try {
    server.state.logGroups.get(GROUP)?.streams.set(STREAM, []);
    await mkdir(scene.spool);
    const uids = await writeMarkers(join(folder, 'm.jsonl'), MARKERS[sink]);
    server.state.buckets.set(BUCKET, { objectLock: true, takesNewOnly: true, objects: new Map() });
    const target = {
      lake: ['--channel-arn', server.state.defaultChannelArn],
      logs: ['--log-group', GROUP],
      s3: ['--bucket', `s3://${BUCKET}/markers`],
    }[sink];
    const emit = ['--from', 'm.jsonl', '--spool', scene.spool, ...target];
    const renamed = new Set<string>();
    const note = async (kind: 'emitKills' | 'drainKills', wasKilled: boolean): Promise<void> => {
      const found = await readSpool(scene.spool, complain);
      if (wasKilled) {
        tally[kind] += 1;
        if (found.uids.size > 0) tally.withSpool += 1;
        if (found.halfFiles > 0) tally.withHalfFile += 1;
      }
      // What was sent was renamed before, that being the promise; and so was what lies there.
      for (const uid of [...found.uids, ...sentUids(server)]) renamed.add(uid);
    };
    await note('emitKills', await runAndKill(emit, scene, random));
    for (let drains = 0; drains < 2; drains += 1)
      await note('drainKills', await runAndKill(['--drain', scene.spool], scene, random));
    server.faults.clear();
    await drainEmpty(scene, complain);
    check({ store: readStore(server), renamed, uids }, tally, complain);
    for (const { message } of server.violations) complain(message);
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Starts a command with faults on, and kills it at a random moment. @returns whether it lived until then */
async function runAndKill(flags: readonly string[], scene: Scene, random: () => number): Promise<boolean> {
  const { server, asked } = scene;
  server.faults.clear();
  for (let faults = Math.floor(random() * 8); faults > 0; faults -= 1) {
    const fault = FAULTS[Math.floor(random() * FAULTS.length)] ?? { kind: 'reset' };
    for (const operation of ['PutAuditEvents', 'PutLogEvents', 'PutObject'] as const) {
      if (random() < 0.5) server.faults.add(operation, { kind: 'slow', pieces: 2, pauseMs: 30 });
      server.faults.add(operation, fault);
    }
  }
  const since = random() < 0.4 ? 'start' : 'request';
  const delay = random() * LONGEST_MS[since];
  const request = new Promise<void>(resolve => {
    asked.tell = resolve;
  });
  const child = start(flags, scene);
  const ended = once(child, 'close');
  if (since === 'request') await Promise.race([request, ended]);
  await Promise.race([sleep(delay), ended]);
  child.kill('SIGKILL');
  await ended;
  return child.signalCode === 'SIGKILL';
}

function start(flags: readonly string[], { server, folder }: Scene): ChildProcess {
  const fixed = ['--log-stream', STREAM, '--max-rate', 'off', '--timeout', '20s', '--quiet'];
  const env = { PATH: process.env['PATH'], HOME: folder, ...server.env() };
  return spawn(process.execPath, [CLI, 'emit', ...flags, ...fixed], { cwd: folder, env, stdio: 'ignore' });
}

async function drainEmpty(scene: Scene, complain: (text: string) => void): Promise<void> {
  for (let drains = 0; drains < 3; drains += 1) {
    const child = start(['--drain', scene.spool], scene);
    await once(child, 'close');
    if (child.exitCode !== 0) complain(`a drain without faults ended with ${child.exitCode}`);
    const { uids } = await readSpool(scene.spool, complain);
    if (uids.size === 0) return;
  }
  complain('the spool does not get empty');
}

interface SpoolContent {
  readonly uids: ReadonlySet<string>;
  readonly halfFiles: number;
}

async function readSpool(folder: string, complain: (text: string) => void): Promise<SpoolContent> {
  const names = await readdir(folder);
  const uids = new Set<string>();
  for (const name of names) {
    if (name === 'rejected') complain('something was rejected');
    if (!name.endsWith('.json')) continue;
    const file = parseSpoolText(await readFile(join(folder, name), 'utf8'));
    if (typeof file === 'string') complain(`${name} cannot be read: ${file}`);
    else for (const { uid } of file.markers) uids.add(uid);
  }
  return { uids, halfFiles: names.filter(name => name.endsWith('.tmp')).length };
}

type Fields = Readonly<Record<string, string>>;

function readStore(server: AwsServer): Fields[] {
  return [...readEvents(server), ...readObjects(server, BUCKET)];
}

function sentUids({ requests }: AwsServer): string[] {
  return requests.flatMap(({ operation, bodyText }) => {
    if (operation === 'GetObject') return [];
    const body = JSON.parse(bodyText);
    if (body.auditEvents !== undefined) return body.auditEvents.map(({ id }: { id: string }) => id);
    if (operation === 'PutObject') return [body.uid];
    return (body.logEvents ?? []).map(({ message }: { message: string }) => JSON.parse(message).UID);
  });
}

interface Outcome {
  readonly store: readonly Fields[];
  readonly renamed: ReadonlySet<string>;
  /** Component → UID, as emitted. */
  readonly uids: ReadonlyMap<string, string>;
}

function check({ store, renamed, uids }: Outcome, tally: KillTally, complain: (text: string) => void): void {
  const stored = new Set(store.map(({ uid }) => uid ?? ''));
  tally.kept += renamed.size;
  tally.copies += store.length - stored.size;
  for (const uid of renamed) if (!stored.has(uid)) complain(`${uid} was kept and is not in the store`);
  for (const { uid, component = '', recorded_at } of store) {
    if (uids.get(component) !== uid) complain(`${component} is stored under another UID, ${uid}`);
    if (recorded_at !== '2025-12-14T08:12:35Z') complain(`${uid} has another time, ${recorded_at}`);
  }
}

async function writeMarkers(path: string, count: number): Promise<Map<string, string>> {
  // CloudWatch Logs takes no old ones.
  const deployed_at = new Date(Date.now() - 60_000).toISOString();
  const numbers = Array.from({ length: count }, (_, index) => index);
  await writeFile(path, toJsonLines(numbers.map(number => wholeMarker(number, { deployed_at }))));
  return new Map(numbers.map(number => [`lambda:function-${number}`, `marker-${number}`]));
}
