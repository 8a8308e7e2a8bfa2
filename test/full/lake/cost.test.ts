import { expect, it } from 'vitest';
import { correlationSql } from '../../../src/core/sql/correlation.ts';
import { type LakeTables, openLakeTables } from './dialect.ts';

// The changes of the first deploy come four minutes before it.
const RANGE = { from: Date.parse('2025-11-30T23:00:00Z'), until: Date.parse('2025-12-31T00:00:00Z') };

/**
 * So many deploys of ten functions over a month, with ten changes each, of which four are somebody else's. So many deploys one after
 * another have the same session.
 */
async function fill(lake: LakeTables, deploys: number, sharing = 1): Promise<void> {
  const at = `timestamp '2025-12-01' + i * (interval 30 day / ${deploys})`;
  const time = (minutes: number): string =>
    `strftime(${at} + interval (${minutes}) minute, '%Y-%m-%dT%H:%M:%SZ')`;
  await lake.run(`INSERT INTO ${lake.markerStore} (eventtime, eventdata) SELECT ${at}, {
    'eventsource': 'deploymarker.internal', 'eventname': 'DeployMarker', 'uid': 'uid-' || i,
    'requestparameters': MAP {'deploy_id': 'deploy-' || i, 'component': 'lambda:f' || (i % 10), 'status': 'success',
      'git_sha': 'a1b2c3d', 'role_session_name': 'ci-' || (i // ${sharing}), 'role_arn': 'arn:aws:iam::123456789012:role/deploy', 'started_at': ${time(-5)}, 'deployed_at': ${time(0)}, 'recorded_at': ${time(0)}}}
    FROM range(${deploys}) AS r(i)`);
  await lake.run(`INSERT INTO ${lake.changeStore} (eventid, eventtime, eventsource, eventname, readonly, awsregion,
    recipientaccountid, useridentity, requestparameters) SELECT i || '-' || n, ${at} - interval 4 minute,
    'lambda.amazonaws.com', 'UpdateFunctionCode20150331v2', false, 'eu-west-1', '123456789012',
    {'type': 'AssumedRole', 'arn': 'arn:aws:sts::123456789012:assumed-role/deploy/' || CASE WHEN n < 6 THEN 'ci-' || (i // ${sharing}) ELSE 'jane' END},
    MAP {'functionName': 'f' || (i % 10)} FROM range(${deploys}) AS r(i), range(10) AS s(n)`);
}

function statementFor({ markerStore, changeStore }: LakeTables): string {
  return correlationSql({ markerStore, changeStore, range: RANGE, before: 120_000, after: 600_000 });
}

it('joins by hashing alone: no nested loop, no product', async () => {
  const lake = await openLakeTables();
  await fill(lake, 100);
  const [row] = await lake.run(`EXPLAIN ${statementFor(lake)}`);
  const plan = String(row?.['explain_value']);
  expect(plan).toContain('HASH_JOIN');
  expect(plan).not.toMatch(/NESTED|BLOCKWISE|CROSS|PRODUCT|PIECEWISE|IE_JOIN|DELIM|POSITIONAL|ASOF/);
});

it.each([
  ['have sessions of their own', 1],
  ['share a session by the hundred', 100],
])('takes time in proportion to the rows where deploys %s', async (_, sharing) => {
  const measure = async (deploys: number): Promise<number> => {
    const lake = await openLakeTables();
    await fill(lake, deploys, sharing);
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const begun = performance.now();
      const [counts] = await lake.run(`SELECT count(*) AS n FROM (${statementFor(lake)})`);
      times.push(performance.now() - begun);
      expect(Number(counts?.['n'])).toBeGreaterThanOrEqual(deploys * 10);
    }
    return Math.min(...times);
  };
  const small = await measure(1_000);
  const large = await measure(8_000);
  // A product of the rows would take 64 times as long.
  expect(large / small).toBeLessThan(24);
});
