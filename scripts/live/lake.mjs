// CloudTrail Lake: a store and a channel of our own where the account may have them, or a channel that is named.
import { setTimeout as sleep } from 'node:timers/promises';
import * as trail from '@aws-sdk/client-cloudtrail';
import { isRefusal, madeNothing } from './answer.mjs';
import { TAG } from './names.mjs';

const POLL_MS = 3000;
const MOST_TRIES = 30;
/** What a store of events from outside AWS selects, as in the template `lake`. */
const SELECTORS = [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['ActivityAuditLog'] }] }];

/** The ARN of what is not there. */
export const nowhere = ({ partition, region, account }, what) =>
  `arn:${partition}:cloudtrail:${region}:${account}:${what}/00000000-0000-4000-8000-000000000000`;

/** Sends a call that makes a thing, which is noted before. @returns its ARN, or the error with which it was refused */
async function make({ aws, ledger }, thing, command) {
  ledger.add(thing);
  try {
    const { EventDataStoreArn, ChannelArn } = await aws.cloudtrail.send(command);
    thing.arn = EventDataStoreArn ?? ChannelArn;
    return { arn: thing.arn };
  } catch (refusal) {
    if (!isRefusal(refusal)) throw refusal;
    if (madeNothing(refusal)) ledger.drop(thing);
    return { refusal };
  }
}

/** Tries to make a channel of source Custom that delivers into a store. */
export function makeChannel(scene, name, store) {
  const Tags = [{ Key: TAG, Value: scene.names.run }];
  const Destinations = [{ Type: 'EVENT_DATA_STORE', Location: store }];
  const command = new trail.CreateChannelCommand({ Name: name, Source: 'Custom', Destinations, Tags });
  return make(scene, { kind: 'channel', name }, command);
}

/** A store that takes longer than a minute or two is left to say so itself when it is used. */
async function waitForStore({ aws, signal }, EventDataStore) {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { Status } = await aws.cloudtrail.send(new trail.GetEventDataStoreCommand({ EventDataStore }));
    if (Status === 'ENABLED') return;
    await sleep(POLL_MS, undefined, { signal });
  }
}

/** Tries to make a store and its channel. Without a store a channel is asked for all the same, into one that is not there: for the answer. */
export async function makeLake(scene) {
  const { names } = scene;
  const command = new trail.CreateEventDataStoreCommand({
    Name: names.store,
    AdvancedEventSelectors: SELECTORS,
    MultiRegionEnabled: false,
    OrganizationEnabled: false,
    RetentionPeriod: 7,
    TerminationProtectionEnabled: false,
    TagsList: [{ Key: TAG, Value: names.run }],
  });
  const store = await make(scene, { kind: 'event data store', name: names.store }, command);
  if (store.arn !== undefined) await waitForStore(scene, store.arn);
  const channel = await makeChannel(scene, names.channel, store.arn ?? nowhere(scene, 'eventdatastore'));
  return { store, channel };
}

/** The store that a channel which was there before delivers into. */
export async function storeBehind({ aws }, Channel) {
  const { Destinations = [] } = await aws.cloudtrail.send(new trail.GetChannelCommand({ Channel }));
  return Destinations.find(({ Type }) => Type === 'EVENT_DATA_STORE')?.Location;
}
