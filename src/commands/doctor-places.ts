import { type ChannelIngestion, readChannelStatus } from '../aws/cloudtrail/channel-status.ts';
import { checkHistoryAccess } from '../aws/cloudtrail/history-access.ts';
import { readStoreStatus } from '../aws/cloudtrail/store-status.ts';
import { readLogGroupStatus } from '../aws/log-group-status.ts';
import type { ServiceOptions } from '../aws/service-client.ts';
import { readArn } from '../core/arn.ts';
import { type DoctorCheck, failed, noted, passed } from '../core/doctor-check.ts';
import { formatUtcTime } from '../core/utc-time.ts';
import { DeployMarkerError } from '../errors/deploy-marker-error.ts';
import { type DoctorScene, diagnose } from './doctor-scene.ts';

/** How AWS is asked, and in which Region. */
export type AskOptions = ServiceOptions;

/** Names of the checks of {@link checkPlaces}. */
export const PLACE_CHECKS = ['channel-status', 'stores', 'log-group', 'event-history'] as const;

/** The checks of what holds markers and changes: the channel, its stores, log groups, event history. */
export async function checkPlaces(
  scene: DoctorScene,
  asking: AskOptions,
  signal: AbortSignal,
): Promise<DoctorCheck[]> {
  const place: Place = { scene, asking, signal };
  const history = diagnose('event-history', async () => {
    await checkHistoryAccess(asking, signal);
    return passed('event-history', `LookupEvents is allowed in ${asking.region}`);
  });
  const { check: channel, stores } = await checkChannelStatus(place);
  const found = [checkStores(place, stores), checkGroups(place), history];
  return [channel, ...(await Promise.all(found)).flat()];
}

/** Where one asks, and how long. */
interface Place {
  readonly scene: DoctorScene;
  readonly asking: AskOptions;
  readonly signal: AbortSignal;
}

async function checkChannelStatus({ scene, asking, signal }: Place): Promise<{
  readonly check: DoctorCheck;
  readonly stores: readonly string[];
}> {
  let stores: readonly string[] = [];
  const name = 'channel-status';
  const check = await diagnose(name, async () => {
    const channelArn = scene.emit.values['channel-arn'];
    if (channelArn === undefined) {
      return noted(name, 'skipped', 'no channel is set', 'pass --channel-arn where markers go to Lake');
    }
    const channel = await readChannelStatus({ ...asking, channelArn }, signal);
    stores = channel.stores;
    if (channel.source !== 'Custom') {
      const message = `its source is ${channel.source}, so that it takes no events of one's own`;
      const hint = 'use a channel whose source is Custom';
      return failed(name, new DeployMarkerError('CHANNEL_CLOSED', message, { hint }));
    }
    return describeIngestion(name, channel.ingestion);
  });
  return { check, stores };
}

function describeIngestion(name: string, ingestion: ChannelIngestion | undefined): DoctorCheck {
  if (ingestion === undefined) return passed(name, 'it exists; nothing was sent to it yet');
  const { lastSuccess, lastAttempt, lastError } = ingestion;
  const success = lastSuccess === undefined ? 'never' : formatUtcTime(lastSuccess);
  const told = `last success ${success}, last error ${lastError ?? 'none'}`;
  const isFailing = lastError !== undefined && (lastSuccess ?? 0) < (lastAttempt ?? 0);
  if (!isFailing) return passed(name, told);
  const attempt = formatUtcTime(lastAttempt ?? 0);
  const next = 'look at an event with `deploy-marker emit --dry-run`, and at who else sends to the channel';
  return noted(name, 'warn', `the last event, of ${attempt}, was refused; ${told}`, next);
}

/** The channel's stores, and those that `query`, `trace` and `audit` read. */
async function checkStores(
  { scene, asking, signal }: Place,
  stores: readonly string[],
): Promise<DoctorCheck[]> {
  const { query, trail } = scene;
  const read = [...trail.markers, ...trail.changes].flatMap(source => /^lake:(.+)$/.exec(source)?.[1] ?? []);
  const all = [...stores, query['marker-store'] ?? [], query['change-store'] ?? [], read].flat();
  // A store that is named by its ARN and by its id is one.
  const byId = new Map(all.map(store => [store.split('/').at(-1), store]));
  const name = 'stores';
  if (byId.size === 0) {
    return [noted(name, 'skipped', 'no event data store is known', 'pass --marker-store and --change-store')];
  }
  const checks = [...byId.values()].map(store =>
    diagnose(name, async () => {
      const region = readArn(store)?.region || asking.region;
      const {
        status,
        arn,
        name: title = arn,
        ...about
      } = await readStoreStatus({ ...asking, region, store }, signal);
      if (status !== 'ENABLED') {
        const hint = 'turn its ingestion on, or name another store';
        throw new DeployMarkerError('STORE_NOT_FOUND', `${title} is ${status}, not ENABLED`, { hint });
      }
      const kept = `${title} is enabled, keeps ${about.retentionDays ?? '?'} days`;
      if (about.terminationProtected) return passed(name, kept);
      return noted(name, 'warn', `${kept}, and can be deleted`, 'turn its termination protection on');
    }),
  );
  return Promise.all(checks);
}

async function checkGroups({ scene, asking, signal }: Place): Promise<DoctorCheck[]> {
  const name = 'log-group';
  const read = scene.trail.markers.flatMap(source => /^logs:(.+)$/.exec(source)?.[1] ?? []);
  const groups = new Set([scene.emit.values['log-group'] ?? [], read].flat());
  if (groups.size === 0) {
    return [noted(name, 'skipped', 'no log group is set', 'pass --log-group where markers go to Logs')];
  }
  const checks = [...groups].map(logGroup =>
    diagnose(name, async () => {
      const status = await readLogGroupStatus({ ...asking, logGroup }, signal);
      const { retentionDays, deletionProtected } = status;
      const kept = `${logGroup} exists, keeps ${retentionDays === undefined ? 'for ever' : `${retentionDays} days`}`;
      if (deletionProtected) return passed(name, kept);
      return noted(name, 'warn', `${kept}, and can be deleted`, 'turn its deletion protection on');
    }),
  );
  return Promise.all(checks);
}
