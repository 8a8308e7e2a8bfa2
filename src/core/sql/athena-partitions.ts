import type { TimeRange } from '../time/range.ts';
import { DAY_COLUMNS } from './athena-layouts.ts';
import { type TableLayout, unsuitable } from './athena-table.ts';
import { literal } from './lake.ts';

const DAY_MS = 86_400_000;

/** What of a table is to be read. */
export interface PartitionQuery {
  /** Both days are read as a whole. */
  readonly range: TimeRange;
  /** Only these, where the table is divided by them; empty for all. */
  readonly regions: readonly string[];
  readonly accounts: readonly string[];
}

const REGIONS: readonly string[] = ['region', 'awsregion', 'aws_region'];
const ACCOUNTS: readonly string[] = ['account', 'accountid', 'account_id'];

/** Ways to write a day, by the projection's format. */
const FORMATS: Readonly<Record<string, (day: string) => string>> = {
  'yyyy/MM/dd': day => day.replaceAll('-', '/'),
  'yyyy-MM-dd': day => day,
  yyyyMMdd: day => day.replaceAll('-', ''),
};

/**
 * Tests that lead Athena to the partitions that are wanted, which is what its price goes by: literals alone.
 *
 * Known are the names of AWS's own table and of others that are common: a day, or year, month and day; a Region; an account.
 *
 * @throws DeployMarkerError TABLE_UNSUITABLE where nothing divides the table by days, or where a partition has to be named that nobody
 *   has named
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html
 */
export function partitionTests(layout: TableLayout, { range, regions, accounts }: PartitionQuery): string[] {
  const tests = [dayTest(layout, range)];
  for (const name of layout.partitions.keys()) {
    const isRegion = REGIONS.includes(name);
    const values = isRegion ? regions : ACCOUNTS.includes(name) ? accounts : [];
    if (values.length > 0) tests.push(`"${name}" IN (${values.map(literal).join(', ')})`);
    else if (layout.parameters.get(`projection.${name}.type`) === 'injected') {
      const flag = isRegion ? ', with --region' : ACCOUNTS.includes(name) ? ', with --account' : '';
      throw unsuitable(
        layout,
        `wants the partition ${name} to be named${flag}: its projection is "injected"`,
      );
    }
  }
  return tests;
}

/**
 * What of a trail is not read for the way in which the table is divided, one line each: other Regions and accounts than those that were
 * named, or than the table itself knows.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html (enum)
 */
export function leftOutBy(
  layout: TableLayout,
  { regions, accounts }: Pick<PartitionQuery, 'regions' | 'accounts'>,
): string[] {
  const kinds = [
    { what: 'Regions', flag: '--region', names: REGIONS, named: regions },
    { what: 'accounts', flag: '--account', names: ACCOUNTS, named: accounts },
  ];
  return kinds.flatMap(({ what, flag, names, named }) => {
    const name = [...layout.partitions.keys()].find(each => names.includes(each));
    const known = layout.parameters.get(`projection.${name}.values`);
    if (name === undefined || (named.length === 0 && known === undefined)) return [];
    if (named.length > 0) return [`${what} other than ${named.join(', ')} (${flag}) were not read`];
    return [
      `${what} other than ${known?.replaceAll(',', ', ')} are not in the table (projection.${name}.values)`,
    ];
  });
}

function dayTest(layout: TableLayout, { from, until }: TimeRange): string {
  const first = dayOf(from);
  const last = dayOf(Math.max(from, until - 1));
  if (['year', 'month', 'day'].every(name => layout.partitions.has(name))) {
    return dateTest(layout, daysBetween(first, last));
  }
  const name = DAY_COLUMNS.find(each => layout.partitions.has(each));
  if (name === undefined) {
    const names = [...layout.partitions.keys()];
    const told = names.length === 0 ? 'none' : names.join(', ');
    throw unsuitable(layout, `is not divided by days: its partitions are ${told}`);
  }
  const type = layout.partitions.get(name) ?? '';
  const column = `"${name}"`;
  if (type === 'date') return `${column} BETWEEN date '${first}' AND date '${last}'`;
  const told = layout.parameters.get(`projection.${name}.format`);
  if (told === undefined) {
    // Without projection nobody says how a day is written.
    const spellings = Object.values(FORMATS);
    const days = daysBetween(first, last).flatMap(day => spellings.map(spell => literal(spell(day))));
    return `${column} IN (${days.join(', ')})`;
  }
  const spell = Object.hasOwn(FORMATS, told) ? FORMATS[told] : undefined;
  if (spell === undefined) throw unsuitable(layout, `writes the partition ${name} as ${told}`);
  return `${column} BETWEEN ${literal(spell(first))} AND ${literal(spell(last))}`;
}

/** Year, month and day apart, as numbers or texts, with or without a zero before them. */
function dateTest(layout: TableLayout, days: readonly string[]): string {
  const byMonth = new Map<string, string[]>();
  for (const day of days)
    byMonth.set(day.slice(0, 7), [...(byMonth.get(day.slice(0, 7)) ?? []), day.slice(8)]);
  const among = (name: string, numbers: readonly string[]): string => {
    const isNumber = /int$/.test(layout.partitions.get(name) ?? '');
    const values = numbers.flatMap(text =>
      isNumber ? [`${Number(text)}`] : [...new Set([text, `${Number(text)}`])].map(literal),
    );
    return `"${name}" IN (${values.join(', ')})`;
  };
  const months = [...byMonth].map(([month, own]) => {
    const [year = '', number = ''] = month.split('-');
    return `${among('year', [year])} AND ${among('month', [number])} AND ${among('day', own)}`;
  });
  return months.length === 1 ? months.join('') : `(${months.map(month => `(${month})`).join(' OR ')})`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let time = Date.parse(first); time <= Date.parse(last); time += DAY_MS) days.push(dayOf(time));
  return days;
}
