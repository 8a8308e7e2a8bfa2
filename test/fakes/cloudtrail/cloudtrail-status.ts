import { createJsonResponse, readJsonInput, readText } from '../aws-json-input.ts';
import type { AwsRefusal } from '../aws-refusal.ts';
import type { AwsState, Channel } from '../aws-state.ts';
import { type Call, type Operation, placeOf } from '../operation.ts';
import { CLOUDTRAIL, cloudTrailRefusal, cloudTrailViolation } from './cloudtrail-input.ts';
import type { EventDataStore } from './lake-state.ts';

const ARN = /^arn:aws[a-z-]*:cloudtrail:([a-z0-9-]+):(\d{12}):(channel|eventdatastore)\/([0-9a-f-]{36})$/;
const ID = /^[0-9a-f-]{36}$/;

/** The member `name`: 3 to 256 characters of an ARN or its last part. */
function readTarget(call: Call, name: string): string {
  const text = readText(readJsonInput(call, [name]), name);
  if (text !== undefined && /^[a-zA-Z0-9._/\-:]{3,256}$/.test(text)) return text;
  throw cloudTrailViolation('InvalidParameterException', `${name} must be an ARN or an id.`);
}

/** The ARN that `target` is, or is the id of, in the caller's account and Region; refused if it lies elsewhere. */
function toArn(
  call: Call,
  target: string,
  kind: string,
  refusals: { invalid: AwsRefusal; missing: AwsRefusal },
) {
  const place = placeOf(call);
  const [account, region] = place.split('/');
  if (ID.test(target)) return `arn:aws:cloudtrail:${region}:${account}:${kind}/${target}`;
  const [, arnRegion, arnAccount, arnKind] = ARN.exec(target) ?? [];
  if (arnKind !== kind) throw refusals.invalid;
  if (place !== `${arnAccount}/${arnRegion}`) throw refusals.missing;
  return target;
}

/** Seconds since 1970, as the service writes times. */
function toSeconds(name: string, time: number | undefined): Record<string, number> {
  return time === undefined ? {} : { [name]: time / 1000 };
}

function describeIngestion({ ingestion = {} }: Channel): Record<string, unknown> {
  const { lastSuccess, lastAttempt, lastError } = ingestion;
  const eventId = 'c4d5e6f7-0000-4a5b-8c6d-7e8f90a1b2c3';
  return {
    ...toSeconds('LatestIngestionSuccessTime', lastSuccess),
    ...(lastSuccess === undefined ? {} : { LatestIngestionSuccessEventID: eventId }),
    ...(lastError === undefined ? {} : { LatestIngestionErrorCode: lastError }),
    ...toSeconds('LatestIngestionAttemptTime', lastAttempt),
    ...(lastAttempt === undefined ? {} : { LatestIngestionAttemptEventID: eventId }),
  };
}

function describeChannel(channel: Channel, { lake }: AwsState): Record<string, unknown> {
  const { stores = [lake.stores.get(lake.markerStoreId)?.arn ?? ''] } = channel;
  return {
    ChannelArn: channel.arn,
    Name: 'deploys',
    Source: channel.source ?? 'Custom',
    SourceConfig: { ApplyToAllRegions: false, AdvancedEventSelectors: [] },
    Destinations: stores.map(Location => ({ Type: 'EVENT_DATA_STORE', Location })),
    IngestionStatus: describeIngestion(channel),
  };
}

/** GetChannel: a channel of the caller's account, by its ARN or id. */
export const GET_CHANNEL: Operation = {
  ...CLOUDTRAIL,
  name: 'GetChannel',
  prepare(state, call) {
    const target = readTarget(call, 'Channel');
    const missing = cloudTrailRefusal('ChannelNotFoundException', 'The specified channel was not found.');
    const invalid = cloudTrailRefusal(
      'ChannelARNInvalidException',
      'The specified channel ARN is not valid or does not map to a channel in your account.',
    );
    return () => {
      const channel = state.channels.get(toArn(call, target, 'channel', { invalid, missing }));
      if (channel === undefined) throw missing;
      return createJsonResponse(describeChannel(channel, state));
    };
  },
};

function describeStore(store: EventDataStore): Record<string, unknown> {
  const created = 1_700_000_000;
  return {
    EventDataStoreArn: store.arn,
    Name: store.name ?? 'deploys',
    Status: store.status ?? (store.active === false ? 'PENDING_DELETION' : 'ENABLED'),
    AdvancedEventSelectors: [],
    MultiRegionEnabled: store.multiRegion ?? false,
    OrganizationEnabled: false,
    BillingMode: 'EXTENDABLE_RETENTION_PRICING',
    RetentionPeriod: store.retentionDays ?? 366,
    TerminationProtectionEnabled: store.terminationProtected ?? true,
    CreatedTimestamp: created,
    UpdatedTimestamp: created,
  };
}

/** GetEventDataStore: a store of the caller's account, by its ARN or id. */
export const GET_EVENT_DATA_STORE: Operation = {
  ...CLOUDTRAIL,
  name: 'GetEventDataStore',
  prepare(state, call) {
    const target = readTarget(call, 'EventDataStore');
    const missing = cloudTrailRefusal(
      'EventDataStoreNotFoundException',
      'The specified event data store was not found.',
    );
    const invalid = cloudTrailRefusal(
      'EventDataStoreARNInvalidException',
      'The specified event data store ARN is not valid or does not map to an event data store in your account.',
    );
    return () => {
      const arn = toArn(call, target, 'eventdatastore', { invalid, missing });
      const store = [...state.lake.stores.values()].find(each => each.arn === arn);
      if (store === undefined) throw missing;
      return createJsonResponse(describeStore(store));
    };
  },
};
