import type { ServiceOptions } from '../../../aws/client/service-client.ts';
import { type ChannelIngestion, readChannelStatus } from '../../../aws/cloudtrail/channel-status.ts';
import { checkHistoryAccess } from '../../../aws/cloudtrail/history-access.ts';
import { readStoreStatus } from '../../../aws/cloudtrail/store-status.ts';
import { readLogGroupStatus } from '../../../aws/logs/group-status.ts';
import { holdsObjects } from '../../../aws/trail-bucket/bucket-access.ts';
import { readArn } from '../../../core/base/arn.ts';
import { describeS3Folder, parseTrailFolder } from '../../../core/base/s3-address.ts';
import { type DoctorCheck, failed, noted, passed } from '../../../core/doctor-check.ts';
import { formatUtcTime } from '../../../core/time/utc.ts';
import { DeployMarkerError } from '../../../errors/deploy-marker-error.ts';
import { connectionOf, logRegionOf } from '../../sinks/connection.ts';
import { isBucket } from '../../trail/sources.ts';
import { type DoctorScene, diagnoseInTime } from '../scene.ts';
import { checkMarkerBuckets } from './bucket.ts';
import { checkRecorder } from './recorder.ts';
import { checkTables } from './tables.ts';

/** The checks of what holds markers and changes: the channel, its stores, log groups, tables, buckets, event history. */
export async function checkPlaces(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const history = diagnoseInTime('event-history', scene, 'CloudTrail', async signal => {
    await checkHistoryAccess(asking, signal);
    return passed('event-history', `LookupEvents is allowed in ${asking.region}`);
  });
  const groups = checkGroups(scene, asking);
  const buckets = Promise.all([checkMarkerBuckets(scene, asking), checkBuckets(scene, asking)]);
  const recorder = checkRecorder(scene, asking);
  const { check: channel, stores } = await checkChannelStatus(scene, asking);
  const found = await Promise.all([
    checkStores(scene, asking, stores),
    groups,
    checkTables(scene, asking),
    buckets,
    history,
    recorder,
  ]);
  return [channel, ...found.flat(2)];
}

async function checkChannelStatus(
  scene: DoctorScene,
  asking: ServiceOptions,
): Promise<{
  readonly check: DoctorCheck;
  readonly stores: readonly string[];
}> {
  let stores: readonly string[] = [];
  const name = 'channel-status';
  const check = await diagnoseInTime(name, scene, 'CloudTrail', async signal => {
    const channelArn = scene.emit.values['channel-arn'];
    if (channelArn === undefined) {
      return noted(name, 'skipped', 'no channel is set', 'pass --channel-arn if markers go to Lake');
    }
    // By the role that delivers there, if there is one: a channel is seen from its own account only.
    const connection = connectionOf(scene.emit.values, asking.region, scene.context);
    const channel = await readChannelStatus({ ...connection, channelArn }, signal);
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
  const isFailing = lastError !== undefined && (lastSuccess ?? 0) < (lastAttempt ?? 1);
  if (!isFailing) return passed(name, told);
  const attempt = lastAttempt === undefined ? 'an unknown time' : formatUtcTime(lastAttempt);
  const next = 'look at an event with `deploy-marker emit --dry-run`, and at who else sends to the channel';
  return noted(name, 'warn', `the last event, of ${attempt}, was refused; ${told}`, next);
}

/** The channel's stores, and those that `query`, `trace` and `audit` read. */
async function checkStores(
  scene: DoctorScene,
  asking: ServiceOptions,
  stores: readonly string[],
): Promise<DoctorCheck[]> {
  const { query, trail } = scene;
  const read = [...trail.markers, ...trail.changes].flatMap(source => /^lake:(.+)$/.exec(source)?.[1] ?? []);
  const all = [query['marker-store'] ?? [], query['change-store'] ?? [], read, stores].flat();
  // A store that is named by its id and by its ARN is one, and the ARN says where it is.
  const byId = new Map(all.map(store => [store.split('/').at(-1), store]));
  const name = 'stores';
  if (byId.size === 0) {
    return [noted(name, 'skipped', 'no event data store is known', 'pass --marker-store and --change-store')];
  }
  const checks = [...byId.values()].map(store =>
    diagnoseInTime(name, scene, 'CloudTrail', async signal => {
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

async function checkGroups(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const name = 'log-group';
  const { 'log-group': own } = scene.emit.values;
  const { markers, changes } = scene.trail;
  const read = [...markers, ...changes].flatMap(source => /^logs:(.+)$/.exec(source)?.[1] ?? []);
  const groups = new Map(read.map(group => [group, asking]));
  // Where emit finds it, and by the role that delivers there.
  const ownRegion = logRegionOf(scene.emit.values, scene.context.io.env) ?? asking.region;
  const delivery = connectionOf(scene.emit.values, ownRegion, scene.context);
  if (own !== undefined) groups.set(own, { ...delivery, region: ownRegion });
  if (groups.size === 0) {
    return [
      noted(name, 'skipped', 'no log group is set', 'pass --log-group if markers go to CloudWatch Logs'),
    ];
  }
  const checks = [...groups].map(([logGroup, options]) =>
    diagnoseInTime(name, scene, 'CloudWatch Logs', async signal => {
      const status = await readLogGroupStatus({ ...options, logGroup }, signal);
      const { retentionDays, deletionProtected } = status;
      const kept = `${logGroup} exists, keeps ${retentionDays === undefined ? 'for ever' : `${retentionDays} days`}`;
      if (deletionProtected) return passed(name, kept);
      return noted(name, 'warn', `${kept}, and can be deleted`, 'turn its deletion protection on');
    }),
  );
  return Promise.all(checks);
}

/** The buckets of trails that changes are read from; nothing is said where there is none. */
function checkBuckets(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck[]> {
  const name = 'trail-bucket';
  const checks = [...new Set(scene.trail.changes.filter(isBucket))].map(source =>
    diagnoseInTime(name, scene, 'S3', async signal => {
      const from = parseTrailFolder(source, '--changes');
      const title = describeS3Folder(from);
      if (await holdsObjects(asking, from, signal)) return passed(name, `${title} can be listed`);
      throw new DeployMarkerError('TRAIL_NOT_SEEN', `${title} holds nothing`);
    }),
  );
  return Promise.all(checks);
}
