// What a run makes: how each kind is found again and removed.
import { setTimeout as sleep } from 'node:timers/promises';
import * as cfn from '@aws-sdk/client-cloudformation';
import * as trail from '@aws-sdk/client-cloudtrail';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as iam from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { describe, isDenial } from './answer.mjs';
import { PREFIX } from './names.mjs';

const POLL_MS = 3000;

async function collect(pages, pick) {
  const all = [];
  for await (const page of pages) all.push(...(pick(page) ?? []));
  return all;
}

/** The stack as it is now; undefined if it is not there. */
export async function findStack({ cloudformation }, StackName) {
  try {
    return (await cloudformation.send(new cfn.DescribeStacksCommand({ StackName }))).Stacks?.[0];
  } catch (error) {
    if (/does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

async function removeStack(aws, { name }) {
  // By its id, for that finds a deleted stack, too. What cannot be described can be deleted all the same.
  const { StackId = name } = (await findStack(aws, name).catch(() => undefined)) ?? {};
  await aws.cloudformation.send(new cfn.DeleteStackCommand({ StackName: name }));
  for (;;) {
    const { StackStatus: status = 'DELETE_COMPLETE', StackStatusReason } =
      (await findStack(aws, StackId)) ?? {};
    if (status === 'DELETE_COMPLETE') return;
    if (status === 'DELETE_FAILED') throw new Error(StackStatusReason ?? status);
    await sleep(POLL_MS);
  }
}

async function removeBucket(aws, { name: Bucket }) {
  for (;;) {
    const found = await aws.s3.send(new s3.ListObjectVersionsCommand({ Bucket }));
    const versions = [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])];
    if (versions.length === 0) break;
    const Delete = { Objects: versions.map(({ Key, VersionId }) => ({ Key, VersionId })), Quiet: true };
    const { Errors = [] } = await aws.s3.send(new s3.DeleteObjectsCommand({ Bucket, Delete }));
    if (Errors.length > 0) throw new Error(`${Errors[0].Key}: ${Errors[0].Code}: ${Errors[0].Message}`);
  }
  await aws.s3.send(new s3.DeleteBucketCommand({ Bucket }));
}

async function removeLogGroup(aws, { name }) {
  const open = { logGroupIdentifier: name, deletionProtectionEnabled: false };
  const opening = aws.logs.send(new logs.PutLogGroupDeletionProtectionCommand(open));
  const failure = await opening.then(
    () => undefined,
    error => error,
  );
  try {
    await aws.logs.send(new logs.DeleteLogGroupCommand({ logGroupName: name }));
  } catch (error) {
    // Why it could not be opened is why it cannot be deleted.
    throw GONE.test(error.name) ? error : (failure ?? error);
  }
}

/** Kinds in the order in which they are removed: a bucket, a group and a provider outlive their stack, by its template. */
const KINDS = {
  channel: {
    async list({ cloudtrail: client }) {
      const all = await collect(trail.paginateListChannels({ client }, {}), page => page.Channels);
      return all.map(({ Name, ChannelArn }) => ({ name: Name, arn: ChannelArn }));
    },
    remove: (aws, { arn }) => aws.cloudtrail.send(new trail.DeleteChannelCommand({ Channel: arn })),
  },
  'event data store': {
    async list({ cloudtrail: client }) {
      const all = await collect(
        trail.paginateListEventDataStores({ client }, {}),
        page => page.EventDataStores,
      );
      const open = all.filter(({ Status }) => Status !== 'PENDING_DELETION');
      return open.map(({ Name, EventDataStoreArn }) => ({ name: Name, arn: EventDataStoreArn }));
    },
    remove: (aws, { arn }) =>
      aws.cloudtrail.send(new trail.DeleteEventDataStoreCommand({ EventDataStore: arn })),
  },
  stack: {
    async list({ cloudformation: client }) {
      const all = await collect(cfn.paginateListStacks({ client }, {}), page => page.StackSummaries);
      const open = all.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
      return open.map(({ StackName }) => ({ name: StackName }));
    },
    remove: removeStack,
  },
  bucket: {
    async list(aws) {
      const ours = new s3.ListBucketsCommand({ Prefix: PREFIX, BucketRegion: aws.region });
      return ((await aws.s3.send(ours)).Buckets ?? []).map(({ Name }) => ({ name: Name }));
    },
    remove: removeBucket,
  },
  'log group': {
    async list({ logs: client }) {
      const pages = logs.paginateDescribeLogGroups({ client }, { logGroupNamePrefix: PREFIX });
      return (await collect(pages, page => page.logGroups)).map(({ logGroupName }) => ({
        name: logGroupName,
      }));
    },
    remove: removeLogGroup,
  },
  'OIDC provider': {
    async list(aws) {
      const all = await aws.iam.send(new iam.ListOpenIDConnectProvidersCommand({}));
      return (all.OpenIDConnectProviderList ?? []).map(({ Arn }) => ({ name: Arn }));
    },
    remove: (aws, { name }) =>
      aws.iam.send(new iam.DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: name })),
  },
};

const GONE = /^NoSuch(Bucket|Entity)|NotFound/;
/** What has just changed may be busy for some seconds: a channel that is gone still holds its store. */
const MOST_TRIES = 3;
/** Kinds that are removed by an ARN, which only the answer that made them tells, or a list. */
const BY_ARN = ['channel', 'event data store'];

/** Removes one thing; what is not there counts as removed. */
async function removeThing(aws, thing) {
  const { list, remove } = KINDS[thing.kind];
  const isKnown = thing.arn !== undefined || !BY_ARN.includes(thing.kind);
  const all = isKnown ? [thing] : await list(aws);
  for (const each of all.filter(({ name }) => name === thing.name)) {
    await remove(aws, each).catch(error => {
      if (!GONE.test(error.name)) throw error;
    });
  }
}

async function keepRemoving(aws, thing) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await removeThing(aws, thing);
    } catch (error) {
      if (isDenial(error) || tries === MOST_TRIES) throw error;
      await sleep(POLL_MS);
    }
  }
}

/** Everything in this Region whose name says that it is ours, and the kinds that could not be listed, with why. */
export async function findThings(aws, isOurs) {
  const things = [];
  const unknown = [];
  for (const [kind, { list }] of Object.entries(KINDS)) {
    try {
      things.push(...(await list(aws)).filter(({ name }) => isOurs(name)).map(each => ({ kind, ...each })));
    } catch (error) {
      unknown.push(`${kind}: ${describe(error)}`);
    }
  }
  return { things, unknown };
}

/** What was begun and is not yet removed. A thing is noted before the call that makes it, so that no answer need come for it to be removed. */
export class Ledger {
  #things = [];

  add(...things) {
    this.#things.push(...things);
  }

  drop(...things) {
    this.#things = this.#things.filter(each => !things.includes(each));
  }

  /** In the order of removal: by kind, the youngest first. */
  get left() {
    const order = Object.keys(KINDS);
    return this.#things.toReversed().toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  }

  /** Removes all it can, and says why it could not remove the rest. */
  async removeAll(aws, say) {
    for (const thing of this.left) {
      try {
        await keepRemoving(aws, thing);
        this.drop(thing);
        say(`removed     ${thing.kind} ${thing.name}`);
      } catch (error) {
        say(`NOT removed ${thing.kind} ${thing.name}: ${describe(error)}`);
      }
    }
  }
}
