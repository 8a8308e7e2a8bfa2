import type { AwsServer } from '../../fakes/aws-server.ts';
import { trustPolicy } from './scene.ts';

/** Makes the account other than it should be. */
type Change = (server: AwsServer) => void;
/** The default channel, with something else about it. */
export const setChannel =
  (change: object): Change =>
  ({ state }) => {
    const channel = state.channels.get(state.defaultChannelArn);
    if (channel !== undefined) state.channels.set(channel.arn, { ...channel, ...change });
  };
const setStore =
  (change: object): Change =>
  ({ state: { lake } }) => {
    const store = lake.stores.get(lake.markerStoreId);
    if (store !== undefined) lake.stores.set(lake.markerStoreId, { ...store, ...change });
  };
/** The default role, with another trust policy. */
export const setRole =
  (policy: unknown): Change =>
  ({ state }) => {
    const role = state.roles.get(state.defaultRoleArn);
    if (role !== undefined) state.roles.set(role.arn, { ...role, policy: JSON.stringify(policy) });
  };
/** An operation that the caller may not call. */
export const deny =
  (operation: Parameters<AwsServer['faults']['add']>[0]): Change =>
  ({ faults }) => {
    faults.add(operation, { kind: 'denied' });
  };
const HALF_AN_HOUR = 1_800_000;

/** What may be wrong: how, with which flags; then the check that finds it, its status and code, and the exit code. */
export const STATES: readonly [
  title: string,
  change: Change,
  args: readonly string[],
  check: string,
  status: string,
  code: string | undefined,
  exit: number,
][] = [
  [
    'another role',
    () => {},
    ['--role-arn', 'arn:aws:iam::123456789012:role/other', '--trust-policy', 'absent'],
    'identity',
    'fail',
    'IDENTITY_UNEXPECTED',
    2,
  ],
  [
    'another session',
    () => {},
    ['--session-name', 'ci-prod-other-a1b2c3d'],
    'identity',
    'fail',
    'IDENTITY_UNEXPECTED',
    3,
  ],
  [
    'a clock that is half an hour off',
    ({ state }) => {
      state.now = () => Date.now() + HALF_AN_HOUR;
    },
    [],
    'clock',
    'fail',
    'CLOCK_SKEWED',
    3,
  ],
  [
    'a clock that is two minutes off',
    ({ state }) => {
      state.now = () => Date.now() + 120_000;
    },
    [],
    'clock',
    'warn',
    undefined,
    0,
  ],
  [
    'a role that is gone',
    ({ state }) => {
      state.roles.clear();
    },
    [],
    'trust-policy',
    'fail',
    'ROLE_NOT_FOUND',
    5,
  ],
  ['a role of which nothing may be read', deny('GetRole'), [], 'trust-policy', 'skipped', undefined, 0],
  [
    'a role that does not trust the job',
    setRole(trustPolicy({ Null: { 'sts:RoleSessionName': 'true' } })),
    [],
    'trust-policy',
    'fail',
    'ASSUME_ROLE_DENIED',
    3,
  ],
  [
    'a channel that is gone',
    ({ state }) => {
      state.channels.clear();
    },
    [],
    'channel-status',
    'fail',
    'CHANNEL_NOT_FOUND',
    5,
  ],
  [
    'a channel of which nothing may be read',
    deny('GetChannel'),
    [],
    'channel-status',
    'skipped',
    undefined,
    0,
  ],
  [
    'a channel of a partner',
    setChannel({ source: 'GitHub' }),
    [],
    'channel-status',
    'fail',
    'CHANNEL_CLOSED',
    5,
  ],
  [
    'a channel that refused an event',
    setChannel({ ingestion: { lastSuccess: 1e12, lastAttempt: 1.1e12, lastError: 'InvalidData' } }),
    [],
    'channel-status',
    'warn',
    undefined,
    0,
  ],
  [
    'a channel that took the last event',
    setChannel({ ingestion: { lastSuccess: 1.2e12, lastAttempt: 1.2e12, lastError: 'InvalidData' } }),
    [],
    'channel-status',
    'ok',
    undefined,
    0,
  ],
  [
    'a store that is off',
    setStore({ status: 'STOPPED_INGESTION' }),
    [],
    'stores',
    'fail',
    'STORE_NOT_FOUND',
    5,
  ],
  [
    'a store that is gone',
    setChannel({
      stores: [
        'arn:aws:cloudtrail:eu-west-1:123456789012:eventdatastore/00000000-0000-4000-8000-000000000000',
      ],
    }),
    [],
    'stores',
    'fail',
    'STORE_NOT_FOUND',
    5,
  ],
  ['a store of which nothing may be read', deny('GetEventDataStore'), [], 'stores', 'skipped', undefined, 0],
  [
    'a store that can be deleted',
    setStore({ terminationProtected: false }),
    [],
    'stores',
    'warn',
    undefined,
    0,
  ],
  [
    'a log group that is gone',
    () => {},
    ['--log-group', '/absent', '--sink', 'lake'],
    'log-group',
    'fail',
    'LOG_GROUP_NOT_FOUND',
    5,
  ],
  [
    'a log group of which nothing may be read',
    deny('DescribeLogGroups'),
    ['--log-group', '/d', '--sink', 'lake'],
    'log-group',
    'skipped',
    undefined,
    0,
  ],
  [
    'a bucket of markers that is gone',
    () => {},
    ['--bucket', 's3://acme-absent/markers', '--sink', 'lake'],
    'bucket',
    'fail',
    'BUCKET_NOT_FOUND',
    5,
  ],
  [
    'a bucket of markers that may not be listed',
    deny('ListObjectsV2'),
    ['--bucket', 's3://acme-deploys/markers', '--sink', 'lake'],
    'bucket',
    'skipped',
    undefined,
    0,
  ],
  ['event history that may not be read', deny('LookupEvents'), [], 'event-history', 'skipped', undefined, 0],
];
