import { describe, expect, it } from 'vitest';
import { matchesAny } from '../../../src/core/base/pattern.ts';
import type { Change, RoleChain } from '../../../src/core/change/change.ts';
import { createRecordReader } from '../../../src/core/change/record.ts';
import { KNOWN_SERVICES } from '../../../src/core/services/known.ts';
import { athenaMarkersSql } from '../../../src/core/sql/athena-markers.ts';
import { athenaRecordsSql, type RecordsQuery } from '../../../src/core/sql/athena-records.ts';
import { makeWorld } from '../../trail-world/world.ts';
import { sampleMarker } from '../../unit/core/marker/sample-marker.ts';
import type { Row } from '../lake/dialect.ts';
import { change } from '../lake/scene.ts';
import { type AthenaTables, openAthenaTables } from './dialect.ts';

const RANGE = { from: Date.parse('2025-12-14T00:00:00Z'), until: Date.parse('2025-12-15T00:00:00Z') };
const ALL = { services: ['lambda', 'cloudformation'], regions: [], accounts: [], late: 6 * 3_600_000 };

/** NULL cells are left out, as in the answer of GetQueryResults. */
function toCells(row: Row): Record<string, string> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
  );
}

async function recordsOf(athena: AthenaTables, query: Partial<RecordsQuery> = {}): Promise<unknown[]> {
  const { statement, columns, toRecord } = athenaRecordsSql(athena.changeTable, {
    ...RANGE,
    ...ALL,
    ...query,
  });
  const rows = await athena.run(statement);
  for (const row of rows) expect(Object.keys(row)).toEqual(columns);
  return rows.map(row => toRecord(toCells(row)));
}

function readAll(
  records: readonly unknown[],
  services: readonly string[] | 'all',
  humanRoles: readonly string[],
) {
  const changes = new Map<string, Change>();
  const chains = new Set<string>();
  const unread: unknown[] = [];
  const read = createRecordReader(
    { services, isHumanRole: matchesAny(humanRoles) },
    {
      change: each => changes.set(each.id, each),
      chain: (each: RoleChain) => chains.add(JSON.stringify(each)),
      unread: each => unread.push(each),
    },
  );
  for (const record of records) read(record);
  return { changes, chains, unread };
}

describe('records out of AWS’s own table', () => {
  it.each([
    [1, ['lambda', 'cloudformation']],
    [2, KNOWN_SERVICES],
    [3, 'all'],
  ] as const)('are read as they were in the world of seed %i', async (seed, services) => {
    const world = makeWorld({ seed, copies: 2 });
    const athena = await openAthenaTables();
    await athena.addChanges(world.records);
    const found = await recordsOf(athena, {
      from: world.options.now - 60 * 86_400_000,
      until: world.options.now + 3_600_000,
      services,
    });
    const humanRoles = world.options.humanRoles ?? [];
    const expected = readAll(world.records, services, humanRoles);
    expect(expected.changes.size).toBeGreaterThan(100);
    expect(readAll(found, services, humanRoles)).toEqual(expected);
  });

  it('are all that may be a change, and who assumed a role', async () => {
    const sts = { eventSource: 'sts.amazonaws.com', readOnly: true, requestParameters: null };
    const wanted = [
      change('write'),
      change('failed', { errorCode: 'AccessDenied', requestParameters: null }),
      change('china', { eventSource: 'lambda.amazonaws.com.cn' }),
      change('spelt', { eventSource: ' Lambda.amazonaws.com' }),
      change('no flag', { readOnly: undefined }),
      change('role', { ...sts, eventName: 'AssumeRoleWithWebIdentity' }),
      change('no source', { eventSource: undefined }),
      change('no time', { eventTime: 'soon' }),
    ];
    const unwanted = [
      change('who', { ...sts, eventName: 'GetCallerIdentity' }),
      change('read', { readOnly: true }),
      change('other service', { eventSource: 's3.amazonaws.com' }),
      change('later', { eventTime: '2025-12-15T00:00:00Z' }),
      change('earlier', { eventTime: '2025-12-13T23:59:59Z' }),
    ];
    const athena = await openAthenaTables();
    await athena.addChanges([...wanted, ...unwanted], '2025-12-14');
    expect(await recordsOf(athena)).toMatchObject(
      wanted.map(each => ({ eventID: Reflect.get(each, 'eventID') })),
    );
  });

  it('are found where they were delivered late, and no day is read that they cannot be in', async () => {
    const athena = await openAthenaTables();
    await athena.addChanges([change('late', { eventTime: '2025-12-14T23:59:00Z' })], '2025-12-15');
    await athena.addChanges([change('out of place')], '2025-12-16');
    expect(await recordsOf(athena)).toMatchObject([{ eventID: 'late' }]);
  });

  it('keep names, nested requests, resources and whatever hides in texts', async () => {
    const record = change('whole', {
      requestParameters: { functionName: 'a', tags: { "it's": ['"quoted"', '\n', null, 1, true] } },
      responseElements: { functionArn: 'arn' },
      resources: [{ ARN: 'arn:aws:lambda:eu-west-1:123456789012:function:a', accountId: '123456789012' }],
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROA:jane',
        arn: 'arn:aws:sts::123456789012:assumed-role/deploy/jane',
        accountId: '123456789012',
        onBehalfOf: { userId: 'u', identityStoreArn: 'x' },
        sessionContext: {
          sessionIssuer: { type: 'Role', userName: 'deploy', arn: 'arn:aws:iam::1:role/deploy' },
        },
      },
      sessionCredentialFromConsole: 'true',
    });
    const athena = await openAthenaTables();
    await athena.addChanges([record]);
    const [found] = await recordsOf(athena);
    expect(found).toEqual({
      ...record,
      responseElements: { functionArn: 'arn' },
      resources: [{ arn: 'arn:aws:lambda:eu-west-1:123456789012:function:a' }],
      managementEvent: undefined,
      userIdentity: {
        type: 'AssumedRole',
        principalId: 'AROA:jane',
        arn: 'arn:aws:sts::123456789012:assumed-role/deploy/jane',
        accountId: '123456789012',
        onBehalfOf: { userId: 'u' },
        sessionContext: {
          sessionIssuer: { type: 'Role', userName: 'deploy', arn: 'arn:aws:iam::1:role/deploy' },
        },
      },
    });
  });
});

describe('markers out of our table', () => {
  it('are rebuilt as they were, labels too', async () => {
    const athena = await openAthenaTables();
    const labelled = sampleMarker({ uid: 'u2', labels: { stack: "it's" } });
    const { explains: _, ...plain } = sampleMarker();
    const old = sampleMarker({ uid: 'u3', deployed_at: '2025-12-01T08:00:00Z' });
    await athena.addMarkers([plain, labelled, old]);
    const { statement, columns, toMarker } = athenaMarkersSql(athena.markerTable, RANGE);
    const rows = await athena.run(statement);
    for (const row of rows) expect(Object.keys(row)).toEqual(columns);
    expect(rows.map(row => toMarker(toCells(row)).value)).toEqual([plain, labelled]);
  });
});
