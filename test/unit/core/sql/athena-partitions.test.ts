import { describe, expect, test } from 'vitest';
import { QUERY_FLAGS } from '../../../../src/commands/query/query.flags.ts';
import { splitColumns } from '../../../../src/core/sql/athena-columns.ts';
import { DAY_COLUMNS } from '../../../../src/core/sql/athena-layouts.ts';
import { leftOutBy, partitionTests } from '../../../../src/core/sql/athena-partitions.ts';
import {
  checkAthenaStatement,
  parseTableName,
  type TableLayout,
} from '../../../../src/core/sql/athena-table.ts';

const range = { from: Date.parse('2025-12-30T08:00:00Z'), until: Date.parse('2026-01-02T00:00:00Z') };
const ALL = { range, regions: [], accounts: [] };

function layout(
  partitions: Readonly<Record<string, string>>,
  parameters: Readonly<Record<string, string>> = {},
  columns: Readonly<Record<string, string>> = {},
): TableLayout {
  const toMap = (of: object) => new Map(Object.entries(of));
  return {
    database: 'd',
    table: 't',
    columns: toMap(columns),
    partitions: toMap(partitions),
    parameters: toMap(parameters),
  };
}

describe('partitions are named by literals', () => {
  test.each([
    ['yyyy/MM/dd', "\"dt\" BETWEEN '2025/12/30' AND '2026/01/01'"],
    ['yyyy-MM-dd', "\"dt\" BETWEEN '2025-12-30' AND '2026-01-01'"],
    ['yyyyMMdd', "\"dt\" BETWEEN '20251230' AND '20260101'"],
  ])('a day as %s', (format, expected) => {
    expect(partitionTests(layout({ dt: 'string' }, { 'projection.dt.format': format }), ALL)).toEqual([
      expected,
    ]);
  });

  test('a day as a date', () => {
    expect(partitionTests(layout({ date: 'date' }), ALL)).toEqual([
      "\"date\" BETWEEN date '2025-12-30' AND date '2026-01-01'",
    ]);
  });

  test('a day of which nobody says how it is written, in every way', () => {
    const [test] = partitionTests(layout({ day: 'string' }), ALL);
    for (const day of ['2025/12/30', '2025-12-31', '20260101']) expect(test).toContain(`'${day}'`);
    expect(test).not.toContain('2026/01/02');
  });

  test('year, month and day, with and without a zero, and as numbers', () => {
    const texts = layout({ region: 'string', year: 'string', month: 'string', day: 'string' });
    expect(partitionTests(texts, ALL)).toEqual([
      `(("year" IN ('2025') AND "month" IN ('12') AND "day" IN ('30', '31')) OR ("year" IN ('2026') AND "month" IN ('01', '1') AND "day" IN ('01', '1')))`,
    ]);
    const numbers = layout({ year: 'int', month: 'int', day: 'smallint' });
    const day = { from: range.from, until: range.from + 1 };
    expect(partitionTests(numbers, { ...ALL, range: day })).toEqual([
      '"year" IN (2025) AND "month" IN (12) AND "day" IN (30)',
    ]);
  });

  test('an empty range is the day that it lies in', () => {
    const empty = { from: range.from, until: range.from };
    expect(partitionTests(layout({ date: 'date' }), { ...ALL, range: empty })).toEqual([
      "\"date\" BETWEEN date '2025-12-30' AND date '2025-12-30'",
    ]);
  });

  test('Regions and accounts that are named, by whatever name the table has for them', () => {
    const table = layout({ date: 'date', aws_region: 'string', accountid: 'string', org: 'string' });
    expect(partitionTests(table, { range, regions: ['eu-west-1'], accounts: ["1'2"] }).slice(1)).toEqual([
      `"aws_region" IN ('eu-west-1')`,
      `"accountid" IN ('1''2')`,
    ]);
    expect(partitionTests(table, ALL)).toHaveLength(1);
  });

  test.each([
    ['region', '--region'],
    ['account', '--account'],
    ['org', 'org'],
  ])('%s that has to be named, and is not, is refused', (name, told) => {
    const table = layout({ date: 'date', [name]: 'string' }, { [`projection.${name}.type`]: 'injected' });
    expect(() => partitionTests(table, ALL)).toThrow(told);
  });

  test('what is not read for it is told', () => {
    const table = layout({ region: 'string' }, { 'projection.region.values': 'a,b' });
    expect(leftOutBy(table, ALL)).toEqual([
      'Regions other than a, b are not in the table (projection.region.values)',
    ]);
    expect(leftOutBy(table, { regions: ['a'], accounts: ['1'] })).toEqual([
      'Regions other than a (--region) were not read',
    ]);
    expect(leftOutBy(layout({ region: 'string' }), ALL)).toEqual([]);
  });
});

test('the flag names every column of days that is known', () => {
  expect(QUERY_FLAGS['day-column'].choices).toEqual(DAY_COLUMNS);
});

describe('columns', () => {
  const type =
    'struct<type:string,session:struct<issuer:struct<arn:string>,tags:map<string,string>>,n:decimal(3,1)>';

  test('are found within structs', () => {
    const wanted = ['u.type', 'u.session.issuer.arn', 'u.session.none', 'u.none.arn', 'none'].map(name => ({
      name,
    }));
    const { there, missing } = splitColumns(layout({}, {}, { u: type }), wanted);
    expect(there.map(({ name }) => name)).toEqual(['u.type', 'u.session.issuer.arn']);
    expect(missing.map(({ name }) => name)).toEqual(['u.session.none', 'u.none.arn', 'none']);
  });

  test('of another type, or missing where needed, are refused', () => {
    const table = layout({}, {}, { u: type, v: 'varchar(10)' });
    expect(() => splitColumns(table, [{ name: 'u.n' }])).toThrow('u.n as decimal(3,1)');
    expect(() => splitColumns(table, [{ name: 'w', isNeeded: true }])).toThrow('athena:d.t has no column w');
    expect(splitColumns(table, [{ name: 'v' }]).there).toHaveLength(1);
  });
});

describe('a table', () => {
  test('is a database and a name, in lower case', () => {
    expect(parseTableName('Deploys.Cloud-Trail_1', '--x')).toEqual({
      database: 'deploys',
      table: 'cloud-trail_1',
    });
  });

  test.each(['t', 'a.b.c', '.t', 'a.', 'a.b"', "a.b'", 'a b.c', ''])('is not %j', text => {
    expect(() => parseTableName(text, '--change-table')).toThrow('--change-table must be DATABASE.TABLE');
  });

  test('is asked by no statement that Athena does not take', () => {
    expect(checkAthenaStatement('x'.repeat(262_144))).toHaveLength(262_144);
    expect(() => checkAthenaStatement('x'.repeat(262_145))).toThrow('262145 characters');
  });
});
