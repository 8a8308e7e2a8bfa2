import { describe, expect, test } from 'vitest';
import { athenaCorrelationSql, columnsMissedBy } from '../../../../src/core/sql/athena-correlation.ts';
import { awsRecordsLayout, markersLayout } from '../../../../src/core/sql/athena-layouts.ts';

const MARKERS = markersLayout({ database: 'deploys', table: 'markers' });
const CHANGES = awsRecordsLayout({ database: 'deploys', table: 'logs' }, 'timestamp');

function statementWithout(column: string): string {
  const columns = new Map([...CHANGES.columns].filter(([name]) => name !== column));
  return athenaCorrelationSql({
    markerTable: MARKERS,
    changeTable: { ...CHANGES, columns },
    range: { from: 0, until: 1 },
    late: 0,
    before: 0,
    after: 0,
  });
}

describe('the statement over tables of Athena', () => {
  test('asks for columns that the table has', () => {
    const statement = statementWithout('');
    const names = statement.match(/(?<=changes AS \(SELECT )[\s\S]*?(?=\n FROM)/)?.[0] ?? '';
    const read = [...CHANGES.columns.keys()].filter(name => new RegExp(`\\b${name}\\b`).test(names));
    expect(read.toSorted()).toEqual(
      [
        ...['awsregion', 'errorcode', 'eventcategory', 'eventid', 'eventname', 'eventsource', 'eventtime'],
        'eventtype',
        ...['readonly', 'recipientaccountid', 'requestparameters', 'responseelements'],
        ...['sessioncredentialfromconsole', 'sourceipaddress', 'useridentity'],
      ].toSorted(),
    );
  });

  test.each([
    ...['awsregion', 'errorcode', 'eventid', 'eventname', 'eventsource', 'eventtime', 'readonly'],
    ...['recipientaccountid', 'requestparameters', 'responseelements', 'sourceipaddress', 'useridentity'],
  ])('is not made without %s', column => {
    expect(() => statementWithout(column)).toThrow(
      expect.objectContaining({ code: 'TABLE_UNSUITABLE', message: expect.stringContaining(column) }),
    );
  });

  test.each(['sessioncredentialfromconsole', 'eventcategory', 'eventtype'])(
    'does without %s, which is told',
    column => {
      expect(statementWithout(column)).toContain('CAST(NULL AS varchar)');
      const columns = new Map([...CHANGES.columns].filter(([name]) => name !== column));
      expect(columnsMissedBy({ ...CHANGES, columns })).toEqual([column]);
    },
  );
});
