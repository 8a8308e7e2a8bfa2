import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { makeFolder } from '../../cli/run-cli.ts';
import { type AwsServer, startAwsServer } from '../../fakes/aws-server.ts';
import { assumedRole, through } from '../../trail-world/actors.ts';
import { updateFunctionConfiguration } from '../../trail-world/lambda-calls.ts';
import { createSeededRandom } from '../../trail-world/seeded-random.ts';
import { toRecord } from '../../trail-world/trail-record.ts';
import { type MotoServer, startMoto } from '../moto-server.ts';
import { type Holdings, holdingsOf } from './holdings.ts';
import { type LiveRun, startLive } from './live-run.ts';

/** moto's own account. */
export const PLACE = { account: '123456789012', region: 'eu-west-1' };
/** What everything is called that a run makes. */
export const NAME = /deploy-marker-live-([0-9a-f]{8})-/;

/** moto, and the strict server for CloudTrail, which moto has not. */
export interface LiveScene {
  readonly moto: MotoServer;
  readonly cloudTrail: AwsServer;
  /** The variables of a run; a test may change them. */
  env: Record<string, string>;
  /** What moto held before the test. */
  readonly before: Holdings;
  /** Starts a run, which is killed at the end of the test if it is still on its way. */
  start(...args: readonly string[]): LiveRun;
  /** What moto holds now. */
  holdings(): Promise<Holdings>;
}

/** CloudTrail as it is where the account has a channel already: events are taken, and queries are answered. */
export async function startCloudTrail(): Promise<AwsServer> {
  const server = await startAwsServer({ accountId: PLACE.account });
  const { lake, stored } = server.state;
  lake.firstStates = [];
  lake.answerQuery = statement => {
    if (statement.includes('DeployMarkerLive')) return { rows: [{ t: '2026-01-01 00:00:00.000', n: '1' }] };
    if (!statement.includes('json_format')) return { rows: [] };
    const markers = stored.filter(({ event }) => event['eventName'] === 'DeployMarker');
    return {
      rows: markers.map(({ event }) => ({
        uid: String(event['UID']),
        marker: JSON.stringify(event['requestParameters']),
      })),
    };
  };
  return server;
}

/** What event history has of the change that a run makes. */
export function recordOf(run: string, session: string): object {
  const random = createSeededRandom(run);
  const at = Math.floor(Date.now() / 1000) * 1000;
  const role = `deploy-marker-live-${run}-probe`;
  const { account } = PLACE;
  const caller = assumedRole(random, { account, role, session, hasComposedName: true, createdAt: at });
  const by = through(caller, 'cloudformation.amazonaws.com', random);
  const call = updateFunctionConfiguration(PLACE, `deploy-marker-live-${run}-function`);
  return toRecord(random, { by, at, call, place: PLACE });
}

/** Sets the stage for the tests of a `describe`: one moto, and a CloudTrail for each. */
export function useLiveScene(command: string): LiveScene {
  let moto: MotoServer | undefined;
  let cloudTrail: AwsServer | undefined;
  let before: Holdings | undefined;
  let run: LiveRun | undefined;
  beforeAll(async () => {
    moto = await startMoto(command);
  }, 120_000);
  afterAll(async () => moto?.close());
  beforeEach(async () => {
    cloudTrail = await startCloudTrail();
    const { AWS_ENDPOINT_URL_CLOUDTRAIL: url = '', ...keys } = cloudTrail.env();
    const session = { AWS_SESSION_TOKEN: keys['AWS_SESSION_TOKEN'] ?? '', TMPDIR: await makeFolder() };
    scene.env = {
      ...scene.moto.env(),
      AWS_ENDPOINT_URL_CLOUDTRAIL: url,
      AWS_ENDPOINT_URL_CLOUDTRAIL_DATA: url,
      AWS_ACCESS_KEY_ID: keys['AWS_ACCESS_KEY_ID'] ?? '',
      AWS_SECRET_ACCESS_KEY: keys['AWS_SECRET_ACCESS_KEY'] ?? '',
      ...session,
    };
    // moto loads a service with its first call.
    before = await scene.holdings();
  }, 120_000);
  afterEach(async () => {
    run?.child.kill('SIGKILL');
    await cloudTrail?.close();
  });
  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the scene is not set');
    return value;
  };
  const scene: LiveScene = {
    env: {},
    get moto() {
      return there(moto);
    },
    get cloudTrail() {
      return there(cloudTrail);
    },
    get before() {
      return there(before);
    },
    start(...args) {
      run = startLive(args, scene.env);
      return run;
    },
    holdings: () => holdingsOf(scene.moto.url),
  };
  return scene;
}
