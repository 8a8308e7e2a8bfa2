import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type AwsServer, startAwsServer } from '../fakes/aws-server.ts';
import type { Fault } from '../fakes/faults.ts';
import { listenOnLoopback } from '../fakes/loopback-port.ts';
import { readEvents, readObjects } from './stored-fields.ts';

// What goes wrong × where markers go × what the user asked for. Nothing here needs vitest, so that a script can run it too.

export const SINKS = ['lake', 'logs', 's3'] as const;
export const POLICIES = ['fail', 'warn', 'ignore'] as const;
/** What is emitted in each cell; `lambda:a` is the one that a partial failure refuses. */
const COMPONENTS = ['lambda:a', 'lambda:b', 'lambda:c'] as const;
const ALL: readonly string[] = COMPONENTS;
const GROUP = '/deploys';
const STREAM = 'deploys';
const BUCKET = 'acme-deploys';
/** What lies under the uid of `lambda:a` where S3 is to refuse it, by a commit that nobody planned. */
const FOREIGN = 'f0f0f0f';

/** One kind of trouble, and what must come of it whatever the sink. */
export interface FaultRow {
  /** What the server does to every request that stores; undefined where no request reaches it. */
  readonly fault?: { readonly lake: Fault; readonly logs: Fault; readonly s3: Fault | 'conflict' };
  readonly exit: number;
  readonly code: string;
  /** Where it comes to something else with S3. */
  readonly s3?: { readonly exit: number; readonly code: string; readonly confirmed?: readonly string[] };
  /** What the store holds although, or because, the call failed. */
  readonly stored: readonly string[];
  /** What the user is told was stored. */
  readonly confirmed: readonly string[];
  /** What the service refused for good: it ends in `rejected/`, and no drain delivers it. */
  readonly refused: readonly string[];
}

const LOST = { stored: [], confirmed: [], refused: [] };
const AMBIGUOUS = { stored: ALL, confirmed: [], refused: [] };
const slow = { kind: 'slow', pieces: 10, pauseMs: 2000 } as const;
const everywhere = (fault: Fault): { lake: Fault; logs: Fault; s3: Fault } => ({
  lake: fault,
  logs: fault,
  s3: fault,
});

/** The faults, and by each the code and exit that users are promised. */
export const FAULTS = {
  'refused connection': { exit: 4, code: 'NETWORK', ...LOST },
  'reset before the store': { fault: everywhere({ kind: 'reset' }), exit: 4, code: 'NETWORK', ...LOST },
  'reset after the store': {
    fault: everywhere({ kind: 'resetAfterStore' }),
    exit: 4,
    code: 'NETWORK',
    // The second attempt finds the object of the first, and reads that it is the same.
    s3: { exit: 0, code: '', confirmed: ALL },
    ...AMBIGUOUS,
  },
  hang: { fault: everywhere({ kind: 'hang' }), exit: 8, code: 'TIMEOUT', ...LOST },
  '500': { fault: everywhere({ kind: 'error500' }), exit: 4, code: 'AWS_UNAVAILABLE', ...LOST },
  '503 with Retry-After': {
    fault: everywhere({ kind: 'error503', retryAfterSeconds: 1 }),
    exit: 4,
    code: 'AWS_UNAVAILABLE',
    ...LOST,
  },
  throttle: { fault: everywhere({ kind: 'throttle' }), exit: 4, code: 'AWS_THROTTLED', ...LOST },
  'partial failure': {
    fault: {
      lake: { kind: 'partial', code: 'InvalidData', indices: [0] },
      logs: { kind: 'rejectedLogEvents', tooOldLogEventEndIndex: 1 },
      s3: 'conflict',
    },
    exit: 9,
    code: 'EVENTS_REJECTED',
    // Other content under the same uid is no trouble of the other side, which `--on-error` could forgive.
    s3: { exit: 7, code: 'MARKER_CONFLICT' },
    stored: ['lambda:b', 'lambda:c'],
    confirmed: ['lambda:b', 'lambda:c'],
    refused: ['lambda:a'],
  },
  'expired credentials': {
    fault: everywhere({ kind: 'expired' }),
    exit: 3,
    code: 'CREDENTIALS_EXPIRED',
    ...LOST,
  },
  'garbage body': { fault: everywhere({ kind: 'garbage' }), exit: 4, code: 'UNEXPECTED_RESPONSE', ...LOST },
  'slow body': { fault: everywhere(slow), exit: 8, code: 'TIMEOUT', ...AMBIGUOUS },
  'DNS failure': { exit: 4, code: 'NETWORK', ...LOST },
} as const satisfies Record<string, FaultRow>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES: readonly FaultName[] = [
  'refused connection',
  'reset before the store',
  'reset after the store',
  'hang',
  '500',
  '503 with Retry-After',
  'throttle',
  'partial failure',
  'expired credentials',
  'garbage body',
  'slow body',
  'DNS failure',
];

/** One experiment. */
export interface Cell {
  readonly fault: FaultName;
  readonly sink: (typeof SINKS)[number];
  readonly policy: (typeof POLICIES)[number];
  readonly spool: boolean;
}

/** What an experiment showed. Markers go by their components; one with a UID that nobody planned shows that UID. */
export interface CellResult {
  readonly exit: number | null;
  /** `error`, `warning` or nothing, with the code of the three lines. */
  readonly told: string;
  /** The three lines say how many markers are kept, where, and how they are delivered. */
  readonly toldWhere: boolean;
  /** Markers that stdout calls stored. */
  readonly confirmed: readonly string[];
  /** What the store held after the failure. */
  readonly stored: readonly string[];
  /** The exit code of the drain without the fault; null without a spool. */
  readonly drainExit: number | null;
  /** What the store holds in the end. */
  readonly storedInTheEnd: readonly string[];
  readonly leftInSpool: readonly string[];
  readonly rejected: readonly string[];
  /** Copies of a marker that are not the same in every field, times included. */
  readonly unequalCopies: number;
  /** What the client sent that no correct client sends. */
  readonly violations: readonly string[];
}

/** Every cell, 216 of them. */
export function allCells(): Cell[] {
  return FAULT_NAMES.flatMap(fault =>
    SINKS.flatMap(sink =>
      [true, false].flatMap(spool => POLICIES.map(policy => ({ fault, sink, spool, policy }))),
    ),
  );
}

/** What a cell must show, by the table of faults alone. */
export function expectationOf({ fault, sink, policy: asked, spool }: Cell): CellResult {
  const row: FaultRow = FAULTS[fault];
  const { stored, refused } = row;
  const { exit, code, confirmed = row.confirmed } = (sink === 's3' ? row.s3 : undefined) ?? row;
  // Data that does not hold is never forgiven.
  const policy = exit === 7 ? 'fail' : asked;
  const severity = { fail: 'error ', warn: 'warning ', ignore: '' }[policy];
  return {
    exit: policy === 'fail' ? exit : 0,
    told: severity === '' || code === '' ? '' : severity + code,
    // What is refused for good is not kept for another time.
    toldWhere: spool && policy !== 'ignore' && refused.length === 0 && exit !== 0,
    confirmed,
    stored,
    drainExit: spool ? 0 : null,
    storedInTheEnd: spool ? ALL.filter(name => !refused.includes(name)) : stored,
    leftInSpool: [],
    rejected: spool ? refused : [],
    unequalCopies: 0,
    violations: [],
  };
}

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(cli: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  const child = spawn(process.execPath, [cli, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, stdout, stderr };
}

/** A marker as the store holds it, flat. */
type Fields = Readonly<Record<string, unknown>>;

function readStore(server: AwsServer): Fields[] {
  const markers = readObjects(server, BUCKET).filter(({ git_sha }) => git_sha !== FOREIGN);
  return [...readEvents(server), ...markers];
}

async function readBatches(folder: string): Promise<Fields[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter(name => name.endsWith('.json'));
  const texts = await Promise.all(files.map(name => readFile(join(folder, name), 'utf8')));
  return texts.flatMap(content => JSON.parse(content).markers);
}

/** Where each kind of trouble makes the client knock. */
async function endpointOf(fault: FaultName): Promise<string | undefined> {
  // RFC 6761: .invalid never resolves.
  if (fault === 'DNS failure') return 'https://aws.invalid';
  if (fault !== 'refused connection') return undefined;
  const closed = createServer();
  const port = await listenOnLoopback(closed);
  closed.close();
  await once(closed, 'close');
  return `http://127.0.0.1:${port}`;
}

function toldIn(stderr: string): string {
  const match = /(?:^|\n)(error|warning): .+\n {2}hint: .+\n {2}code: ([A-Z_]+) \(exit \d\)\n$/.exec(stderr);
  if (match !== null) return `${match[1]} ${match[2]}`;
  return stderr;
}

/** Makes one experiment in a folder of its own. @param cli the built command line */
export async function runCell(cell: Cell, cli: string): Promise<CellResult> {
  const folder = await mkdtemp(join(tmpdir(), 'deploy-marker-fault-'));
  const server = await startAwsServer({ logGroups: [GROUP] });
  // With its stream there, the fault hits the first request that stores.
  server.state.logGroups.get(GROUP)?.streams.set(STREAM, []);
  server.state.buckets.set(BUCKET, { objectLock: true, takesNewOnly: true, objects: new Map() });
  try {
    return await experiment(cell, { cli, folder, server });
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly cli: string;
  readonly folder: string;
  readonly server: AwsServer;
}

async function experiment(cell: Cell, { cli, folder, server }: Scene): Promise<CellResult> {
  const { fault, sink, policy } = cell;
  const { fault: injected }: FaultRow = FAULTS[fault];
  const operation = ({ lake: 'PutAuditEvents', logs: 'PutLogEvents', s3: 'PutObject' } as const)[sink];
  const env = { PATH: process.env['PATH'], HOME: folder, ...server.env(), AWS_MAX_ATTEMPTS: '2' };
  const endpoint = await endpointOf(fault);
  const broken =
    endpoint === undefined
      ? {}
      : {
          AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: endpoint,
          AWS_ENDPOINT_URL_CLOUDWATCH_LOGS: endpoint,
          AWS_ENDPOINT_URL_S3: endpoint,
        };
  const spool = join(folder, 'spool');
  const target = {
    lake: ['--channel-arn', server.state.defaultChannelArn],
    logs: ['--log-group', GROUP],
    s3: ['--bucket', `s3://${BUCKET}/markers`],
  }[sink];
  const flags = ['emit', '--env', 'prod', '--git-sha', 'a1b2c3d', '--deployed-at', new Date().toISOString()];
  flags.push(...COMPONENTS.map(name => `--component=${name}`), ...target, '--log-stream', STREAM);
  const planned = await planUids(cli, flags, env);
  const nameOf = ({ uid }: Fields): string => planned.get(String(uid)) ?? `unplanned ${uid}`;
  const namesOf = (list: readonly Fields[]): string[] => [...new Set(list.map(nameOf))].sort();

  const trouble = injected?.[sink];
  if (trouble === 'conflict') await plantForeign(server, flags, { cli, env });
  else if (trouble !== undefined) server.faults.add(operation, trouble, Number.POSITIVE_INFINITY);
  const timeout = TIMED_OUT.includes(fault) ? '6s' : '60s';
  const failure = ['--on-error', policy, '--timeout', timeout, ...(cell.spool ? ['--spool', spool] : [])];
  const emitted = await run(cli, [...flags, ...failure], { ...env, ...broken });
  const stored = namesOf(readStore(server));
  server.faults.clear();
  const drain = ['emit', '--drain', spool];
  const drained = cell.spool ? await run(cli, drain, env) : undefined;

  const store = readStore(server);
  const distinct = new Set(store.map(fields => JSON.stringify(fields))).size;
  const confirmed = [...emitted.stdout.matchAll(/^stored in \w+: (\S+) uid=(\S+)/gm)];
  return {
    exit: emitted.code,
    told: toldIn(emitted.stderr),
    toldWhere:
      emitted.stderr.includes(`; 3 markers are kept in ${spool}\n`) && /--drain/.test(emitted.stderr),
    confirmed: confirmed
      .map(([, name, uid]) => (planned.get(`${uid}`) === name ? `${name}` : `${uid}`))
      .sort(),
    stored,
    drainExit: drained?.code ?? null,
    storedInTheEnd: namesOf(store),
    leftInSpool: namesOf(await readBatches(spool)),
    rejected: namesOf(await readBatches(join(spool, 'rejected'))),
    unequalCopies: distinct - new Set(store.map(nameOf)).size,
    violations: server.violations.map(({ message }) => message),
  };
}

/** Puts another marker where that of the first component is to lie. */
async function plantForeign(
  { state }: AwsServer,
  flags: readonly string[],
  { cli, env }: { readonly cli: string; readonly env: NodeJS.ProcessEnv },
): Promise<void> {
  const { stdout } = await run(cli, [...flags, '--dry-run', '--json'], env);
  const [{ target, body }] = JSON.parse(stdout).requests;
  const [, key = ''] = /\/acme-deploys\/(.+)$/.exec(target) ?? [];
  const foreign = JSON.stringify({ ...JSON.parse(body), git_sha: FOREIGN });
  const object = { body: Buffer.from(foreign), contentType: 'application/json', etag: '"f"', modifiedAt: 0 };
  state.buckets.get(BUCKET)?.objects.set(key, object);
}

/** Faults that last until the deadline, which a machine under load must reach after its request; the others fail by themselves. */
const TIMED_OUT: readonly FaultName[] = ['hang', 'slow body'];

/** UID → component, from a dry run: what any later run of the same command must use. */
async function planUids(
  cli: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Map<string, string>> {
  const { stdout } = await run(cli, [...flags, '--sink', 'file', '--dry-run', '--json'], env);
  const lines: string[] = JSON.parse(stdout).requests.flatMap(({ body }: { body: string }) =>
    body.trim().split('\n'),
  );
  return new Map(lines.map(line => JSON.parse(line)).map(({ uid, component }) => [uid, component]));
}

/** Makes all experiments, a few at a time, in order. */
export async function runCells(
  cells: readonly Cell[],
  cli: string,
  onResult: (cell: Cell, result: CellResult) => void,
): Promise<void> {
  const waiting = [...cells];
  const worker = async (): Promise<void> => {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift())
      onResult(cell, await runCell(cell, cli));
  };
  await Promise.all(Array.from({ length: 6 }, worker));
}
