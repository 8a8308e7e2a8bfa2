import { describe, expect, test } from 'vitest';
import { CHANGE_TABLE } from '../../fakes/athena/athena-tables.ts';
import { withAwsServer } from '../emit/scene.ts';
import { diagnose, type ToldCheck } from './scene.ts';

const TABLES = ['--markers', 'athena:deploys.markers', '--changes', 'athena:deploys.cloudtrail_logs_pp'];

const tablesIn = (checks: readonly ToldCheck[]): ToldCheck[] =>
  checks.filter(({ name }) => name === 'tables');

describe('doctor and tables of Athena', () => {
  test('tells nothing of tables where none is set', async () => {
    expect(tablesIn((await diagnose([])).checks)).toEqual([]);
  });

  test('holds their names to their form, offline', async () => {
    const good = await diagnose(TABLES);
    expect(tablesIn(good.checks)).toMatchObject([
      { status: 'ok', summary: 'athena:deploys.markers; athena:deploys.cloudtrail_logs_pp' },
    ]);
    const bad = await diagnose(['--change-table', 'cloudtrail']);
    expect(tablesIn(bad.checks)).toMatchObject([{ status: 'fail', code: 'USAGE' }]);
    expect(bad.code).toBe(2);
  });

  test('asks the catalogue, online, and runs no query', () =>
    withAwsServer(async server => {
      const { checks } = await diagnose(
        ['--online', ...TABLES, '--change-table', 'deploys.cloudtrail_logs_pp'],
        {
          env: server.env(),
        },
      );
      expect(tablesIn(checks)).toMatchObject([
        { status: 'ok', summary: 'athena:deploys.markers exists, and has what is read of markers' },
        {
          status: 'ok',
          summary: 'athena:deploys.cloudtrail_logs_pp exists, and has what is read of changes',
        },
      ]);
      expect(server.state.athena.queries.size).toBe(0);
    }));

  test('names what is wrong with them', () =>
    withAwsServer(async server => {
      const columns = new Map([...CHANGE_TABLE.columns].filter(([name]) => name !== 'sharedeventid'));
      server.state.athena.tables.set('deploys.old', { ...CHANGE_TABLE, table: 'old', columns });
      const named = ['none', 'markers', 'old'].flatMap(name => ['--changes', `athena:deploys.${name}`]);
      const { checks, code } = await diagnose(['--online', ...named], { env: server.env() });
      expect(tablesIn(checks)).toMatchObject([
        { status: 'fail', code: 'TABLE_NOT_FOUND' },
        { status: 'fail', code: 'TABLE_UNSUITABLE' },
        { status: 'warn', summary: 'athena:deploys.old has no sharedeventid: answers are incomplete' },
      ]);
      expect(code).toBe(7);
    }));

  test('looks at the log group of a trail, too', () =>
    withAwsServer(
      async server => {
        const { checks } = await diagnose(['--online', '--changes', 'logs:trail'], { env: server.env() });
        expect(checks).toContainEqual(
          expect.objectContaining({ name: 'log-group', summary: expect.stringContaining('trail exists') }),
        );
      },
      { logGroups: ['trail'] },
    ));
});
