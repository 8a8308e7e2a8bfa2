import { randomBytes } from 'node:crypto';
import type { HistoryIndex } from './cloudtrail/cloudtrail-history.ts';
import { createLakeState, type LakeState } from './cloudtrail/lake-state.ts';
import type { PublicKey } from './cloudtrail/public-keys.ts';
import { createFaultQueue, type FaultQueue } from './faults.ts';
import type { LogGroup } from './logs/logs-state.ts';
import type { Bucket } from './s3/s3-state.ts';
import type { PublishedMessage } from './sns-publish.ts';
import type { Stack } from './stack-resources.ts';

/** An access key the server accepts. */
export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** Temporary keys only: what `x-amz-security-token` must carry. */
  readonly sessionToken?: string;
  /** Temporary keys only: milliseconds since 1970. */
  readonly expiresAt?: number;
  /** Whose key it is: a user, or `arn:aws:sts::…:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
}

/** What CloudTrail remembers of the events of a channel; times are milliseconds. */
export interface Ingestion {
  readonly lastSuccess?: number;
  readonly lastAttempt?: number;
  readonly lastError?: string;
}

/** A CloudTrail Lake channel. */
export interface Channel {
  readonly arn: string;
  /** The external id its resource policy demands, if it does. */
  readonly externalId?: string;
  /** False: every event fails with `AccountNotSubscribed`. */
  readonly subscribed?: boolean;
  /** The event sources it takes; without it, any. */
  readonly eventSources?: readonly string[];
  /** Default `Custom`. */
  readonly source?: string;
  /** ARNs of the event data stores behind it; default the store for markers. */
  readonly stores?: readonly string[];
  /** What GetChannel says of its events; what is put does not change it. */
  readonly ingestion?: Ingestion;
}

/** A role and who may assume it. Subjects and session names are IAM `StringLike` patterns. */
export interface Role {
  readonly arn: string;
  readonly trust: {
    readonly issuer: string;
    readonly audiences: readonly string[];
    readonly subjects: readonly string[];
    readonly sessionNames?: readonly string[];
  };
  /** Default 43200. */
  readonly maxSessionSeconds?: number;
  /** The trust policy that IAM shows; default one that says what `trust` does. STS goes by `trust` alone. */
  readonly policy?: string;
}

/** An identity provider of the account; `clientIds`, when given, are the audiences it accepts at all. */
export interface Issuer {
  readonly url: string;
  readonly clientIds?: readonly string[];
}

/** One event that the server took; a second delivery of the same event is a second entry, as in CloudTrail. */
export interface StoredEvent {
  readonly id: string;
  readonly eventID: string;
  readonly channelArn: string;
  /** The `eventData` string exactly as sent. */
  readonly eventData: string;
  /** The same, parsed. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** Something no correct client ever sends, whatever the scenario. */
export interface Violation {
  readonly operation: string;
  readonly message: string;
}

/** Everything the server knows; tests may change it at any time. */
export interface AwsState {
  readonly accountId: string;
  /** The server's own; a channel's and a topic's region is in its ARN, and `histories` names more for CloudTrail. */
  readonly region: string;
  /** The server's clock, in milliseconds. Also the `Date` header of its answers. */
  now: () => number;
  readonly keys: Map<string, AccessKey>;
  /** The key that `env()` hands out. */
  readonly defaultKey: AccessKey;
  readonly channels: Map<string, Channel>;
  readonly defaultChannelArn: string;
  readonly roles: Map<string, Role>;
  readonly defaultRoleArn: string;
  readonly issuers: Map<string, Issuer>;
  readonly stored: StoredEvent[];
  /** CloudWatch Logs' groups by name; `listLogMessages` has what is in them. */
  readonly logGroups: Map<string, LogGroup>;
  /** What LookupEvents finds: raw CloudTrail records in any order, by `ACCOUNT/REGION` of the caller. */
  readonly histories: Map<string, unknown[]>;
  /** Default 2, by the real clock, per account and region; `Infinity` turns the limit off. */
  lookupsPerSecond: number;
  /** The server's own: when LookupEvents was called. */
  readonly lookupTimes: Map<string, readonly number[]>;
  /** The server's own: `histories` in order; made anew when a history is replaced, or its length changes. */
  readonly historyIndexes: Map<string, HistoryIndex>;
  readonly lake: LakeState;
  /** What ListPublicKeys gives, by region. */
  readonly publicKeys: Map<string, readonly PublicKey[]>;
  /** CloudFormation's stacks by name. */
  readonly stacks: Map<string, Stack>;
  /** ARNs of SNS topics. */
  readonly topics: Set<string>;
  /** What was published to them, in order. */
  readonly published: PublishedMessage[];
  /** S3's buckets by name. */
  readonly buckets: Map<string, Bucket>;
  readonly violations: Violation[];
  readonly faults: FaultQueue;
}

/** What a test may choose when it starts a server. */
export interface AwsStateOptions {
  readonly accountId?: string;
  readonly region?: string;
  readonly now?: () => number;
  /** False: the default key is a long-lived one without a session token. */
  readonly temporaryCredentials?: boolean;
  /** Names of log groups that are there from the start; default none. */
  readonly logGroups?: readonly string[];
}

/** The CircleCI organisation that the default role trusts. */
export const DEFAULT_ORG_ID = '3cb2b6a5-1f0e-4b8e-9a4b-5d1f0a7c2e11';
/** The issuer of the default role's trust policy. */
export const DEFAULT_ISSUER = `https://oidc.circleci.com/org/${DEFAULT_ORG_ID}`;

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A temporary access key with `ASIA…` id; secret and token contain `/` and `+`, as real ones do. */
export function mintAccessKey(arn: string, expiresAt?: number): AccessKey {
  const tail = [...randomBytes(16)].map(byte => BASE32[byte % 32]).join('');
  return {
    id: `ASIA${tail}`,
    secret: `${randomBytes(28).toString('base64').slice(0, 37)}/+x`,
    sessionToken: `IQoJb3JpZ2luX2Vj/+${randomBytes(270).toString('base64')}==`,
    arn,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

function createDefaultKey(accountId: string, temporary: boolean): AccessKey {
  if (temporary) return mintAccessKey(`arn:aws:sts::${accountId}:assumed-role/deploy/ci-default`);
  // AWS's documented example key, which is no secret.
  return {
    id: 'AKIAIOSFODNN7EXAMPLE',
    secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    arn: `arn:aws:iam::${accountId}:user/deployer`,
  };
}

/** A state with one key, one channel, one role and one issuer, all of one account and region. */
export function createAwsState(options: AwsStateOptions = {}): AwsState {
  const accountId = options.accountId ?? '111122223333';
  const region = options.region ?? 'eu-west-1';
  const defaultKey = createDefaultKey(accountId, options.temporaryCredentials ?? true);
  const channelArn = `arn:aws:cloudtrail:${region}:${accountId}:channel/0f1e2d3c-4b5a-4687-9a8b-7c6d5e4f3a2b`;
  const roleArn = `arn:aws:iam::${accountId}:role/deploy`;
  const role: Role = {
    arn: roleArn,
    trust: {
      issuer: DEFAULT_ISSUER,
      audiences: [DEFAULT_ORG_ID, 'sts.amazonaws.com'],
      subjects: [`org/${DEFAULT_ORG_ID}/project/*`],
    },
  };
  return {
    accountId,
    region,
    now: options.now ?? Date.now,
    keys: new Map([[defaultKey.id, defaultKey]]),
    defaultKey,
    channels: new Map([[channelArn, { arn: channelArn }]]),
    defaultChannelArn: channelArn,
    roles: new Map([[roleArn, role]]),
    defaultRoleArn: roleArn,
    issuers: new Map([[DEFAULT_ISSUER, { url: DEFAULT_ISSUER }]]),
    stored: [],
    logGroups: new Map((options.logGroups ?? []).map(name => [name, { streams: new Map() }])),
    histories: new Map([[`${accountId}/${region}`, []]]),
    lookupsPerSecond: 2,
    lookupTimes: new Map(),
    historyIndexes: new Map(),
    lake: createLakeState(accountId, region),
    publicKeys: new Map(),
    stacks: new Map(),
    topics: new Set(),
    published: [],
    buckets: new Map(),
    violations: [],
    faults: createFaultQueue(),
  };
}
